import { z } from 'zod';
import { type Journal } from './journal';

/** How much may be in the journal. */
export interface RoomBounds {
  /** Messages that are not done. */
  readonly messages: number;
  /** Bytes of all messages, refused ones included. */
  readonly bytes: number;
}

/** Of both bounds one address or certificate may have so much, which leaves the others the rest. */
const SHARE = 3 / 4;
/** So many give way at a time: the next ones need not look. */
const AT_ONCE = 100;

const heldSchema = z.object({ messages: z.int().nullable(), bytes: z.int().nullable() });
const HELD = `SELECT sum(iif(kind = 'refused', 0, messages)) AS messages, sum(bytes) AS bytes FROM held`;

/**
 * Whether one more message may come. Where there is no room it is made, of whoever holds too much, or else the most: first the content of what was
 * refused goes, then what waits for people is refused and its content goes, of each the oldest, which has waited for longest in vain. What is to be
 * done, or waits for the node, never gives way: then the new one is not taken. Inside or outside of `write`.
 */
export function makeRoom(journal: Journal, arriving: { readonly origin: string; readonly bytes: number }, most: RoomBounds): boolean {
  const { origin, bytes } = arriving;
  const share = { messages: Math.ceil(most.messages * SHARE), bytes: Math.ceil(most.bytes * SHARE) };
  const ofOne = (): RoomBounds => heldIn(journal.all(`${HELD} WHERE origin = ?`, origin));
  const ofAll = (): RoomBounds => heldIn(journal.all(HELD));
  return (
    fits(ofOne, bytes, share, (lacking) => giveWay(journal, lacking, () => origin)) &&
    fits(ofAll, bytes, most, (lacking) => giveWay(journal, lacking, (kind) => largest(journal, kind, lacking)))
  );
}

function fits(held: () => RoomBounds, bytes: number, most: RoomBounds, giveWayOf: (lacking: keyof RoomBounds) => boolean): boolean {
  for (;;) {
    const now = held();
    const lacking = now.messages + 1 > most.messages ? 'messages' : now.bytes + bytes > most.bytes ? 'bytes' : undefined;
    if (lacking === undefined) return true;
    if (!giveWayOf(lacking)) return false;
  }
}

/** @returns whether anything gave way */
function giveWay(journal: Journal, lacking: keyof RoomBounds, originOf: (kind: 'refused' | 'apart') => string | undefined): boolean {
  // what is refused counts for its bytes alone
  const kinds = lacking === 'bytes' ? (['refused', 'apart'] as const) : (['apart'] as const);
  return kinds.some((kind) => {
    const origin = originOf(kind);
    return origin !== undefined && journal.letGo(kind, origin, AT_ONCE) > 0;
  });
}

function largest(journal: Journal, kind: 'refused' | 'apart', by: keyof RoomBounds): string | undefined {
  const text = `SELECT origin FROM held WHERE kind = ? AND ${by} > 0 ORDER BY ${by} DESC LIMIT 1`;
  const [found] = z.array(z.object({ origin: z.string() })).parse(journal.all(text, kind));
  return found?.origin;
}

function heldIn([row]: readonly unknown[]): RoomBounds {
  const { messages, bytes } = heldSchema.parse(row);
  return { messages: messages ?? 0, bytes: bytes ?? 0 };
}
