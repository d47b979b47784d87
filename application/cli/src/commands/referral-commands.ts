import { newIdNonce, newSalt } from '@lianyi/client';
import {
  confidentialities,
  confidentialitySchema,
  dataLevelSchema,
  departmentSchema,
  encodeBase64url,
  mspIdSchema,
  type Output,
  type Pseudonym,
  pseudonymSchema,
  recordIdSchema,
  referralDeclines,
  referralDirections,
  type ReferralId,
  referralIdOf,
  referralIdSchema,
  type ReferralKey,
  saltSchema,
  transactions,
} from '@lianyi/domain';
import { summaryCommitmentOf } from '@lianyi/domain/deciding';
import { z } from 'zod';
import { type CommandCall } from '../call';
import { lacking } from '../cli-problem';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { list, whole } from '../inputs';
import { soleOf } from '../ledger/pseudonym';
import { localTime } from '../local-time';
import { type Block, type CommandOutcome, fields, line } from '../outcome';
import { transact } from '../transact';
import { parseGrantee } from './grantee';
import { ownPageFlags, ownPageInput, pageRequest, restOfPage } from './paging';
import { agreeToReferral, withdrawReferral } from './referral-agreement';
import { referralLabel, referralRows, showReferral, showReferralState } from './referral-views';
import { flag } from './vocabulary';
import { choicesText } from './words';

const referralArgument = { term: '<referral>', text: referralLabel };
const ofHospital = { referral: referralIdSchema, pseudonym: pseudonymSchema };
const ofPatient = { referral: referralIdSchema, pseudonym: pseudonymSchema.optional() };
const toFlag: Flag = {
  flags: '--to <grantee>',
  text: { en: 'department:MSP:name or organisation:MSP', zh: 'department:机构:科室 或 organisation:机构' },
  required: true,
};

const proposeInput = z.object({
  pseudonym: pseudonymSchema,
  to: z.string().transform(parseGrantee),
  records: list(recordIdSchema),
  letter: recordIdSchema.optional(),
  direction: z.enum(referralDirections),
  urgent: z.boolean().default(false),
  department: departmentSchema.optional(),
});

