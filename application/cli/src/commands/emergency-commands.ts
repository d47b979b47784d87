import { z } from 'zod';
import {
  confidentialities,
  confidentialitySchema,
  dataLevelSchema,
  emergencyOutcomes,
  type EmergencyStance,
  type Output,
  pseudonymSchema,
  sha256Schema,
  ticketIdSchema,
  transactions,
} from '@lianyi/domain';
import { hashOfCase } from '@lianyi/domain/deciding';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { whole } from '../inputs';
import { type Text } from '../language';
import { soleOf } from '../ledger/pseudonym';
import { type Block, type CommandOutcome, fields, table } from '../outcome';
import { transact } from '../transact';
import { resumeCommand } from './broken-glass';
import { narrativeCommands } from './emergency-narrative';
import { countersignCommand } from './emergency-signature';
import { statisticsCommand } from './emergency-statistics';
import { ownPageFlags, ownPageInput, pageRequest, restOfPage } from './paging';
import { flag, label } from './vocabulary';
import { stateText, wordText } from './words';

type Shown = Output<typeof transactions.GetEmergency>;

const ticketArgument = { term: '<ticket>', text: label.ticket };
const stances = ['refused', 'allowed'] as const;
const chooseInput = z.object({
  choice: z.enum(stances),
  label: confidentialitySchema.optional(),
  level: whole(dataLevelSchema).optional(),
  pseudonym: pseudonymSchema.optional(),
});

export const emergencyCommands: readonly CommandSpec[] = [
  command({
    name: 'choose',
    summary: {
      en: 'say what may be opened in an emergency, or that nothing may (patient)',
      zh: '声明急诊时可打开的内容，或一律不得打开（患者）',
    },
    detail: {
      en: 'Who has said nothing is read in an emergency up to label R and level 4. `refused`: nothing is opened. `allowed`: what is above --label or --level stays closed. Whom you have forbidden something reads nothing of it in an emergency either, unless the prohibition is for other purposes only. It holds for one pseudonym: say it for each hospital. Who acts for you may close more with it, and only you, or a parent, open again.',
      zh: '未作声明者，急诊时可打开保密等级 R、数据级别 4 以内的病历。refused：一律不得打开。allowed：高于 --label 或 --level 的仍不打开。被您禁止者急诊时同样不得阅读，除非该禁止仅针对其他用途。该声明只对一个假名有效：请对每家医院分别声明。代您行事者只能收紧，重新放开须由您本人或父母进行。',
    },
    example: 'refused --as patient',
    arguments: [{ term: '<choice>', text: { en: stances.join(', '), zh: 'refused（拒绝）或 allowed（允许）' } }],
    flags: [
      flag.ownPseudonym,
      { flags: '--label <label>', text: { en: 'the strictest label (R)', zh: '最严的保密等级（默认 R）' }, choices: confidentialities },
      { flags: '--level <n>', text: { en: 'the highest data level, 1 to 5 (4)', zh: '最高数据级别，1 至 5（默认 4）' } },
    ],
    input: chooseInput,
    run: choose,
  }),
  command({
    name: 'choice',
    summary: { en: 'show what may be opened in an emergency (patient)', zh: '显示急诊时可打开的内容（患者）' },
    example: '--as patient',
    flags: [flag.ownPseudonym],
    input: z.object({ pseudonym: pseudonymSchema.optional() }),
    run: async (call, input) => {
      const pseudonym = await soleOf(call, input.pseudonym);
      return transact(call, transactions.GetEmergencyChoice, { pseudonym }, showStance, { signer: pseudonym });
    },
  }),
  command({
    name: 'list',
    summary: {
      en: 'list emergencies: those that concern the own hospital (privacy officer), or oneself (patient)',
      zh: '列出急诊访问：涉及本院的（隐私专员），或涉及本人的（患者）',
    },
    example: '--as privacy-officer',
    flags: ownPageFlags,
    input: ownPageInput,
    run: async (call, { pseudonym: named, ...page }) => {
      if (call.actor.profile.kind !== 'patient') return transact(call, transactions.ListEmergencies, pageRequest(page), showList);
      const pseudonym = await soleOf(call, named);
      return transact(call, transactions.ListOwnEmergencies, { pseudonym, ...pageRequest(page) }, showList, { signer: pseudonym });
    },
  }),
  command({
    name: 'show',
    summary: { en: 'show an emergency (privacy officer, or the patient)', zh: '显示一次急诊访问（隐私专员或患者）' },
    example: 'TICKET --as privacy-officer',
    arguments: [ticketArgument],
    flags: [flag.ownPseudonym],
    input: z.object({ ticket: ticketIdSchema, pseudonym: pseudonymSchema.optional() }),
    run: async (call, { ticket: ticketId, pseudonym: named }) => {
      const signer = call.actor.profile.kind === 'patient' ? { signer: await soleOf(call, named) } : {};
      return transact(call, transactions.GetEmergency, { ticketId }, (shown) => [showEmergency(shown)], signer);
    },
  }),
  ...narrativeCommands,
  resumeCommand,
  countersignCommand,
  statisticsCommand,
  command({
    name: 'review',
    summary: {
      en: 'review an emergency within 72 hours (privacy officer of the records’ hospital, or of another department)',
      zh: '72 小时内复核急诊访问（病历所属医院或其他科室的隐私专员）',
    },
    detail: {
      en: 'Says of the case that you were shown what was found: --sha256 is the hash that `emergency show` prints, reckoned here of who asked, whose records and which, why and when; of another case nothing is said (HASH_MISMATCH). Emergencies that nobody reviews hold back who asked and their department (EMERGENCY_DEBT): where they are overdue a second person has to sign for the next one, and where too many are open it is denied. Of a case that others have written over, `doubtful` is said and nothing else. What was not justified, or is doubtful, is closed at once, and the patient is told.',
      zh: '复核结论针对您所看到的案件：--sha256 为 `emergency show` 显示的哈希，由本机按申请人、患者、病历、原因和时间算出；案件不同则不予复核（HASH_MISMATCH）。未经复核的急诊访问会限制申请人及其科室（EMERGENCY_DEBT）：逾期的，下一次须他科人员会签；未结过多的，将被拒绝。案件已被他人改写的，只能认定为存疑（doubtful）。认定为不正当或存疑的立即关闭，并告知患者。',
    },
    example: 'TICKET --outcome justified --sha256 SHA256 --as privacy-officer',
    arguments: [ticketArgument],
    flags: [
      { flags: '--outcome <outcome>', text: { en: 'what was found', zh: '结论' }, required: true, choices: emergencyOutcomes },
      { flags: '--sha256 <hash>', text: { en: 'of the case that you were shown', zh: '您所看到的案件的哈希' }, required: true },
    ],
    input: z.object({ ticket: ticketIdSchema, outcome: z.enum(emergencyOutcomes), sha256: sha256Schema }),
    run: (call, { ticket: ticketId, outcome, sha256: caseSha256 }) =>
      transact(call, transactions.ReviewEmergency, { ticketId, outcome, caseSha256 }, (reviewed) => [
        fields([
          [label.ticket, reviewed.ticketId],
          [label.state, stateText(reviewed.state)],
        ]),
      ]),
  }),
];

