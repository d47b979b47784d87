import { type z } from 'zod';
import {
  canonicalJson,
  type Output,
  parseResponse,
  type Pseudonym,
  qualifiedName,
  type Request,
  type TransactionEntry,
} from '@lianyi/domain';
import { type Call } from './call';
import { CliProblem } from './cli-problem';
import { openSession } from './ledger/open-session';
import { type LedgerAnswer, type LedgerRequest, type LedgerSession, type ShownRequest } from './ledger/session';
import { type Block, fields, line, outcome, type Outcome } from './outcome';

export interface TransactOptions {
  /** Which of the wallet's pseudonyms signs a request that names none itself. */
  readonly signer?: Pseudonym | undefined;
}

/** An answer of the ledger, typed by the catalogue. */
export interface Answered<Entry extends TransactionEntry> {
  readonly result: Output<Entry>;
  readonly transactionId?: string;
  readonly blockNumber?: string;
}

/**
 * One transaction as a whole command: sign, send, show. With `--dry-run` it shows what would be sent.
 * `view` lays out the answer; where it was committed is added below.
 */
export async function transact<Entry extends TransactionEntry>(
  call: Call,
  entry: Entry,
  input: NoInfer<Request<Entry>>,
  view: (result: Output<Entry>) => readonly Block[],
  options: TransactOptions = {},
): Promise<Outcome> {
  return withSession(call, async (session) => {
    const request = { ...checkedRequest(entry, input), ...(options.signer === undefined ? {} : { signer: options.signer }) };
    if (call.options.dryRun) return dryRun(await session.show(request));
    const answered = read(entry, await session.send(request));
    return outcome(answered, ...view(answered.result), ...committed(answered));
  });
}

/** Sends one transaction and answers its typed result; for commands of several steps. */
export async function ask<Entry extends TransactionEntry>(
  session: LedgerSession,
  entry: Entry,
  input: NoInfer<Request<Entry>>,
): Promise<Answered<Entry>> {
  return read(entry, await session.send(checkedRequest(entry, input)));
}

/** Runs with the session of `--as`, and closes it whatever happens. */
export async function withSession<Result>(call: Call, run: (session: LedgerSession) => Promise<Result>): Promise<Result> {
  const session = await openSession(call);
  try {
    return await run(session);
  } finally {
    session.close();
  }
}

/** Parses input and private value by the catalogue before anything is signed. */
export function checkedRequest(entry: TransactionEntry, input: unknown, transient?: unknown): LedgerRequest {
  const request = { entry, input: check(entry.request, input, 'input') };
  if (transient === undefined || entry.transient === undefined) return request;
  return { ...request, transient: check(entry.transient, transient, 'transient') };
}

export function dryRun(shown: ShownRequest): Outcome {
  return outcome(shown, { kind: 'raw', text: JSON.stringify(shown, null, 2) });
}

/** Where a transaction stands in the chain; nothing for a read. */
export function committed({ transactionId, blockNumber }: Pick<LedgerAnswer, 'transactionId' | 'blockNumber'>): readonly Block[] {
  if (transactionId === undefined) return [];
  return [
    line(''),
    fields([
      [{ en: 'transaction', zh: '交易号' }, transactionId],
      [{ en: 'block', zh: '区块' }, blockNumber],
    ]),
  ];
}

/** What a member node answers is checked as what a peer answers: another schema is another version, not data. */
function read<Entry extends TransactionEntry>(entry: Entry, answer: LedgerAnswer): Answered<Entry> {
  try {
    return { ...answer, result: parseResponse(entry, canonicalJson(answer.result)) };
  } catch (cause) {
    throw new CliProblem('NOT_AN_ANSWER', qualifiedName(entry), { cause });
  }
}

function check(schema: z.ZodType, value: unknown, where: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${[where, ...issue.path].join('.')}: ${issue.message}`);
  throw new CliProblem('USAGE', issues.join('; '));
}
