import { z } from 'zod';
import { memberOperations, newIdNonce, signedAs } from '@lianyi/client';
import {
  type FunctionKey,
  functionKeyIdOf,
  functionKeyIdSchema,
  mspIdSchema,
  qualifiedName,
  resharedKeyIdOf,
  transactions,
} from '@lianyi/domain';
import { command, type CommandSpec } from '../command-spec';
import { list, whole } from '../inputs';
import { openStaffSession } from '../ledger/staff-session';
import { type Block, fields, outcome, table } from '../outcome';
import { showUnsent, transact } from '../transact';
import { restOfPage, pageInput, pageRequest } from './paging';
import { flag, label } from './vocabulary';
import { stateText } from './words';

const words = {
  key: { en: 'key', zh: '共管密钥' },
  holders: { en: 'holders', zh: '持有份额的机构' },
  threshold: { en: 'must answer together', zh: '求值所需机构数' },
  former: { en: 'dealt anew from', zh: '原密钥' },
  dealers: { en: 'dealers', zh: '分发方' },
  dealt: { en: 'have dealt', zh: '已分发' },
  accepted: { en: 'have accepted', zh: '已接受' },
  complaint: { en: 'complaint', zh: '错误份额' },
  done: { en: 'done now', zh: '本次完成' },
  day: { en: 'day (UTC)', zh: '日期（UTC）' },
  registrar: { en: 'registrar', zh: '登记员' },
  evaluations: { en: 'evaluations', zh: '求值次数' },
  alarm: { en: 'alarm since', zh: '告警时间' },
};
const keyArgument = { term: '<key>', text: { en: 'the key', zh: '共管密钥编号' } };
const keyInput = z.object({ key: functionKeyIdSchema });
const doneTexts = {
  dealt: { en: 'dealt', zh: '已分发' },
  accepted: { en: 'checked and accepted', zh: '已核验并接受' },
  complained: { en: 'COMPLAINED: a share is wrong', zh: '发现错误份额，已指出' },
  nothing: { en: 'nothing: it is others’ turn, or the key is ready', zh: '无：待其他机构，或密钥已可用' },
} as const;

