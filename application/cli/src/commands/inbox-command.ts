import { z } from 'zod';
import { type InboxView, type Note } from '@lianyi/client/wallet';
import { encodeOutcome } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem, lacking } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { whole } from '../inputs';
import { type Text } from '../language';
import { openOwnWallet } from '../ledger/own-wallet';
import { type PatientLedgerSession, withPatientSession } from '../ledger/patient-session';
import { type Block, type CommandOutcome, fields, line, outcome, table } from '../outcome';
import { readerOf, renderView } from '../render';
import { committed, showSummary, summaryData } from '../transact';
import { InboxNews, type NewsOfOther } from './inbox-news';
import { lineColumns, lineHead } from './audit-line';
import { label } from './vocabulary';
import { stateText } from './words';

const actions = ['accept', 'reject', 'read'] as const;
const SECOND = 1_000;

const input = z.object({
  action: z.enum(actions).optional(),
  note: z
    .string()
    .regex(/^[0-9a-f]{12,24}$/)
    .optional(),
  all: z.boolean().default(false),
  watch: z.boolean().default(false),
  every: whole(z.int().min(1).max(3_600)).default(30),
  through: z.string().optional(),
});
type InboxInput = z.output<typeof input>;

/** What others have done to the patient, and what waits for an answer. */
export const inboxCommand: CommandSpec = command({
  name: 'inbox',
  summary: {
    en: 'what others did since you last read, and what waits for your answer',
    zh: '收件箱：上次阅读之后他人所做的事，以及待您答复的事项',
  },
  detail: {
    en: '--watch is told by the nodes as soon as something happens to you, or to somebody for whom you act: of them it says just that. Read from the ledger’s audit of each of your pseudonyms, through the node of its hospital and the witness: nobody can send a note of what did not happen. `accept NOTE` and `reject NOTE` answer what is pending; `read` shows all that is unread and marks it as read. The place comes back with the recovery phrase.',
    zh: '--watch 由节点在您或您所代理的人有新动态时即时告知；对后者仅告知有新动态。取自账本上您各假名的审计记录，经由其医院的节点和见证节点读取：没有发生过的事无法成为通知。`accept NOTE` 与 `reject NOTE` 答复待处理事项；`read` 显示所有未读通知并标为已读。已读位置可凭恢复短语恢复。',
  },
  example: 'accept NOTE --as patient',
  hasNoDryRun: true,
  arguments: [
    { term: '[action]', text: { en: 'what to do (show what is unread)', zh: '操作（默认显示未读通知）' }, choices: actions },
    { term: '[note]', text: { en: 'which note is accepted or rejected', zh: '要接受或拒绝的通知' } },
  ],
  flags: [
    { flags: '--all', text: { en: 'also what was read', zh: '包括已读通知' } },
    { flags: '--watch', text: { en: 'go on showing what comes, until stopped', zh: '持续显示新通知，直至停止' } },
    {
      flags: '--every <seconds>',
      text: { en: 'how often --watch asks, 1 to 3600 (30)', zh: '--watch 的询问间隔秒数，1 至 3600（默认 30）' },
    },
    {
      flags: '--through <profile>',
      text: {
        en: 'through the node of this profile, of any member, who then sees all your pseudonyms (those of their hospitals)',
        zh: '经由该身份配置的节点（任一成员均可），该成员会看到您的全部假名（默认各假名所属医院的节点）',
      },
    },
  ],
  input,
  run: (call, options) => withPatientSession(call, { through: options.through }, (session) => perform(call, session, options)),
});

/** @throws {@link CliProblem} `USAGE` — parts of different uses at once */
async function perform(call: CommandCall, session: PatientLedgerSession, options: InboxInput): Promise<CommandOutcome> {
  const { action, note, all, watch } = options;
  if (action === 'accept' || action === 'reject') {
    if (note === undefined) throw lacking('[note]');
    return answer(session, action, note);
  }
  if (note !== undefined) throw new CliProblem('USAGE', `[note]: ${actions.slice(0, 2).join(' | ')}`);
  if (action === 'read') {
    const view = await session.inbox.markRead();
    const summary = await session.keepSummary();
    return outcome({ ...dataOf(view), ...summaryData(summary) }, ...blocksOf(view), ...showSummary(summary));
  }
  if (watch) return watchInbox(call, session, options);
  const view = await session.inbox.list({ all });
  return outcome(dataOf(view), ...blocksOf(view));
}

async function answer(session: PatientLedgerSession, action: 'accept' | 'reject', note: Note['id']): Promise<CommandOutcome> {
  const { note: answeredNote, outcome: answered } = await session.inbox.answer(note, action);
  const summary = session.summaryReport();
  const { state } = z.looseObject({ state: z.string().optional() }).parse(answered.result);
  const { about } = answeredNote;
  const shown = fields([[noteLabel, note], ...aboutFields(about), [label.state, state === undefined ? undefined : stateText(state)]]);
  return outcome(
    { note, about, ...encodeOutcome(answered), ...summaryData(summary) },
    shown,
    ...committed(answered),
    ...showSummary(summary),
  );
}

