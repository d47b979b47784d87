import { z } from 'zod';
import { newPrivateKey, newSalt, publicKeyOf } from '@lianyi/client';
import {
  datasetObstacles,
  departmentSchema,
  emergencyReasons,
  emergencyScopes,
  encodeBase64url,
  type Opening,
  pseudonymSchema,
  recordIdSchema,
  saltSchema,
  ticketIdSchema,
  transactions,
} from '@lianyi/domain';
import { commitmentOf } from '@lianyi/domain/deciding';
import { type CommandCall } from '../call';
import { CliProblem, lacking } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { list, parsedFile, whole } from '../inputs';
import { type CommandOutcome } from '../outcome';
import { checkedRequest, dryRun, withSession } from '../transact';
import { askFirst, decided } from './broken-glass';
import { narrativeFileSchema, narrativeFileText } from './emergency-narrative';
import { askWithKey, newTicketAsking } from './ticket-asking';
import { flag } from './vocabulary';

const input = z.object({
  pseudonym: pseudonymSchema,
  records: list(recordIdSchema),
  reason: z.enum(emergencyReasons),
  narrativeFile: z.string(),
  scope: z.enum(emergencyScopes).default('dataset'),
  after: ticketIdSchema.optional(),
  withoutDataset: z.enum(datasetObstacles).optional(),
  minutes: whole(z.int().min(5).max(240)).default(60),
  department: departmentSchema.optional(),
});
type Input = z.output<typeof input>;

/** A clinician breaks the glass. */
export const emergencyRequestCommand: CommandSpec = command({
  name: 'emergency',
  summary: {
    en: 'open records in an emergency without a consent; it is reviewed, and the patient is told (clinician)',
    zh: '急诊时未经授权打开病历；须经复核并告知患者（临床人员）',
  },
  detail: {
    en: `First what was prepared for it (--scope dataset: records of class patient-summary). Other records with --scope full, and --after TICKET of the summary, or --without-dataset. Each record is decided by itself: the ticket opens those that are permitted. Exit code 4 when none is. Read with \`access read\`. ${narrativeFileText.en}`,
    zh: `先打开为急诊准备的摘要（--scope dataset，类别为 patient-summary）。其他病历用 --scope full，并以 --after 指明摘要的凭单，或用 --without-dataset 说明无摘要。各份病历分别决定：凭单只打开获准的病历；无一获准时退出码为 4。随后用 access read 读取。${narrativeFileText.zh}`,
  },
  example: '--pseudonym PSEUDONYM --records RECORD --reason cannot-consent --narrative-file happened.json --as cardiologist',
  flags: [
    flag.pseudonym,
    { flags: '--records <list>', text: { en: 'records, at most 16', zh: '病历，最多 16 份' }, required: true },
    {
      flags: '--reason <reason>',
      text: { en: 'why nobody could be asked', zh: '为何无法征求同意' },
      required: true,
      choices: emergencyReasons,
    },
    { flags: '--narrative-file <file>', text: { en: 'what happened, as JSON', zh: '经过（JSON）' }, required: true },
    { flags: '--scope <scope>', text: { en: 'what is opened (dataset)', zh: '打开的范围（默认 dataset）' }, choices: emergencyScopes },
    { flags: '--after <ticket>', text: { en: 'the ticket of the summary', zh: '摘要的凭单' } },
    {
      flags: '--without-dataset <why>',
      text: { en: 'why no summary was opened', zh: '未打开摘要的原因' },
      choices: datasetObstacles,
    },
    { flags: '--minutes <n>', text: { en: 'how long, 5 to 240 (60)', zh: '时长（分钟），5 至 240（默认 60）' } },
    { flags: '--department <name>', text: { en: 'department (that of the profile)', zh: '科室（默认身份配置中的科室）' } },
  ],
  input,
  run: breakGlass,
});

async function breakGlass(call: CommandCall, asked: Input): Promise<CommandOutcome> {
  const asking = newTicketAsking(call, asked);
  const { ticketId } = asking.asked;
  const { text } = parsedFile(narrativeFileSchema, asked.narrativeFile, call.terminal);
  const narrative = { text, salt: saltSchema.parse(encodeBase64url(newSalt())) };
  const request = {
    ...{ ...asking.asked, reason: asked.reason, opening: openingOf(asked) },
    ...{ lastsMinutes: asked.minutes, narrativeCommitment: commitmentOf({ ticketId, ...narrative }) },
  };
  return withSession(call, async (session) => {
    if (call.options.dryRun) {
      const shown = { ...request, ephemeralPublicKey: publicKeyOf(newPrivateKey()) };
      return dryRun(await session.unsent(checkedRequest(transactions.BreakGlass, shown)));
    }
    const answered = await askWithKey(call, asking, (ephemeralPublicKey) =>
      askFirst(call, session, asking.loaded, { request: { ...request, ephemeralPublicKey }, narrative }),
    );
    return decided(session, asking.loaded, { ticketId, narrative }, answered);
  });
}

function openingOf({ scope, after, withoutDataset }: Input): Opening {
  if (scope === 'dataset') {
    if (after !== undefined || withoutDataset !== undefined) throw new CliProblem('USAGE', '--scope dataset, --after, --without-dataset');
    return { scope };
  }
  if (after !== undefined && withoutDataset !== undefined) throw new CliProblem('USAGE', '--after, --without-dataset');
  if (after !== undefined) return { scope, after };
  if (withoutDataset === undefined) throw lacking('--after <ticket>');
  return { scope, withoutDataset };
}
