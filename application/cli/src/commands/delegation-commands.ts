import { z } from 'zod';
import {
  type Delegation,
  delegationIdSchema,
  delegationScopes,
  delegationScopesSchema,
  idNonceSchema,
  mspIdSchema,
  pseudonymSchema,
  sha256Schema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { list } from '../inputs';
import { openOwnWallet } from '../ledger/own-wallet';
import { soleOf } from '../ledger/pseudonym';
import { momentText, parseMoment } from '../moment';
import { type Block, fields, outcome, table } from '../outcome';
import { transact } from '../transact';
import { nextPage, pageInput, pageRequest } from './paging';
import { flag, label } from './vocabulary';
import { choicesText, stateText, wordsText, wordText } from './words';

const words = {
  delegation: { en: 'delegation', zh: '代理编号' },
  basis: { en: 'by which right', zh: '依据' },
  scopes: { en: 'scopes', zh: '代理范围' },
  nextKeyHash: { en: 'next key hash', zh: '下一密钥哈希' },
  lastCommand: { en: 'last acted', zh: '最近办理' },
};
const delegationArgument = { term: '<delegation>', text: { en: 'the delegation', zh: '代理编号' } };
const forWhom: Flag = {
  flags: '--pseudonym <id>',
  text: { en: 'the patient for whom (left out: the wallet’s own only one)', zh: '被代理的患者假名（默认钱包中自己唯一的假名）' },
};
/** What the delegate's wallet has made. */
const offerFlags: readonly Flag[] = [
  { flags: '--delegation <id>', text: { en: 'the id that the delegate’s wallet has made', zh: '代理人钱包生成的编号' }, required: true },
  { flags: '--nonce <nonce>', text: { en: 'from which the id is derived', zh: '派生编号所用的随机数' }, required: true },
  { flags: '--next-key-hash <hash>', text: { en: 'hash of the delegate’s first key', zh: '代理人首个密钥的哈希' }, required: true },
  {
    flags: '--scopes <list>',
    text: { en: `of ${delegationScopes.join(', ')}`, zh: `代理范围，取自 ${choicesText(delegationScopes)}` },
    required: true,
  },
  {
    flags: '--until <moment>',
    text: {
      en: 'the end, at most five years ahead: a date (its end, where you are), an instant, or +90d',
      zh: '截止时间，最长五年：日期（当地当日结束）、时刻，或 +90d',
    },
    required: true,
  },
];
const offerInput = {
  delegation: delegationIdSchema,
  nonce: idNonceSchema,
  nextKeyHash: sha256Schema,
  scopes: list(z.enum(delegationScopes)).pipe(delegationScopesSchema),
  until: z.string(),
};
const keyInput = { delegation: delegationIdSchema, pseudonym: pseudonymSchema.optional() };

export const delegationCommands: readonly CommandSpec[] = [
  command({
    name: 'offer',
    summary: { en: 'make keys with which to act for somebody; who appoints needs the values', zh: '生成代理密钥；各值交给指定代理的一方' },
    detail: {
      en: 'The keys stay in the wallet of whoever acts, apart from their own pseudonyms. Until the patient has appointed, they are good for nothing. Afterwards every command with --pseudonym PSEUDONYM acts for that patient, who finds in the audit who has acted.',
      zh: '密钥保存在代理人的钱包中，与其自己的假名分开。患者指定之前无任何效力；此后凡带 --pseudonym PSEUDONYM 的命令均代该患者办理，患者可在审计中看到由谁办理。',
    },
    example: '--pseudonym PSEUDONYM --hospital HospitalAMSP --as patient',
    hasNoDryRun: true,
    flags: [
      { flags: '--pseudonym <id>', text: { en: 'the patient for whom', zh: '被代理的患者假名' }, required: true },
      {
        flags: '--hospital <msp-id>',
        text: { en: 'the pseudonym’s hospital (that of the profile)', zh: '假名所属医院（默认身份配置中的机构）' },
      },
    ],
    input: z.object({ pseudonym: pseudonymSchema, hospital: mspIdSchema.optional() }),
    run: async (call, { pseudonym, hospital }) => {
      const { profile } = call.actorOf('patient');
      const mspId = hospital ?? mspIdSchema.parse(profile.mspId);
      const offer = await (await openOwnWallet(call)).addDelegation(pseudonym, mspId);
      const shown = fields([
        [label.organisation, mspId],
        [label.pseudonym, pseudonym],
        [words.delegation, offer.delegationId],
        [label.nonce, offer.nonce],
        [words.nextKeyHash, offer.nextKeyHash],
      ]);
      return outcome({ mspId, ...offer }, shown);
    },
  }),
  command({
    name: 'appoint',
    summary: { en: 'appoint who may act for you, in what and until when (patient)', zh: '指定代理人及其范围和期限（患者）' },
    detail: {
      en: 'The values come from who will act: `lianyi delegation offer`. Nobody but you appoints, ends your relationships for ever, lifts what you have forbidden, or opens again what you have closed.',
      zh: '各值由代理人提供：`lianyi delegation offer`。指定代理、永久终止关系、解除您的禁止、恢复您暂停的关系，只能由您本人办理。',
    },
    example: '--delegation DELEGATION --nonce NONCE --next-key-hash HASH --scopes consents,view --until +90d --as patient',
    flags: [flag.ownPseudonym, ...offerFlags],
    input: z.object({ pseudonym: pseudonymSchema.optional(), ...offerInput }),
    run: async (call, { pseudonym, delegation, until, ...offer }) =>
      transact(
        call,
        transactions.AppointDelegate,
        {
          ...{ pseudonym: await soleOf(call, pseudonym), delegationId: delegation, ...offer },
          validUntil: parseMoment(until, call.terminal, 'end'),
        },
        showState,
      ),
  }),
  command({
    name: 'end',
    summary: {
      en: 'end a delegation for ever (patient; who acts; of a parent’s, a registrar)',
      zh: '永久终止代理（患者、代理人；父母代理亦可由登记员）',
    },
    example: 'DELEGATION --as patient',
    arguments: [delegationArgument],
    flags: [forWhom],
    input: z.object(keyInput),
    run: async (call, input) => transact(call, transactions.EndDelegation, await keyOf(call, input), showState),
  }),
  command({
    name: 'show',
    summary: { en: 'show a delegation', zh: '显示代理关系' },
    example: 'DELEGATION --pseudonym PSEUDONYM --as registrar',
    arguments: [delegationArgument],
    flags: [forWhom],
    input: z.object(keyInput),
    run: async (call, input) =>
      transact(call, transactions.GetDelegation, await keyOf(call, input), (delegation) => [
        fields([
          [label.pseudonym, delegation.pseudonym],
          [words.delegation, delegation.delegationId],
          [words.basis, wordText(delegation.basis)],
          [words.scopes, wordsText(delegation.scopes)],
          [label.state, stateText(delegation.state)],
          [label.until, momentText(delegation.validUntil, call.terminal)],
          [label.since, delegation.createdAt],
          [label.changed, delegation.changedAt],
          [words.lastCommand, delegation.lastCommand?.at],
        ]),
      ]),
  }),
  command({
    name: 'list',
    summary: { en: 'who acts or has acted for a patient (patient, registrar)', zh: '谁在代理或曾代理该患者（患者、登记员）' },
    example: '--as patient',
    flags: [flag.ownPseudonym, flag.limit, flag.after],
    input: z.object({ pseudonym: pseudonymSchema.optional(), ...pageInput }),
    run: async (call, { pseudonym, ...page }) =>
      transact(
        call,
        transactions.ListDelegations,
        { pseudonym: await soleOf(call, pseudonym), ...pageRequest(page) },
        ({ items, next }) => [
          table([words.delegation, words.basis, words.scopes, label.state, label.until, words.lastCommand], items.map(rowOf(call))),
          ...nextPage(next),
        ],
      ),
  }),
];

const rowOf =
  ({ terminal }: CommandCall) =>
  ({ delegationId, basis, scopes, state, validUntil, lastCommand }: Delegation) => [
    ...[delegationId, wordText(basis), wordsText(scopes), stateText(state)],
    ...[momentText(validUntil, terminal), lastCommand?.at],
  ];

async function keyOf(call: CommandCall, { delegation, pseudonym }: z.output<z.ZodObject<typeof keyInput>>) {
  return { pseudonym: await soleOf(call, pseudonym), delegationId: delegation };
}

function showState(result: { readonly pseudonym: string; readonly delegationId: string; readonly state: string }): readonly Block[] {
  return [
    fields([
      [label.pseudonym, result.pseudonym],
      [words.delegation, result.delegationId],
      [label.state, stateText(result.state)],
    ]),
  ];
}
