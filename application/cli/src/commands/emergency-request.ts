import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { newPrivateKey, newSalt, publicKeyOf } from '@lianyi/client';
import { type LoadedProfile, ticketFolder } from '@lianyi/client/node';
import {
  datasetObstacles,
  departmentSchema,
  emergencyReasons,
  emergencyScopes,
  encodeBase64url,
  encodeOutcome,
  type Opening,
  perform,
  pseudonymSchema,
  recordIdSchema,
  saltSchema,
  TICKET_LIFETIME_MS,
  type TicketId,
  ticketIdSchema,
  transactions,
  type Transient,
} from '@lianyi/domain';
import { commitmentOf } from '@lianyi/domain/deciding';
import { codeOfFailure, LedgerFailure } from '@lianyi/domain/errors';
import { type CommandCall } from '../call';
import { CliProblem, lacking } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { exitCode } from '../exit-code';
import { list, parsedFile, whole } from '../inputs';
import { type LedgerSession } from '../ledger/session';
import { type Block, type CommandOutcome, line, outcome } from '../outcome';
import { ask, checkedRequest, committed, dryRun, withSession } from '../transact';
import { narrativeFileSchema, narrativeFileText, narrativeRequest } from './emergency-commands';
import { askWithKey, newTicketAsking } from './ticket-asking';
import { showDecision } from './show-decision';
import { flag } from './vocabulary';

const MINUTE_MS = 60_000;

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
    const { answered, denials, isDenied } = await askWithKey(call, asking, (ephemeralPublicKey) =>
      ask(session, transactions.BreakGlass, { ...request, ephemeralPublicKey }),
    );
    if (!isDenied) keepLonger(asking.loaded, ticketId, call.terminal.now(), asked.minutes);
    const told = isDenied ? [] : await tell(session, ticketId, narrative);
    const shown = [...showDecision(answered.result, denials), ...told, ...committed(answered)];
    return { ...outcome(encodeOutcome(answered), ...shown), exitCode: isDenied ? exitCode.denied : exitCode.ok };
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

/** A key's file is forgotten a ticket's lifetime after its own time: of an emergency, that lies so much later. */
function keepLonger(actor: LoadedProfile, ticketId: TicketId, now: Date, minutes: number): void {
  const from = new Date(now.getTime() + Math.max(0, minutes * MINUTE_MS - TICKET_LIFETIME_MS));
  utimesSync(join(ticketFolder(actor), `${ticketId}.pem`), from, from);
}

/** What was opened is opened: where its narrative cannot be kept now, the salt is told, with which it is kept later. */
async function tell(
  session: LedgerSession,
  ticketId: TicketId,
  narrative: Transient<typeof transactions.PutEmergencyNarrative>,
): Promise<readonly Block[]> {
  try {
    await perform(session.ledger, narrativeRequest(ticketId, narrative));
    return [];
  } catch (error) {
    if (!(error instanceof LedgerFailure)) throw error;
    const code = codeOfFailure(error);
    return [
      line({
        en: `What happened is not kept yet (${code}): \`lianyi emergency tell ${ticketId} --narrative-file FILE --salt=${narrative.salt}\``,
        zh: `经过尚未保存（${code}）：请用 \`lianyi emergency tell ${ticketId} --narrative-file FILE --salt=${narrative.salt}\` 补存`,
      }),
    ];
  }
}