/** Shows what is there and then what comes; what a member says of it once stays said. */
async function watchInbox(call: CommandCall, session: PatientLedgerSession, { all, every }: InboxInput): Promise<CommandOutcome> {
  const { terminal, options } = call;
  const stop = new AbortController();
  const stopped = terminal.untilStopped(false).then(() => {
    stop.abort();
  });
  const shown = new Set<string>();
  const news = new InboxNews(session, stop.signal, every * SECOND);
  await news.start((await openOwnWallet(call)).relationships());
  do {
    const view = await session.inbox.list({ all });
    const fresh = { ...view, notes: view.notes.filter(({ id }) => !shown.has(id)) };
    for (const { id } of fresh.notes) shown.add(id);
    if (options.json) for (const each of fresh.notes) terminal.out(`${JSON.stringify(noteData(each))}\n`);
    else if (fresh.notes.length > 0) terminal.out(renderView(outcome({}, ...blocksOf(fresh)), readerOf(terminal, options.language)));
    await Promise.race([stopped, pause(every * SECOND), news.next()]);
    for (const each of news.ofOthers())
      terminal.out(
        options.json ? `${JSON.stringify(each)}\n` : renderView(outcome({}, toldOf(each)), readerOf(terminal, options.language)),
      );
  } while (!stop.signal.aborted);
  return { data: {}, view: [], silent: true };
}

/** That something has happened to somebody for whom the wallet acts; what it is, their audit says. */
function toldOf({ pseudonym, mspId, blockNumber }: NewsOfOther): Block {
  return line({
    en: `News of ${pseudonym} (${mspId}), for whom you act, in block ${blockNumber}: \`lianyi audit list --pseudonym ${pseudonym}\``,
    zh: `您所代理的 ${pseudonym}（${mspId}）有新动态，区块 ${blockNumber}：请用 \`lianyi audit list --pseudonym ${pseudonym}\` 查看`,
  });
}

async function pause(millis: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, millis).unref());
}

const noteLabel = { en: 'note', zh: '通知' };

/** What an answer would be about: the line says who and when, and not which. */
function aboutText(about: Note['about']): Text | undefined {
  if (about === undefined) return undefined;
  if ('mspId' in about) return { en: `the relationship with ${about.mspId}`, zh: `与 ${about.mspId} 的关系` };
  if ('caseId' in about) return { en: `recovery ${about.caseId}`, zh: `找回 ${about.caseId}` };
  return { en: `delegation ${about.delegationId}`, zh: `委托 ${about.delegationId}` };
}

function aboutFields(about: Note['about']): Parameters<typeof fields>[0] {
  return [[{ en: 'about', zh: '所涉' }, aboutText(about)]];
}

function pendingText({ answers, about }: Note): Text {
  const of = aboutText(about);
  const [en, zh] = of === undefined ? ['', ''] : [` ${of.en}`, `${of.zh}，`];
  return { en: `PENDING: ${answers.join(' or ')}${en}`, zh: `待答复：${zh}${answers.join(' 或 ')}` };
}

const contestedText = { en: 'CONTESTED: members tell this differently', zh: '说法不一：各成员对此所述不同' };

const untoldText = { en: 'NOT IN THE AUDIT: somebody has kept its line from you', zh: '审计记录中没有：有人向您隐瞒了该条记录' };
/** More records than this are a number: all of them stand in the answer that programs read. */
const MOST_RECORDS = 20;
function countText(count: number, records: Note['records']): Text {
  const counted = { en: `${count} of these, the newest shown`, zh: `此类共 ${count} 条，显示最新一条` };
  if (records.length === 0) return counted;
  const named = records.slice(0, MOST_RECORDS);
  const others = records.length - named.length;
  const [en, zh] = others > 0 ? [` and ${others} more`, ` 等 ${records.length} 份`] : ['', ''];
  return { en: `${counted.en}, about ${named.join(', ')}${en}`, zh: `${counted.zh}，涉及病历 ${named.join('、')}${zh}` };
}

function stateOf(note: Note): Text | undefined {
  const { answers, count, records, isUntold, isContested } = note;
  const parts = [
    ...(answers.length > 0 ? [pendingText(note)] : []),
    ...(isContested ? [contestedText] : []),
    ...(isUntold ? [untoldText] : []),
    ...(count > 1 ? [countText(count, records)] : []),
  ];
  if (parts.length === 0) return undefined;
  return { en: parts.map(({ en }) => en).join('; '), zh: parts.map(({ zh }) => zh).join('；') };
}

function dataOf({ notes, unheard, unwitnessed }: InboxView): Readonly<Record<string, unknown>> {
  return { notes: notes.map(noteData), unheard, unwitnessed };
}

function noteData({ id, mspId, line: said, ...more }: Note): Readonly<Record<string, unknown>> {
  const { count, records, about, isUntold, isRead, isContested, answers } = more;
  return { note: id, mspId, ...said, count, records, ...(about === undefined ? {} : { about }), isUntold, isRead, isContested, answers };
}

function blocksOf({ notes, unheard, unwitnessed }: InboxView): readonly Block[] {
  const head = [noteLabel, ...lineHead, label.organisation, label.state];
  const rows = notes.map((note) => [note.id, ...lineColumns(note.line), note.mspId, stateOf(note)]);
  return [
    table(head, rows, { en: 'nothing unread, nothing pending', zh: '没有未读或待答复的通知' }),
    ...unheard.map(({ pseudonym, mspId, code }) =>
      line({
        en: `Not everything about ${pseudonym} (${mspId}) could be asked: ${code}. What is missing is not marked as read.`,
        zh: `假名 ${pseudonym}（${mspId}）的通知未能全部查询：${code}；缺少的部分不会标为已读。`,
      }),
    ),
    ...unwitnessed.map((pseudonym) =>
      line({
        en: `UNWITNESSED: of ${pseudonym} this is the word of one node, which could keep a note back.`,
        zh: `无见证：假名 ${pseudonym} 的通知仅凭一个节点的说法，该节点可能隐瞒通知。`,
      }),
    ),
  ];
}
