import { resolve } from 'node:path';
import { z } from 'zod';
import { newSalt } from '@lianyi/client';
import {
  comesOfAgeAt,
  type Delegation,
  delegationIdSchema,
  DomainError,
  encodeBase64url,
  evidenceCommitment,
  guardianshipEvidenceSchema,
  type Instant,
  instantOf,
  mspIdSchema,
  pseudonymSchema,
  saltSchema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { parsedFile } from '../inputs';
import { openOwnWallet } from '../ledger/own-wallet';
import { soleOf } from '../ledger/pseudonym';
import { momentText, parseMoment } from '../moment';
import { fields, outcome, table } from '../outcome';
import { writeNewFile } from '../private-folder';
import { transact } from '../transact';
import { confirmDetail, confirmFlags, confirmInput, confirmShown } from './confirm-delegation';
import { courtCommands } from './court-commands';
import { delegationArgument, delegationWords, evidenceFlag, offerFlags, offerInput, showDelegationState } from './delegation-offer';
import { ownPage, ownPageFlags, ownPageInput, restOfPage } from './paging';
import { flag, label } from './vocabulary';
import { stateText, wordsText, wordText } from './words';

const forWhom: Flag = {
  flags: '--pseudonym <id>',
  text: { en: 'the patient for whom (left out: the wallet’s own only one)', zh: '被代理的患者假名（默认钱包中自己唯一的假名）' },
};
const untilOfParent: Flag = {
  flags: '--until <moment>',
  text: { en: 'the end (a year ahead, or when the child comes of age)', zh: '截止时间（默认一年后，或孩子成年之时）' },
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
        [delegationWords.delegation, offer.delegationId],
        [label.nonce, offer.nonce],
        [delegationWords.nextKeyHash, offer.nextKeyHash],
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
    flags: [
      flag.ownPseudonym,
      ...offerFlags,
      {
        flags: '--on-incapacity',
        text: {
          en: 'only while you cannot decide, as clinicians of two hospitals say; your own next command ends it',
          zh: '仅在两家医院的医师确认您无法自行决定期间；您本人的下一条指令即令其停止',
        },
      },
    ],
    input: z.object({ pseudonym: pseudonymSchema.optional(), ...offerInput, onIncapacity: z.literal(true).optional() }),
    run: async (call, { pseudonym, delegation, until, onIncapacity, ...offer }) =>
      transact(
        call,
        transactions.AppointDelegate,
        {
          ...{ pseudonym: await soleOf(call, pseudonym), delegationId: delegation, ...offer },
          ...(onIncapacity === undefined ? {} : { onIncapacity }),
          validUntil: parseMoment(until, call.terminal, 'end'),
        },
        showDelegationState,
      ),
  }),
  command({
    name: 'propose',
    summary: { en: 'propose that a parent act for a minor without a wallet (registrar)', zh: '为没有钱包的未成年人提出父母代理（登记员）' },
    detail: {
      en: 'The file is JSON: {"birthDate": "YYYY-MM-DD", "shown": "which documents"}. It stays with the hospital; the ledger has a salted hash of it. The end is at most a year and a day ahead, and never after the child comes of age: 00:00 China time of the eighteenth birthday, of a child born on 29 February on 1 March. The colleague who confirms gets the file of --out.',
      zh: '文件为 JSON：{"birthDate": "YYYY-MM-DD", "shown": "所出示的证件"}。文件留存本院，账本上只有其加盐哈希。截止时间最长一年零一天，且不晚于孩子成年之时：十八岁生日当天北京时间 0 时，2 月 29 日出生者为 3 月 1 日。--out 的文件交给确认的同事。',
    },
    example:
      '--pseudonym PSEUDONYM --delegation DELEGATION --nonce NONCE --next-key-hash HASH --scopes consents,relationships,cards,view --evidence-file shown.json --out evidence.json --as registrar',
    hasNoDryRun: true,
    flags: [
      flag.pseudonym,
      ...offerFlags.map((each) => (each.flags === '--until <moment>' ? untilOfParent : each)),
      evidenceFlag,
      {
        flags: '--out <file>',
        text: { en: 'the new file for the colleague, with the salt', zh: '交给同事的新文件（含盐）' },
        required: true,
      },
    ],
    input: z.object({
      pseudonym: pseudonymSchema,
      ...offerInput,
      until: z.string().optional(),
      evidenceFile: z.string(),
      out: z.string(),
    }),
    run: async (call, { pseudonym, delegation, until, evidenceFile, out, ...offer }) => {
      const { birthDate, shown } = parsedFile(guardianshipEvidenceSchema.omit({ salt: true }), evidenceFile, call.terminal);
      const evidence = { birthDate, shown, salt: saltSchema.parse(encodeBase64url(newSalt())) };
      const validUntil = until === undefined ? lastEnd(call, birthDate) : parseMoment(until, call.terminal, 'end');
      assertMinorUntil(birthDate, validUntil);
      writeNewFile(resolve(call.terminal.cwd, out), JSON.stringify(evidence, null, 2));
      const input = { pseudonym, delegationId: delegation, ...offer, validUntil, evidence: evidenceCommitment(pseudonym, evidence) };
      return transact(call, transactions.ProposeDelegation, input, showDelegationState);
    },
  }),
  ...courtCommands,
  command({
    name: 'confirm',
    summary: {
      en: 'confirm what another registrar has proposed, having been shown the same (registrar)',
      zh: '核对同样的证件后确认同事提出的父母代理（登记员）',
    },
    detail: confirmDetail,
    example:
      'DELEGATION --pseudonym PSEUDONYM --nonce NONCE --next-key-hash HASH --evidence-file evidence.json --yes CHECK --as registrar-2',
    hasNoDryRun: true,
    arguments: [delegationArgument],
    flags: confirmFlags,
    input: confirmInput,
    run: (call, { evidenceFile, ...input }) => {
      const shown = parsedFile(guardianshipEvidenceSchema, evidenceFile, call.terminal);
      const evidence = evidenceCommitment(input.pseudonym, shown);
      const look = ({ validUntil }: Delegation): void => {
        assertMinorUntil(shown.birthDate, validUntil);
      };
      return confirmShown(call, input, { basis: 'parent', evidence, look });
    },
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
    run: async (call, input) => transact(call, transactions.EndDelegation, await keyOf(call, input), showDelegationState),
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
          [delegationWords.delegation, delegation.delegationId],
          [delegationWords.basis, wordText(delegation.basis)],
          [delegationWords.scopes, wordsText(delegation.scopes)],
          [label.state, stateText(delegation.state)],
          [label.until, momentText(delegation.validUntil, call.terminal)],
          [label.since, delegation.createdAt],
          [label.changed, delegation.changedAt],
          [delegationWords.lastCommand, delegation.lastCommand?.at],
        ]),
      ]),
  }),
  command({
    name: 'list',
    summary: { en: 'who acts or has acted for a patient (patient, registrar)', zh: '谁在代理或曾代理该患者（患者、登记员）' },
    example: '--as patient',
    flags: ownPageFlags,
    input: ownPageInput,
    run: async (call, input) =>
      transact(call, transactions.ListDelegations, await ownPage(call, input), ({ items, ...rest }) => [
        table(
          [
            delegationWords.delegation,
            delegationWords.basis,
            delegationWords.scopes,
            label.state,
            label.until,
            delegationWords.lastCommand,
          ],
          items.map(rowOf(call)),
        ),
        ...restOfPage(rest),
      ]),
  }),
];

/** The latest end of a parent's delegation. */
function lastEnd({ terminal }: CommandCall, birthDate: string): Instant {
  const inAYear = instantOf(terminal.now().getTime() + 365 * 86_400_000);
  const ofAge = comesOfAgeAt(birthDate);
  return ofAge < inAYear ? ofAge : inAYear;
}

/** @throws {@link DomainError} `DELEGATION_TERM` — the child will be of age before; details do not tell when, which is a birthday */
function assertMinorUntil(birthDate: string, validUntil: Instant): void {
  if (validUntil > comesOfAgeAt(birthDate))
    throw new DomainError('DELEGATION_TERM', 'the child comes of age before', { basis: 'parent', validUntil });
}

const rowOf =
  ({ terminal }: CommandCall) =>
  ({ delegationId, basis, scopes, state, validUntil, lastCommand }: Delegation) => [
    ...[delegationId, wordText(basis), wordsText(scopes), stateText(state)],
    ...[momentText(validUntil, terminal), lastCommand?.at],
  ];

async function keyOf(call: CommandCall, { delegation, pseudonym }: z.output<z.ZodObject<typeof keyInput>>) {
  return { pseudonym: await soleOf(call, pseudonym), delegationId: delegation };
}
