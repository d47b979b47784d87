import { CLOCK_SKEW_MS, COMMIT_WINDOW_MS, entities } from '@lianyi/domain';
import { type BlockCall } from '../gateway/block-call';
import { entryAt } from './composite-key';

/**
 * How the time that a client states stands to when the transaction was committed. No peer compares the two, and endorsers that collude do not
 * either. `late`: it was kept back, or dated back. `ahead`: that time has not come yet.
 */
export type Timeliness = 'in-time' | 'late' | 'ahead';

/** What is known of when a transaction was committed; in milliseconds since 1970. */
export interface CommitBounds {
  /** Since when at the earliest; 0: nobody can tell. */
  readonly seenMillis: number;
  /** By when the time had certainly come so far as a patient's hospital knows: nothing is completed for a later one. */
  provenBy(mspId: string | undefined): number;
}

/** When a transaction was committed, as far as anybody can tell. */
export interface Commit {
  readonly timeliness: Timeliness;
  readonly bounds: CommitBounds;
}

/**
 * @param seenAtMillis since when the transaction can have been committed at the earliest, in milliseconds since 1970; 0: nobody can tell
 * @param nowMillis when its block was read first
 */
export function timelinessOf(call: BlockCall | 'unreadable', seenAtMillis: number, nowMillis = Date.now()): Timeliness {
  if (call === 'unreadable') return 'in-time';
  if (isAhead(call, nowMillis)) return 'ahead';
  return seenAtMillis - call.proposedAtMillis > COMMIT_WINDOW_MS ? 'late' : 'in-time';
}

function isAhead({ proposedAtMillis }: BlockCall, nowMillis: number): boolean {
  return proposedAtMillis > nowMillis + CLOCK_SKEW_MS;
}

/** Kinds of entries that only as many members as the chaincode's policy demands can write. */
const ofTheChannel = new Set(
  Object.values(entities).flatMap(({ endorsement, objectType }) => (endorsement === 'channel' ? [objectType] : [])),
);

/**
 * By when each organisation's clients have shown that it is, in milliseconds since 1970.
 *
 * Who follows a chain long after it was made cannot tell what was dated ahead: every time that was stated has come by then. So a time counts
 * that clients of two organisations have reached: what those of one state alone makes nobody else's word late.
 */
export class ToldTimes {
  readonly #latest: Map<string, number>;

  constructor(known: Iterable<readonly [mspId: string, millis: number]> = []) {
    this.#latest = new Map(known);
  }

  /** An earlier time than one that was told changes nothing. @returns whether it is a later one */
  tell(mspId: string, millis: number): boolean {
    const isLater = millis > this.by(mspId);
    if (isLater) this.#latest.set(mspId, millis);
    return isLater;
  }

  /** The latest time that one organisation's clients have told; 0: none. */
  by(mspId: string | undefined): number {
    return this.#latest.get(mspId ?? '') ?? 0;
  }

  /** The latest time that clients of two organisations have reached; 0: none. */
  byTwo(): number {
    const [, second = 0] = [...this.#latest.values()].toSorted((one, other) => other - one);
    return second;
  }
}

/**
 * By when a transaction shows that it is, in milliseconds since 1970; 0 if it shows nothing.
 *
 * No peer compares the time that a client states with anything; the endorsers' chaincode does. What one member can commit alone tells no
 * time, and neither does a time that has not come yet.
 */
export function timeToldBy(call: BlockCall | 'unreadable', nowMillis = Date.now()): number {
  if (call === 'unreadable' || isAhead(call, nowMillis)) return 0;
  const isEndorsed = call.args.length > 0 && call.writes.some(({ key }) => ofTheChannel.has(entryAt(key)?.objectType ?? ''));
  return isEndorsed ? call.proposedAtMillis : 0;
}
