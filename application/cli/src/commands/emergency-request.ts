import { z } from 'zod';
import { newPrivateKey, newSalt, publicKeyOf } from '@lianyi/client';
import {
  actorTagSchema,
  cardIdSchema,
  datasetObstacles,
  departmentSchema,
  emergencyReasons,
  emergencyScopes,
  encodeBase64url,
  idNonceSchema,
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
import { openStaffSession, type StaffLedgerSession } from '../ledger/staff-session';
import { type CommandOutcome } from '../outcome';
import { checkedRequest, dryRun } from '../transact';
import { askFirst, decided } from './broken-glass';
import { cardNumber, ledBy, ledNowhere, type LedTo, showingRequest } from './emergency-card';
import { narrativeFileSchema, narrativeFileText } from './emergency-narrative';
import { ledToRows, onlyWithSecond, wantedSignature } from './emergency-signature';
import { askWithKey, newTicket, type NewTicket } from './ticket-asking';
import { flag } from './vocabulary';

const input = z.object({
  pseudonym: pseudonymSchema.optional(),
  records: list(recordIdSchema).optional(),
  card: cardIdSchema.optional(),
  cardFile: z.string().optional(),
  reason: z.enum(emergencyReasons),
  narrativeFile: z.string(),
  scope: z.enum(emergencyScopes).default('dataset'),
  after: ticketIdSchema.optional(),
  withoutDataset: z.enum(datasetObstacles).optional(),
  second: actorTagSchema.optional(),
  nonce: idNonceSchema.optional(),
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
    en: `By the card of a patient who cannot decide (--card, without their PIN): the card is shown to the ledger, the patient is told, and of what an emergency would open the newest 16 are asked for; a card that is none, one that is not active, a patient who refuses and one with nothing prepared are answered alike. First what was prepared for it (--scope dataset: records of class patient-summary). Other records with --scope full, and --after TICKET of the summary, or --without-dataset. Each record is decided by itself: the ticket opens those that are permitted. Exit code 4 when none is. Read with \`access read\`. ${narrativeFileText.en}`,
    zh: `可凭无法作决定的患者的卡（--card，无需其 PIN）：在账本上出示该卡并告知患者，再申请可打开的最新 16 份；卡不存在、卡未启用、患者拒绝、未准备摘要，答复完全相同。先打开为急诊准备的摘要（--scope dataset，类别为 patient-summary）。其他病历用 --scope full，并以 --after 指明摘要的凭单，或用 --without-dataset 说明无摘要。各份病历分别决定：凭单只打开获准的病历；无一获准时退出码为 4。随后用 access read 读取。${narrativeFileText.zh}`,
  },
  example: '--pseudonym PSEUDONYM --records RECORD --reason cannot-consent --narrative-file happened.json --as cardiologist',
  flags: [
    { flags: '--card <number>', text: { en: 'the number of the patient’s card, instead of both below', zh: '患者的卡号，代替以下两项' } },
    {
      flags: '--card-file <file>',
      text: { en: 'or what a scanner has read of it (- is standard input)', zh: '或扫码器读出的内容（- 表示标准输入）' },
    },
    { ...flag.pseudonym, required: false },
    { flags: '--records <list>', text: { en: 'records, at most 16', zh: '病历，最多 16 份' } },
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
    { flags: '--second <tag>', text: { en: 'who has countersigned it, where somebody has to', zh: '会签人代号（规定须会签时）' } },
    { flags: '--nonce <nonce>', text: { en: 'the one that was countersigned', zh: '会签时所用的随机数' } },
    { flags: '--minutes <n>', text: { en: 'how long, 5 to 240 (60)', zh: '时长（分钟），5 至 240（默认 60）' } },
    { flags: '--department <name>', text: { en: 'department (that of the profile)', zh: '科室（默认身份配置中的科室）' } },
  ],
  input,
  run: breakGlass,
});

async function breakGlass(call: CommandCall, asked: Input): Promise<CommandOutcome> {
  if ((asked.second === undefined) !== (asked.nonce === undefined)) throw new CliProblem('USAGE', '--second, --nonce');
  const ticket = newTicket(call, asked.department, asked.nonce);
  const opening = openingOf(asked);
  const cardId = namedCard(call, asked);
  const { text } = parsedFile(narrativeFileSchema, asked.narrativeFile, call.terminal);
  const session = await openStaffSession(call);
  try {
    if (cardId === undefined) return await askFor(call, session, { asked, ticket, opening, text, of: namedRecords(asked) });
    const showing = { ...ticket, cardId, reason: asked.reason };
    if (call.options.dryRun) return dryRun(await session.unsent(showingRequest(showing)));
    const of = await ledBy(session, showing, opening);
    if (of === undefined) return ledNowhere(showing);
    if (of.recordIds.length === 0) return onlyWithSecond(call, ticket.ticketId, of);
    return await askFor(call, session, { asked, ticket, opening, text, of });
  } finally {
    session.close();
  }
}

/** @throws CliProblem `USAGE` — a card, and what it stands for, at once */
function namedCard(call: CommandCall, asked: Input): ReturnType<typeof cardNumber> {
  const cardId = cardNumber(call, asked);
  const isTwice = asked.card !== undefined && asked.cardFile !== undefined;
  if (isTwice || (cardId !== undefined && [asked.pseudonym, asked.records, asked.second].some((each) => each !== undefined)))
    throw new CliProblem('USAGE', '--card | --card-file | --pseudonym, --records, --second');
  return cardId;
}

function namedRecords({ pseudonym, records }: Input): LedTo {
  if (pseudonym === undefined) throw lacking('--card <number> | --pseudonym <id>');
  if (records === undefined) throw lacking('--records <list>');
  return { pseudonym, recordIds: records, withSecond: [], others: 0 };
}

interface Asking {
  readonly asked: Input;
  readonly ticket: NewTicket;
  readonly opening: Opening;
  readonly text: string;
  readonly of: LedTo;
}

async function askFor(call: CommandCall, session: StaffLedgerSession, asking: Asking): Promise<CommandOutcome> {
  const { asked, ticket, opening, of } = asking;
  const { ticketId } = ticket;
  const { loaded } = call.actorOf('staff');
  const narrative = { text: asking.text, salt: saltSchema.parse(encodeBase64url(newSalt())) };
  const request = {
    ...{ ...ticket, pseudonym: of.pseudonym, recordIds: of.recordIds, reason: asked.reason, opening },
    ...(asked.second === undefined ? {} : { second: asked.second }),
    ...{ lastsMinutes: asked.minutes, narrativeCommitment: commitmentOf({ ticketId, ...narrative }) },
  };
  if (call.options.dryRun) {
    const shown = { ...request, ephemeralPublicKey: publicKeyOf(newPrivateKey()) };
    return dryRun(await session.unsent(checkedRequest(transactions.BreakGlass, shown)));
  }
  const answered = await askWithKey(call, { loaded, asked: request }, (ephemeralPublicKey) =>
    askFirst(call, session, loaded, { request: { ...request, ephemeralPublicKey }, narrative }),
  );
  const told = await decided(session, loaded, { ticketId, narrative }, answered);
  const led = asked.pseudonym === undefined ? [ledToRows(of)] : [];
  const wanted = wantedSignature(call, of, answered.denials);
  return { ...told, data: { ...(told.data as object), ...wanted?.data }, view: [...told.view, ...led, ...(wanted?.view ?? [])] };
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
