import { DomainError, errors, isErrorCode, NoAnswer, Refused, Unavailable } from '@lianyi/domain';
import { type RequestSigner } from '../signing/acting-ledger';
import { type EventCursor, eventCursorSchema, MOST_WAIT_SECONDS, type ToldEvent } from './event-operations';
import { type MemberNodeClient } from './member-node-client';
import { memberOperations } from './operations';

/** Where an application keeps how far it has come. */
export interface EventStore {
  /** The cursor of the last event whose effect is kept; undefined before the first. */
  after(): Promise<EventCursor | undefined> | EventCursor | undefined;
  /**
   * Has the effect of an event, and keeps the event's cursor, **in one transaction of the application's database**: then each event has its effect
   * exactly once, whenever the application or the node is stopped. Where the two are kept apart an event can have its effect again; its cursor is
   * its name for ever, by which that is seen.
   */
  take(event: ToldEvent): Promise<void> | void;
}

export interface FollowOptions {
  /** Ends the following; what was taken is kept. */
  readonly signal?: AbortSignal;
  /** How long the node may wait for the next event, in seconds. */
  readonly waitSeconds?: number;
  /** Is told of what kept the node from answering, before it is asked again. */
  readonly interrupted?: (error: unknown, retryMillis: number) => void;
  /** The first pause after a failure; each one after it doubles, up to half a minute. */
  readonly pauseMillis?: number;
}

const LONGEST_PAUSE_MILLIS = 30_000;

/**
 * Follows what concerns the hospital until it is stopped: hands the store one event after another, in the order of the chain, from the last one kept.
 * A node that does not answer is asked again, with growing pauses.
 *
 * @throws what the store throws; the refusals of the node that do not pass (`NOT_PERMITTED`, `BAD_SIGNATURE` …); {@link DomainError} `ANSWER_DIFFERS` —
 * the node told an event that stands before what is kept, or out of order.
 */
export async function followEvents(follower: Follower, store: EventStore, options: FollowOptions = {}): Promise<void> {
  const { signal, waitSeconds = MOST_WAIT_SECONDS, interrupted, pauseMillis = 500 } = options;
  const isStopped = (): boolean => signal?.aborted === true;
  const stop = stopped(signal);
  let [after, pause] = [await store.after(), pauseMillis];
  while (!isStopped()) {
    const question = { waitSeconds, ...(after === undefined ? {} : { after }) };
    const { events, error } = await Promise.race([stop, ask(follower, question)]);
    if (events !== undefined) {
      after = await take(events, store, after, isStopped);
      pause = pauseMillis;
    } else if (!isStopped()) {
      interrupted?.(error, pause);
      await Promise.race([stop, sleep(pause)]);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
    }
  }
}

/** Hands one event after another to the store. @returns the last one that it has taken */
async function take(
  events: readonly ToldEvent[],
  store: EventStore,
  before: EventCursor | undefined,
  isStopped: () => boolean,
): Promise<EventCursor | undefined> {
  let after = before;
  for (const event of events) {
    if (isStopped()) break;
    assertBehind(event.cursor, after);
    await store.take(event);
    after = event.cursor;
  }
  return after;
}

/** Whoever follows: a session of staff has both. */
interface Follower {
  readonly node: Pick<MemberNodeClient, 'askSigned'>;
  readonly sign: RequestSigner;
}
type Question = { readonly waitSeconds: number; readonly after?: EventCursor };

/** What the node told, or why it told nothing for now. */
interface Answered {
  readonly events?: readonly ToldEvent[];
  readonly error?: unknown;
}

async function ask({ node, sign }: Follower, question: Question): Promise<Answered> {
  try {
    return { events: (await node.askSigned(memberOperations.FollowEvents, question, sign)).events };
  } catch (error) {
    if (passes(error)) return { error };
    throw error;
  }
}

/** A node that is away, busy or behind will answer again. */
function passes(error: unknown): boolean {
  if (error instanceof Refused) return isErrorCode(error.code) && errors[error.code].retry;
  return error instanceof Unavailable || (error instanceof NoAnswer && error.misfits === undefined);
}

/** Compares two places in the chain. @returns less than 0: the first one stands before the other */
export function compareCursors(one: EventCursor, other: EventCursor): number {
  const [left, right] = [one.split('-').map(Number), other.split('-').map(Number)];
  return left.map((number, index) => number - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

/** The place before the first event of a block, such as the one after all that a node has followed (`height`): to begin with what comes now. */
export function cursorBefore(block: bigint): EventCursor | undefined {
  return block === 0n ? undefined : eventCursorSchema.parse(`${block - 1n}-999999999-99`);
}

function assertBehind(cursor: EventCursor, after: EventCursor | undefined): void {
  if (after !== undefined && compareCursors(cursor, after) <= 0)
    throw new DomainError('ANSWER_DIFFERS', 'an event stands before what was told', { field: 'cursor', cursor, after });
}

/** Settles once it is stopped: what a node is still asked is then waited for by nobody. */
function stopped(signal: AbortSignal | undefined): Promise<Answered> {
  return new Promise((resolve) => {
    signal?.addEventListener('abort', () => {
      resolve({});
    });
  });
}

function sleep(millis: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, millis);
  });
}
