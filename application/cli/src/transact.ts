import { type SummaryReport } from '@lianyi/client/wallet';
import { type Told } from '@lianyi/client/node';
import { type z } from 'zod';
import {
  encodeOutcome,
  newRequest,
  type Output,
  type OutcomeOf,
  perform,
  type Pseudonym,
  qualifiedName,
  type Request,
  type SignedRequest,
  type TransactionEntry,
  type Transient,
} from '@lianyi/domain';
import { type CommandCall } from './call';
import { CliProblem } from './cli-problem';
import { openSession } from './ledger/open-session';
import { type LedgerSession, type UnsentRequest } from './ledger/session';
import { type Text } from './language';
import { type Block, type CommandOutcome, fields, line, outcome } from './outcome';
import { misfitsOf, misfitText } from './misfits';

export interface TransactOptions {
  /** Which of the wallet's pseudonyms signs a request that names none itself. */
  readonly signer?: Pseudonym | undefined;
}

/**
 * One transaction as a whole command: sign, send, show. With `--dry-run` it shows what would be sent.
 * `view` lays out the answer; where it was committed is added below.
 */
export async function transact<Entry extends TransactionEntry>(
  call: CommandCall,
  entry: Entry,
  input: NoInfer<Request<Entry>>,
  view: (result: Output<Entry>) => readonly Block[],
  options: TransactOptions = {},
): Promise<CommandOutcome> {
  return withSession(call, (session) => sendRequest(call, session, checkedRequest(entry, input), view), options.signer);
}

/** Sends a request and shows what it came to, or with `--dry-run` what would be sent. @param more - what programs are told besides, either way */
export async function sendRequest<Entry extends TransactionEntry>(
  call: CommandCall,
  session: LedgerSession,
  request: SignedRequest<Entry>,
  view: (result: Output<Entry>) => readonly Block[],
  more: object = {},
): Promise<CommandOutcome> {
  if (call.options.dryRun) return dryRun(await session.unsent(request), more);
  const answered = await perform(session.ledger, request);
  const told = request.entry.kind === 'submit' ? await session.told?.(request) : undefined;
  const summary = session.summaryReport?.();
  const data = { ...encodeOutcome(answered), ...told, ...summaryData(summary), ...more };
  const toldBy = told === undefined ? [] : [fields([byWhoseWord(told)])];
  return outcome(data, ...view(answered.result), ...committed(answered), ...toldBy, ...showSummary(summary));
}

/** What became of the summary, for programs; nothing for a wallet without a phrase, or where nothing was due. */
export function summaryData(report: SummaryReport | undefined): { readonly summary?: SummaryReport } {
  return report === undefined || report.written.length + report.pending.length === 0 ? {} : { summary: report };
}

/** The same for people: only what is still to be done, and why. */
export function showSummary(report: SummaryReport | undefined): readonly Block[] {
  return (report?.pending ?? []).map(({ pseudonym, code }) =>
    line({
      en: `The summary slot of ${pseudonym} is not written yet (${code}); the next command tries again, and so does \`wallet sync\`.`,
      zh: `假名 ${pseudonym} 的摘要格尚未写入（${code}）；下一条命令或 \`wallet sync\` 会重试。`,
    }),
  );
}

/** By whose word something is told, so that nobody takes a carrier's own for more than it is. */
export function byWhoseWord({ toldBy, isWitnessed }: Told): readonly [Text, string | Text] {
  const alone = {
    en: `${toldBy}: UNWITNESSED, the word of the node that carries alone`,
    zh: `${toldBy}：无见证，仅凭转送节点自己的说法`,
  };
  return [{ en: 'by the word of', zh: '转述者' }, isWitnessed ? toldBy : alone];
}

/** Sends one transaction; for commands of several steps. */
export async function ask<Entry extends TransactionEntry>(
  session: LedgerSession,
  entry: Entry,
  input: NoInfer<Request<Entry>>,
): Promise<OutcomeOf<Entry>> {
  return perform(session.ledger, checkedRequest(entry, input));
}

/** Runs with the session of `--as`, and closes it whatever happens. */
export async function withSession<Result>(
  call: CommandCall,
  run: (session: LedgerSession) => Promise<Result>,
  signer?: Pseudonym,
): Promise<Result> {
  const session = await openSession(call, signer);
  try {
    return await run(session);
  } finally {
    session.close();
  }
}

/** Parses input and private value by the catalogue before anything is signed; every place that does not fit is told. */
export function checkedRequest<Entry extends TransactionEntry>(entry: Entry, input: unknown, transient?: unknown): SignedRequest<Entry> {
  check(entry.request, input, 'input');
  if (transient === undefined || entry.transient === undefined) return newRequest(entry, input as Request<Entry>); // as just checked
  check(entry.transient, transient, 'transient');
  return newRequest(entry, input as Request<Entry>, { transient: transient as Transient<Entry> }); // as just checked
}

/** What `--dry-run` prints: what would leave this machine, its signature excepted. A private value is named, not shown. */
export function dryRun({ to, request, statement, seenBlock }: UnsentRequest, more: object = {}): CommandOutcome {
  const { entry, input } = request;
  return showUnsent({
    ...{ to, transaction: qualifiedName(entry), kind: entry.kind, input },
    ...(statement === undefined ? {} : { statement }),
    ...(seenBlock === undefined ? {} : { seenBlock: seenBlock.toString() }),
    ...('transient' in request ? { transient: 'present' } : {}),
    ...more,
  });
}

/** The same for an operation of the member node. */
export function showUnsent(shown: unknown): CommandOutcome {
  return outcome(shown, { kind: 'raw', text: JSON.stringify(shown, null, 2) });
}

/** Where a transaction stands in the chain; nothing for a read. */
export function committed({
  transactionId,
  blockNumber,
}: Pick<OutcomeOf<TransactionEntry>, 'transactionId' | 'blockNumber'>): readonly Block[] {
  if (transactionId === undefined) return [];
  return [
    line(''),
    fields([
      [{ en: 'transaction', zh: '交易号' }, transactionId],
      [{ en: 'block', zh: '区块' }, blockNumber?.toString()],
    ]),
  ];
}

function check(schema: z.ZodType, value: unknown, where: string): void {
  const placed = misfitsOf(schema, value).map(({ path, why }) => [[where, ...path].join('.'), why] as const);
  if (placed.length > 0) throw new CliProblem('USAGE', misfitText(placed));
}