export const referralCommands: readonly CommandSpec[] = [
  command({
    name: 'propose',
    summary: { en: 'refer a patient of the own hospital to another one (clinician)', zh: '提出转诊：将本院患者转往他院（医师）' },
    detail: {
      en: 'Publish the letter first, as any document, and list it with the records that go along. Nothing opens before the patient agrees; then exactly these records do, for 14 days at most.',
      zh: '先像其他文书一样发布转诊单，并与随附病历一并列出。患者同意前不开放任何内容；同意后仅开放所列病历，最长 14 天。',
    },
    example:
      '--pseudonym PSEUDONYM --to department:HospitalBMSP:cardiology --records RECORD,RECORD2 --letter RECORD --direction up --as clinician',
    flags: [
      flag.pseudonym,
      toFlag,
      { flags: '--records <list>', text: { en: 'which records, 16 at most', zh: '随附病历，最多 16 份' }, required: true },
      { flags: '--letter <record>', text: { en: 'which of them is the letter', zh: '其中哪一份是转诊单' } },
      {
        flags: '--direction <direction>',
        text: { en: 'to a higher level of care, a lower one, or the same', zh: `方向：${choicesText(referralDirections)}` },
        choices: referralDirections,
        required: true,
      },
      { flags: '--urgent', text: { en: 'it is urgent', zh: '紧急' } },
      flag.department,
    ],
    input: proposeInput,
    run: propose,
  }),
  command({
    name: 'agree',
    summary: { en: 'agree to a referral: its records open, and no others (patient)', zh: '同意转诊：仅开放所列病历（患者）' },
    detail: {
      en: 'Shows the exact text of the policy that this makes, before it is signed. It closes by itself after 14 days, or when it is declined, closed or withdrawn; nothing may be handed on.',
      zh: '签名前显示由此形成的授权原文。14 天后，或被拒绝、结束、撤回时自动关闭；不得转交。',
    },
    example: 'REFERRAL --as patient',
    hasNoDryRun: true,
    arguments: [referralArgument],
    flags: [
      flag.ownPseudonym,
      { flags: '--days <n>', text: { en: 'how many days at most, 1 to 14 (14)', zh: '最多几天，1 至 14（默认 14）' } },
      { flags: '--max-level <n>', text: { en: 'data level at most, 1 to 5 (4)', zh: '最高数据级别，1 至 5（默认 4）' } },
      {
        flags: '--labels <list>',
        text: {
          en: `confidentiality labels, of ${confidentialities.join(', ')} (N and below)`,
          zh: `保密等级，取自 ${choicesText(confidentialities)}（默认到 N）`,
        },
      },
      { flags: '--keep-copies', text: { en: 'copies may be kept (only viewed)', zh: '可保存副本（默认仅供查看）' } },
    ],
    input: z.object({
      ...ofPatient,
      days: whole(z.int().min(1).max(14)).optional(),
      maxLevel: whole(dataLevelSchema).optional(),
      labels: list(confidentialitySchema).optional(),
      keepCopies: z.boolean().default(false),
    }),
    run: async (call, { days, maxLevel, labels, keepCopies, ...named }) => {
      const said = {
        ...(days === undefined ? {} : { days }),
        ...(maxLevel === undefined ? {} : { maxDataLevel: maxLevel }),
        ...(labels === undefined ? {} : { confidentiality: labels }),
        ...(keepCopies ? { handling: 'store' as const } : {}),
      };
      return agreeToReferral(call, await keyOf(call, named), said, showReferralState);
    },
  }),
  command({
    name: 'withdraw',
    summary: { en: 'want a referral no more: what it opens is closed (patient)', zh: '撤回转诊：由此开放的内容随即关闭（患者）' },
    example: 'REFERRAL --as patient',
    hasNoDryRun: true,
    arguments: [referralArgument],
    flags: [flag.ownPseudonym],
    input: z.object(ofPatient),
    run: async (call, named) => withdrawReferral(call, await keyOf(call, named), showReferralState),
  }),
  answerCommand(
    'accept',
    { en: 'take the patient (clinician of the department that is asked)', zh: '接收转诊（被请求科室的医师）' },
    'accepted',
  ),
  command({
    name: 'decline',
    summary: { en: 'do not take the patient; nothing opens any more', zh: '不予接收；所列病历随即关闭' },
    example: 'REFERRAL --pseudonym PSEUDONYM --reason no-capacity --as clinician',
    arguments: [referralArgument],
    flags: [
      flag.pseudonym,
      {
        flags: '--reason <reason>',
        text: { en: 'why, for every member to read', zh: `原因（各成员均可见）：${choicesText(referralDeclines)}` },
        choices: referralDeclines,
        required: true,
      },
    ],
    input: z.object({ ...ofHospital, reason: z.enum(referralDeclines) }),
    run: (call, { reason, ...named }) =>
      transact(call, transactions.AnswerReferral, { ...keyIn(named), answer: { kind: 'declined', reason } }, showReferralState),
  }),
  answerCommand('attend', { en: 'note that the patient has come', zh: '登记患者已到诊' }, 'attended'),
  command({
    name: 'return',
    summary: { en: 'give the patient back: which summary it was, as a salted hash', zh: '返回小结：账本仅记录加盐哈希' },
    detail: {
      en: 'The summary is a record under the pseudonym of the own hospital, which nobody else is to learn from this one. Refer it back with a referral of its own; the salt shows later that it was this summary.',
      zh: '小结是本院假名下的病历，账本不得透露两个假名属同一人。请另行提出一次转诊将其转回；盐值日后可证明即为此小结。',
    },
    example: 'REFERRAL --pseudonym PSEUDONYM --summary-pseudonym PSEUDONYM2 --summary RECORD --as clinician',
    arguments: [referralArgument],
    flags: [
      flag.pseudonym,
      { flags: '--summary-pseudonym <id>', text: { en: 'the patient at the own hospital', zh: '患者在本院的假名' }, required: true },
      { flags: '--summary <record>', text: { en: 'the summary’s record', zh: '小结的病历编号' }, required: true },
      { flags: '--salt <salt>', text: { en: 'the salt (a new one)', zh: '盐值（默认新生成）' } },
    ],
    input: z.object({ ...ofHospital, summaryPseudonym: pseudonymSchema, summary: recordIdSchema, salt: saltSchema.optional() }),
    run: (call, { summaryPseudonym, summary, salt: given, ...named }) => {
      const key = keyIn(named);
      const salt = given ?? saltSchema.parse(encodeBase64url(newSalt()));
      const summaryCommitment = summaryCommitmentOf({ referralId: key.referralId, summaryPseudonym, summaryRecordId: summary, salt });
      return transact(call, transactions.AnswerReferral, { ...key, answer: { kind: 'returned', summaryCommitment } }, (result) => [
        ...showReferralState(result),
        fields([[{ en: 'salt (hand it over with the summary)', zh: '盐值（随小结交付）' }, salt]]),
      ]);
    },
  }),
  command({
    name: 'end',
    summary: {
      en: 'recall a referral or, once a summary is back, close it (department that has referred)',
      zh: '收回转诊；小结返回后则为结束（转出科室）',
    },
    example: 'REFERRAL --pseudonym PSEUDONYM --as clinician',
    arguments: [referralArgument],
    flags: [flag.pseudonym],
    input: z.object(ofHospital),
    run: (call, named) => transact(call, transactions.EndReferral, keyIn(named), showReferralState),
  }),
  command({
    name: 'list',
    summary: {
      en: 'a patient’s referrals; without --pseudonym, what the own departments have referred or are asked (clinician)',
      zh: '患者的转诊；未指明假名时列出本科室转出与收到的转诊（医师）',
    },
    example: '--as patient',
    flags: ownPageFlags,
    input: ownPageInput,
    run: showList,
  }),
  command({
    name: 'show',
    summary: { en: 'a referral, and what has been said of it', zh: '查看转诊及各方答复' },
    example: 'REFERRAL --as patient',
    arguments: [referralArgument],
    flags: [flag.ownPseudonym],
    input: z.object(ofPatient),
    run: async (call, named) => {
      const key = await keyOf(call, named);
      return transact(call, transactions.GetReferral, key, (shown) => showReferral(call, shown), { signer: key.pseudonym });
    },
  }),
];