export const functionKeyCommands: readonly CommandSpec[] = [
  command({
    name: 'open',
    summary: {
      en: 'open a key that hospitals hold together (administrator, orgAdmin)',
      zh: '发起由多家医院共管的密钥（管理员、机构管理员）',
    },
    detail: {
      en: 'The key compares numbers between hospitals. Nobody ever has it: each holder has a share, and more than half of them answer together. Each holder takes part twice: `function-key take-part`.',
      zh: '该密钥用于医院间比对号码，任何一方都不持有完整密钥：各方持有份额，须过半数共同应答。每一方执行两次 `function-key take-part`。',
    },
    example: '--holders HospitalAMSP,HospitalBMSP,HospitalCMSP --threshold 2 --as admin',
    flags: [
      { flags: '--holders <list>', text: { en: 'who holds a share, 2 to 16', zh: '持有份额的机构，2 至 16 家' }, required: true },
      { flags: '--threshold <n>', text: { en: 'how many must answer, more than half', zh: '求值所需机构数，须过半数' }, required: true },
    ],
    input: z.object({ holders: list(mspIdSchema), threshold: whole(z.int().min(2).max(16)) }),
    run: (call, { holders, threshold }) => {
      const nonce = newIdNonce();
      const { profile } = call.actorOf('administrator', 'staff');
      const keyId = functionKeyIdOf({ mspId: mspIdSchema.parse(profile.mspId), nonce });
      return transact(call, transactions.OpenFunctionKey, { keyId, nonce, holders, threshold }, (result) => [
        fields([
          [words.key, result.keyId],
          [label.state, stateText(result.state)],
        ]),
      ]);
    },
  }),
  command({
    name: 'reshare',
    summary: {
      en: 'have a key’s shares dealt anew, to other holders or the same (administrator, orgAdmin)',
      zh: '重新分发密钥份额，持有方可变可不变（管理员、机构管理员）',
    },
    detail: {
      en: 'When a member joins or leaves, or as a matter of course. The key and all that was found with it stay. The dealers take part once, then each holder once; with the last of them nobody answers with the former shares. Look at the holders before you take part: whoever holds enough shares has the key.',
      zh: '用于成员加入、退出或定期更换。密钥及据其得出的结果不变。分发方各执行一次，随后各持有方各执行一次；全部完成后各方不再使用原份额应答。参与前请核对持有方：持有足够份额者即掌握密钥。',
    },
    example: 'KEY --dealers HospitalAMSP,HospitalBMSP --holders HospitalAMSP,HospitalBMSP,HospitalCMSP --threshold 2 --as admin',
    arguments: [keyArgument],
    flags: [
      {
        flags: '--dealers <list>',
        text: { en: 'which present holders deal; as many as must answer', zh: '由哪些现有持有方分发，数量等于求值所需机构数' },
        required: true,
      },
      {
        flags: '--holders <list>',
        text: { en: 'who holds a share from then on, 2 to 16', zh: '此后持有份额的机构，2 至 16 家' },
        required: true,
      },
      { flags: '--threshold <n>', text: { en: 'how many must answer, more than half', zh: '求值所需机构数，须过半数' }, required: true },
    ],
    input: z.object({
      key: functionKeyIdSchema,
      dealers: list(mspIdSchema),
      holders: list(mspIdSchema),
      threshold: whole(z.int().min(2).max(16)),
    }),
    run: (call, { key: formerKeyId, dealers, holders, threshold }) => {
      const nonce = newIdNonce();
      const { profile } = call.actorOf('administrator', 'staff');
      const dealt = { nonce, formerKeyId, dealers, holders, threshold };
      const keyId = resharedKeyIdOf({ mspId: mspIdSchema.parse(profile.mspId), ...dealt });
      return transact(call, transactions.ReshareFunctionKey, { keyId, ...dealt }, (result) => [
        fields([
          [words.key, result.keyId],
          [label.state, stateText(result.state)],
        ]),
      ]);
    },
  }),
  command({
    name: 'take-part',
    summary: { en: 'have the own node take its next step for a key (orgAdmin)', zh: '由本院节点执行该密钥的下一步（机构管理员）' },
    detail: {
      en: 'First it deals: a share for each holder, sealed to them. When all have dealt, it checks what it was dealt and accepts it, or complains of who dealt something wrong, and the key fails.',
      zh: '首先分发：为各方生成并密封份额。全部分发后，核验所收份额并接受；若有错误则指出分发方，该密钥作废。',
    },
    example: 'KEY --as org-admin',
    arguments: [keyArgument],
    input: keyInput,
    run: async (call, { key }) => {
      const session = await openStaffSession(call);
      try {
        const operation = memberOperations.TakePartInFunctionKey;
        if (call.options.dryRun)
          return showUnsent({
            to: session.node.url,
            transaction: qualifiedName(signedAs(operation)),
            kind: 'submit',
            input: { keyId: key },
          });
        const result = await session.node.askSigned(operation, { keyId: key }, session.sign);
        const rows = [
          [words.key, result.keyId],
          [label.state, stateText(result.state)],
          [words.done, doneTexts[result.done]],
          [words.complaint, result.dealerMspId],
        ] as const;
        return outcome({ result }, fields(rows));
      } finally {
        session.close();
      }
    },
  }),
  command({
    name: 'list',
    summary: { en: 'list the keys', zh: '列出共管密钥' },
    example: '--as registrar',
    flags: [flag.limit, flag.after],
    input: z.object(pageInput),
    run: (call, page) =>
      transact(call, transactions.ListFunctionKeys, pageRequest(page), ({ items, ...rest }) => [
        table(
          [words.key, label.state, words.holders, words.threshold, label.changed],
          items.map(({ keyId, state, holders, threshold, changedAt }) => [
            keyId,
            stateText(state),
            holders.join(', '),
            threshold,
            changedAt,
          ]),
        ),
        ...restOfPage(rest),
      ]),
  }),
  command({
    name: 'show',
    summary: { en: 'show a key: who has dealt and accepted', zh: '显示共管密钥：各方分发与接受情况' },
    example: 'KEY --as registrar',
    arguments: [keyArgument],
    input: keyInput,
    run: (call, { key }) => transact(call, transactions.GetFunctionKey, { keyId: key }, (result) => showKey(result.key)),
  }),
  command({
    name: 'evaluations',
    summary: { en: 'how many numbers an organisation’s registrars have compared, day by day', zh: '某机构登记员每日比对号码的次数' },
    example: '--organisation HospitalBMSP --as registrar',
    flags: [{ flags: '--organisation <msp-id>', text: { en: 'whose registrars', zh: '机构' }, required: true }, flag.limit, flag.after],
    input: z.object({ organisation: mspIdSchema, ...pageInput }),
    run: (call, { organisation, ...page }) =>
      transact(call, transactions.ListEvaluationDays, { mspId: organisation, ...pageRequest(page) }, ({ items, ...rest }) => [
        table(
          [words.day, words.registrar, words.evaluations, words.alarm],
          items.map(({ day, actorTag, evaluations, alarmedAt }) => [day, actorTag, evaluations, alarmedAt]),
        ),
        ...restOfPage(rest),
      ]),
  }),
];

function showKey({
  keyId,
  state,
  holders,
  threshold,
  reshares,
  dealt,
  accepted,
  complaint,
  openedAt,
  changedAt,
}: FunctionKey): readonly Block[] {
  return [
    fields([
      [words.key, keyId],
      [label.state, stateText(state)],
      [words.holders, holders.join(', ')],
      [words.threshold, threshold],
      [words.former, reshares?.keyId],
      [words.dealers, reshares?.dealers.join(', ')],
      [words.dealt, dealt.join(', ')],
      [words.accepted, accepted.join(', ')],
      [words.complaint, complaint && { en: `${complaint.by} about ${complaint.dealer}`, zh: `${complaint.by} 指出 ${complaint.dealer}` }],
      [label.since, openedAt],
      [label.changed, changedAt],
    ]),
  ];
}
