import { resolve } from 'node:path';
import { z } from 'zod';
import { newSalt } from '@lianyi/client';
import { finishRecovery } from '@lianyi/client/wallet';
import { networkOf, recoveryWarning, type RecoveryWarning } from '@lianyi/client/node';
import {
  DomainError,
  encodeBase64url,
  idNonceSchema,
  mspIdSchema,
  pseudonymSchema,
  type RecoveryCase,
  recoveryCaseIdSchema,
  reProofingCommitment,
  reProofingEvidenceSchema,
  saltSchema,
  sha256Schema,
  standingOf,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { lacking } from '../cli-problem';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { parsedFile } from '../inputs';
import { openOwnWallet } from '../ledger/own-wallet';
import { withPatientSession } from '../ledger/patient-session';
import { soleOf } from '../ledger/pseudonym';
import { clockOf } from '../ledger/staff-session';
import { askAnybody, vouch } from './vouching';
import { momentText } from '../moment';
import { type Block, type CommandOutcome, fields, outcome, table } from '../outcome';
import { writeNewFile } from '../private-folder';
import { byWhoseWord, showSummary, summaryData, transact } from '../transact';
import { ownPage, ownPageFlags, ownPageInput, restOfPage } from './paging';
import { askForWarning, warningData, warningLines } from './recovery-warning';
import { flag, label } from './vocabulary';
import { stateText, wordText } from './words';

const words = {
  case: { en: 'recovery', zh: '恢复编号' },
  newKeyHash: { en: 'new key hash', zh: '新密钥哈希' },
  way: { en: 'vouched for by', zh: '担保方式' },
  approvals: { en: 'guardians who have approved', zh: '已同意的监护人' },
  opened: { en: 'opened', zh: '发起时间' },
  veto: { en: 'the old key may veto until', zh: '旧密钥可否决至' },
};
const caseArgument = { term: '<case>', text: { en: 'the recovery', zh: '恢复编号' } };
const evidenceFlag: Flag = {
  flags: '--evidence-file <file>',
  text: { en: 'what was shown, as JSON (registrar)', zh: '所出示的证件，JSON（登记员）' },
};

export const recoveryCaseCommands: readonly CommandSpec[] = [
  command({
    name: 'prepare',
    summary: { en: 'make the new keys in a new wallet; who vouches needs the values', zh: '在新钱包中生成新密钥；各值交给担保方' },
    detail: {
      en: 'Your hospital finds the pseudonym by your number. The same again shows the same values. Nothing is asked and nothing sent.',
      zh: '您的医院可凭您的号码查到假名。重复运行显示相同的值。不查询也不发送任何内容。',
    },
    example: '--pseudonym PSEUDONYM --hospital HospitalAMSP --as patient',
    hasNoDryRun: true,
    flags: [
      { flags: '--pseudonym <id>', text: { en: 'whose keys are lost', zh: '密钥已丢失的假名' }, required: true },
      { flags: '--hospital <msp-id>', text: { en: 'its hospital (that of the profile)', zh: '假名所属医院（默认身份配置中的机构）' } },
      { flags: '--again', text: { en: 'new keys, because the recovery by those before is over', zh: '此前的恢复已结束，重新生成密钥' } },
    ],
    input: z.object({ pseudonym: pseudonymSchema, hospital: mspIdSchema.optional(), again: z.boolean().default(false) }),
    run: async (call, { pseudonym, hospital, again }) => {
      const { profile } = call.actorOf('patient');
      const mspId = hospital ?? mspIdSchema.parse(profile.mspId);
      const request = await (await openOwnWallet(call)).recovery.prepare(pseudonym, mspId, again);
      const shown = fields([
        [label.organisation, mspId],
        [label.pseudonym, pseudonym],
        [words.case, request.caseId],
        [label.nonce, request.nonce],
        [words.newKeyHash, request.newKeyHash],
      ]);
      return outcome({ mspId, ...request }, shown);
    },
  }),
  command({
    name: 'open',
    summary: {
      en: 'open a recovery, as a guardian or as a registrar of the patient’s hospital',
      zh: '发起恢复（监护人，或患者所属医院的登记员）',
    },
    detail: {
      en: 'Look at the person, not at the values: whoever gets the key is the patient from then on. A registrar names with --evidence-file what was shown, {"shown": "passport, in person"}; the file of --out goes to the registrar of another hospital, who must have met the patient, too. The present key may veto until the time shown.',
      zh: '请核对本人，而不仅是这些值：得到密钥的人此后就是患者。登记员用 --evidence-file 指明所出示的证件，如 {"shown": "护照，本人到场"}；--out 的文件交给另一家医院的登记员，其也须亲自核对患者。在所示时间之前，现有密钥可以否决。',
    },
    example: '--pseudonym PSEUDONYM --case CASE --nonce NONCE --new-key-hash HASH --as friend',
    hasNoDryRun: true,
    flags: [
      flag.pseudonym,
      { flags: '--case <id>', text: { en: 'the id that the new wallet has made', zh: '新钱包生成的编号' }, required: true },
      { flags: '--nonce <nonce>', text: { en: 'from which the id is derived', zh: '派生编号所用的随机数' }, required: true },
      { flags: '--new-key-hash <hash>', text: { en: 'hash of the new wallet’s key', zh: '新钱包密钥的哈希' }, required: true },
      evidenceFlag,
      {
        flags: '--out <file>',
        text: { en: 'the new file for the second registrar, with the salt', zh: '交给第二名登记员的新文件（含盐）' },
      },
    ],
    input: z.object({
      pseudonym: pseudonymSchema,
      case: recoveryCaseIdSchema,
      nonce: idNonceSchema,
      newKeyHash: sha256Schema,
      evidenceFile: z.string().optional(),
      out: z.string().optional(),
    }),
    run: async (call, { case: caseId, evidenceFile, out, ...draft }) => {
      const input = { caseId, ...draft };
      if (call.actorOf('patient', 'staff').profile.kind === 'patient')
        return vouch(call, transactions.OpenRecovery, input, showState(call));
      if (evidenceFile === undefined || out === undefined) throw lacking('--evidence-file <file>, --out <file>');
      const { shown } = parsedFile(reProofingEvidenceSchema.omit({ salt: true }), evidenceFile, call.terminal);
      const evidence = { shown, salt: saltSchema.parse(encodeBase64url(newSalt())) };
      writeNewFile(resolve(call.terminal.cwd, out), JSON.stringify(evidence, null, 2));
      return transact(call, transactions.ProposeRecovery, { ...input, evidence: reProofingCommitment(input, evidence) }, showState(call));
    },
  }),
  command({
    name: 'approve',
    summary: { en: 'approve a recovery that another guardian has opened (guardian)', zh: '同意其他监护人发起的恢复（监护人）' },
    example: 'CASE --pseudonym PSEUDONYM --as friend',
    hasNoDryRun: true,
    arguments: [caseArgument],
    flags: [flag.pseudonym],
    input: z.object({ case: recoveryCaseIdSchema, pseudonym: pseudonymSchema }),
    run: (call, { case: caseId, pseudonym }) => vouch(call, transactions.ApproveRecovery, { pseudonym, caseId }, showState(call)),
  }),
  command({
    name: 'confirm',
    summary: {
      en: 'confirm what a registrar of another hospital has opened, having met the patient (registrar)',
      zh: '亲自核对患者后确认另一家医院登记员发起的恢复（登记员）',
    },
    example: 'CASE --pseudonym PSEUDONYM --evidence-file evidence.json --as registrar-b',
    hasNoDryRun: true,
    arguments: [caseArgument],
    flags: [flag.pseudonym, { ...evidenceFlag, required: true }],
    input: z.object({ case: recoveryCaseIdSchema, pseudonym: pseudonymSchema, evidenceFile: z.string() }),
    run: (call, { case: caseId, pseudonym, evidenceFile }) => {
      const evidence = reProofingCommitment({ pseudonym, caseId }, parsedFile(reProofingEvidenceSchema, evidenceFile, call.terminal));
      return transact(call, transactions.ConfirmRecovery, { pseudonym, caseId, evidence }, showState(call));
    },
  }),
  command({
    name: 'veto',
    summary: {
      en: 'refuse a recovery that you have not asked for, with the present key (patient)',
      zh: '用现有密钥否决并非由您请求的恢复（患者）',
    },
    example: 'CASE --as patient',
    arguments: [caseArgument],
    flags: [flag.ownPseudonym],
    input: z.object({ case: recoveryCaseIdSchema, pseudonym: pseudonymSchema.optional() }),
    run: async (call, { case: caseId, pseudonym }) =>
      transact(call, transactions.VetoRecovery, { pseudonym: await soleOf(call, pseudonym), caseId }, showState(call)),
  }),
  command({
    name: 'complete',
    summary: { en: 'have the new key take the old one’s place, once the cooling-off is over', zh: '冷静期结束后，由新密钥取代旧密钥' },
    detail: {
      en: 'By the wallet that has made the key with `recovery prepare`. Broken off, it is run again. Relationships, consents and delegations are as they were. Where the hospital believes nobody who has confirmed it, nothing is sent: another registrar confirms it once more first. Nor is anything sent where it does not follow the recovery, or not yet; --even-so sends it.',
      zh: '由用 `recovery prepare` 生成密钥的钱包办理。若中断，重新运行即可。关系、授权和代理保持不变。若医院不采信已确认的登记员，则不发送：请另一名登记员先再次确认。若医院未跟进或尚未跟进该恢复，也不发送；用 --even-so 可照样发送。',
    },
    example: '--pseudonym PSEUDONYM --as patient',
    hasNoDryRun: true,
    flags: [
      flag.ownPseudonym,
      { flags: '--even-so', text: { en: 'although the hospital does not follow it', zh: '即使医院未跟进也要完成' } },
    ],
    input: z.object({ pseudonym: pseudonymSchema.optional(), evenSo: z.boolean().default(false) }),
    run: complete,
  }),
  command({
    name: 'show',
    summary: { en: 'show the open recoveries, or the one that is named', zh: '显示正在进行的恢复，或指定的恢复' },
    example: '--pseudonym PSEUDONYM --as friend',
    flags: [flag.pseudonym, { flags: '--case <id>', text: { en: 'which one (those that are open)', zh: '哪一个（默认正在进行的）' } }],
    input: z.object({ pseudonym: pseudonymSchema, case: recoveryCaseIdSchema.optional() }),
    run: show,
    hasNoDryRun: true,
  }),
  command({
    name: 'list',
    summary: { en: 'every recovery of a pseudonym (patient, registrar)', zh: '该假名的全部恢复（患者、登记员）' },
    example: '--as patient',
    flags: ownPageFlags,
    input: ownPageInput,
    run: async (call, input) =>
      transact(call, transactions.ListRecoveries, await ownPage(call, input), ({ items, ...rest }) => [
        table(
          [words.case, words.way, label.state, words.opened, words.veto],
          items.map(({ caseId, way, openedAt, coolingOffUntil, state }) => [
            ...[caseId, wordText(way), stateText(standing(call, { openedAt, coolingOffUntil, state }))],
            ...[momentText(openedAt, call.terminal), momentText(coolingOffUntil, call.terminal)],
          ]),
        ),
        ...restOfPage(rest),
      ]),
  }),
];

async function complete(
  call: CommandCall,
  input: { readonly pseudonym?: z.output<typeof pseudonymSchema> | undefined; readonly evenSo: boolean },
): Promise<CommandOutcome> {
  const { profile } = call.actorOf('patient');
  const wallet = await openOwnWallet(call);
  const pseudonym = await soleOf(call, input.pseudonym);
  return withPatientSession(call, {}, async (session) => {
    const carriage = await session.carriageOf(pseudonym);
    const { summary, told } = carriage;
    await carriage.assertWitness();
    const caseId = await wallet.recovery.caseOf(pseudonym);
    const ask = () => recoveryWarning(carriage.asked[0].node, { pseudonym, caseId }, { isOfHospital: true });
    if (!input.evenSo) assertFollowed(await ask(), { pseudonym, caseId });
    await finishRecovery(wallet, pseudonym, summary, { network: networkOf(profile), now: clockOf(call) });
    const kept = await session.keepSummary();
    const warning = await ask();
    return outcome(
      { pseudonym, caseId, state: 'completed', ...warningData(warning), ...told, ...summaryData(kept) },
      fields([[label.pseudonym, pseudonym], [words.case, caseId], [label.state, stateText('completed')], byWhoseWord(told)]),
      ...warningLines(warning),
      ...showSummary(kept),
    );
  });
}

/** A completed case is confirmed no more: it is completed where the patient's hospital follows it, or knowingly. */
function assertFollowed(warning: RecoveryWarning | undefined, key: Pick<RecoveryCase, 'pseudonym' | 'caseId'>): void {
  if (warning === 'unconfirmed') throw new DomainError('RECOVERY_UNCONFIRMED', undefined, key);
  if (warning !== undefined) throw new DomainError('RECOVERY_UNFOLLOWED', undefined, { ...key, warning });
}

async function show(
  call: CommandCall,
  { pseudonym, case: named }: { readonly pseudonym: z.output<typeof pseudonymSchema>; readonly case?: RecoveryCase['caseId'] | undefined },
): Promise<CommandOutcome> {
  if (named !== undefined) {
    const { recovery, warning } = await recoveryNow(call, { pseudonym, caseId: named });
    return outcome({ ...recovery, ...warningData(warning) }, recoveryFields(call, recovery), ...warningLines(warning));
  }
  const { recoveries = [] } = await askAnybody(call, transactions.GetPseudonym, { pseudonym });
  const open: RecoveryNow[] = [];
  for (const caseId of recoveries) open.push(await recoveryNow(call, { pseudonym, caseId }));
  const none = fields([
    [label.pseudonym, pseudonym],
    [label.state, { en: 'no recovery is open', zh: '没有正在进行的恢复' }],
  ]);
  const shown = open.flatMap(({ recovery, warning }) => [recoveryFields(call, recovery), ...warningLines(warning)]);
  const recoveriesNow = open.map(({ recovery, warning }) => ({ ...recovery, ...warningData(warning) }));
  return outcome({ pseudonym, recoveries: recoveriesNow }, ...(open.length === 0 ? [none] : shown));
}

interface RecoveryNow {
  readonly recovery: RecoveryCase;
  readonly warning: RecoveryWarning | undefined;
}

/** As the ledger has it, or over by this machine's clock; and what the patient's hospital makes of it, if its node is the profile's. */
async function recoveryNow(call: CommandCall, key: Pick<RecoveryCase, 'pseudonym' | 'caseId'>): Promise<RecoveryNow> {
  const recovery = await askAnybody(call, transactions.GetRecovery, key);
  return { recovery: { ...recovery, state: standing(call, recovery) }, warning: await askForWarning(call, key) };
}

function recoveryFields({ terminal }: CommandCall, recovery: RecoveryCase): Block {
  return fields([
    [label.pseudonym, recovery.pseudonym],
    [words.case, recovery.caseId],
    [words.way, wordText(recovery.way)],
    [label.state, stateText(recovery.state)],
    [words.newKeyHash, recovery.newKeyHash],
    [words.approvals, recovery.way === 'guardians' ? String(recovery.approvals.length) : undefined],
    [words.opened, momentText(recovery.openedAt, terminal)],
    [words.veto, momentText(recovery.coolingOffUntil, terminal)],
  ]);
}

function standing(call: CommandCall, recovery: Pick<RecoveryCase, 'state' | 'openedAt' | 'coolingOffUntil'>): RecoveryCase['state'] {
  return standingOf(recovery, clockOf(call)());
}

const showState =
  ({ terminal }: CommandCall) =>
  (result: Pick<RecoveryCase, 'pseudonym' | 'caseId' | 'state' | 'coolingOffUntil'>): readonly Block[] => [
    fields([
      [label.pseudonym, result.pseudonym],
      [words.case, result.caseId],
      [label.state, stateText(result.state)],
      [words.veto, momentText(result.coolingOffUntil, terminal)],
    ]),
  ];