async function choose(call: CommandCall, { choice, label: most, level, ...named }: z.output<typeof chooseInput>): Promise<CommandOutcome> {
  if (choice === 'refused' && (most !== undefined || level !== undefined)) throw new CliProblem('USAGE', 'refused, --label, --level');
  const said: EmergencyStance =
    choice === 'refused' ? { stance: choice } : { stance: choice, maxConfidentiality: most ?? 'R', maxDataLevel: level ?? 4 };
  const pseudonym = await soleOf(call, named.pseudonym);
  return transact(call, transactions.SetEmergencyChoice, { pseudonym, choice: said }, showStance, { signer: pseudonym });
}

function showStance({ pseudonym, choice }: Pick<Output<typeof transactions.SetEmergencyChoice>, 'pseudonym' | 'choice'>): readonly Block[] {
  const isAllowed = choice.stance === 'allowed';
  return [
    fields([
      [label.pseudonym, pseudonym],
      [{ en: 'in an emergency', zh: '急诊时' }, wordText(choice.stance)],
      [label.confidentiality, isAllowed ? wordText(choice.maxConfidentiality) : undefined],
      [label.level, isAllowed ? String(choice.maxDataLevel) : undefined],
    ]),
  ];
}

const unreadableText: Text = { en: 'UNREADABLE: others have written over the ticket', zh: '无法读取：凭单已被他人改写' };

const overwrittenText: Text = { en: 'UNREADABLE: others have written over the case', zh: '无法读取：案件已被他人改写' };

/** Its state, and whether the review is late. */
function reviewText({ emergency: { state, review }, isOverdue }: Shown): Text {
  if (review !== undefined) return wordText(review.outcome);
  const { en, zh } = stateText(state);
  return isOverdue ? { en: `${en}, OVERDUE`, zh: `${zh}，已逾期` } : { en, zh };
}

function showEmergency(shown: Shown): Block {
  const { ticketId, pseudonym, custodianMspId, asker, second, reason, opening, openedAt, endsAt, reviewDueAt } = shown.emergency;
  return fields([
    [label.ticket, ticketId],
    [label.pseudonym, pseudonym],
    [label.record, shown.recordIds?.join(', ') ?? unreadableText],
    [label.actor, `${asker.mspId}:${asker.actorTag} (${asker.department})`],
    [{ en: 'countersigned by', zh: '会签人' }, second],
    [{ en: 'custodian', zh: '保管机构' }, custodianMspId],
    [label.reasons, reason === undefined ? overwrittenText : wordText(reason)],
    [{ en: 'scope', zh: '范围' }, opening && wordText(opening.scope)],
    [{ en: 'after', zh: '承接' }, opening && 'after' in opening ? opening.after : undefined],
    [{ en: 'without a summary', zh: '未用摘要' }, opening && 'withoutDataset' in opening ? wordText(opening.withoutDataset) : undefined],
    [label.since, openedAt],
    [label.until, endsAt],
    [{ en: 'review due', zh: '复核期限' }, reviewDueAt],
    [{ en: 'review', zh: '复核' }, reviewText(shown)],
    [{ en: 'SHA-256 of the case', zh: '案件的 SHA-256' }, hashOfCase(shown.emergency, shown.recordIds)],
  ]);
}

function showList({ items, ...rest }: Output<typeof transactions.ListEmergencies>): readonly Block[] {
  return [
    table(
      [label.ticket, label.since, label.actor, label.reasons, { en: 'scope', zh: '范围' }, { en: 'review', zh: '复核' }],
      items.map((shown) => {
        const { ticketId, openedAt, asker, reason, opening } = shown.emergency;
        const why = reason === undefined ? overwrittenText : wordText(reason);
        return [ticketId, openedAt, `${asker.mspId}:${asker.actorTag}`, why, opening ? wordText(opening.scope) : '', reviewText(shown)];
      }),
    ),
    ...restOfPage(rest),
  ];
}