function answerCommand(name: string, summary: CommandSpec['summary'], kind: 'accepted' | 'attended'): CommandSpec {
  return command({
    name,
    summary,
    example: 'REFERRAL --pseudonym PSEUDONYM --as clinician',
    arguments: [referralArgument],
    flags: [flag.pseudonym],
    input: z.object(ofHospital),
    run: (call, named) => transact(call, transactions.AnswerReferral, { ...keyIn(named), answer: { kind } }, showReferralState),
  });
}

function propose(call: CommandCall, given: z.output<typeof proposeInput>): Promise<CommandOutcome> {
  const { records: recordIds, letter, urgent, department: named, ...asked } = given;
  const { profile } = call.actorOf('staff');
  const department = named ?? profile.department;
  if (department === undefined) throw lacking('--department <name>');
  const nonce = newIdNonce();
  const referralId = referralIdOf({ mspId: mspIdSchema.parse(profile.mspId), pseudonym: asked.pseudonym, nonce });
  const input = {
    ...{ ...asked, referralId, nonce, department, recordIds },
    ...{ urgency: urgent ? ('urgent' as const) : ('routine' as const), ...(letter === undefined ? {} : { letterId: letter }) },
  };
  return transact(call, transactions.ProposeReferral, input, (result) => [
    ...showReferralState(result),
    fields([[{ en: 'waits for the patient until', zh: '等候患者同意，截止' }, localTime(result.lapsesAt, call.terminal.timeZone)]]),
  ]);
}

interface Named {
  readonly referral: ReferralId;
  readonly pseudonym?: Pseudonym | undefined;
}

async function keyOf(call: CommandCall, { referral: referralId, pseudonym }: Named): Promise<ReferralKey> {
  return { pseudonym: await soleOf(call, pseudonym), referralId };
}

function keyIn({ referral: referralId, pseudonym }: z.output<z.ZodObject<typeof ofHospital>>): ReferralKey {
  return { pseudonym, referralId };
}

async function showList(call: CommandCall, { pseudonym, ...paging }: z.output<typeof ownPageInput>): Promise<CommandOutcome> {
  const page = pageRequest(paging);
  const show = ({ items, ...rest }: Output<typeof transactions.ListReferrals>): readonly Block[] => [
    items.length === 0 ? line({ en: 'There is no referral.', zh: '没有转诊。' }) : referralRows(items),
    ...restOfPage(rest),
  ];
  if (pseudonym === undefined && call.actor.profile.kind !== 'patient')
    return transact(call, transactions.ListReferralsOfHospital, page, show);
  const signer = await soleOf(call, pseudonym);
  return transact(call, transactions.ListReferrals, { pseudonym: signer, ...page }, show, { signer });
}
