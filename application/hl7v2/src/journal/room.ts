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
/** So many give way at a time at most, whatever is lacking. */
const MOST_AT_ONCE = 1_000;

const heldSchema = z.object({ messages: z.int().nullable(), bytes: z.int().nullable() });
const HELD = `SELECT sum(iif(kind = 'refused', 0, messages)) AS messages, sum(bytes) AS bytes FROM held`;

/**
 * Whether one more message may come. Where there is no room it is made, of whoever holds too much, or else the most: first the content of what was
 * refused goes, then what waits for people is refused and its content goes, of each the oldest, which has waited for longest in vain. What is to be
 * done, or waits for the node, never gives way: then the new one is not taken. Inside or outside of `write`.
 * @param onGivenWay - told how many messages' content went
 */
export function makeRoom(
  journal: Journal,
  { origin, bytes }: { readonly origin: string; readonly bytes: number },
  most: RoomBounds,
  onGivenWay: (messages: number) => void = () => undefined,
): boolean {
  const share = { messages: Math.ceil(most.messages * SHARE), bytes: Math.ceil(most.bytes * SHARE) };
  const ofOne = (): RoomBounds => heldIn(journal.all(`${HELD} WHERE origin = ?`, origin));
  const ofAll = (): RoomBounds => heldIn(journal.all(HELD));
  return (
    fits(ofOne, bytes, share, (lacking) => giveWay(journal, lacking, { origin, bytes }, onGivenWay)) &&
    fits(
      ofAll,
      bytes,
      most,
      (lacking) =>
        giveWay(journal, lacking, { origin: largest(journal, lacking), bytes }, onGivenWay) ||
        giveWay(journal, lacking, { origin, bytes }, onGivenWay),
    )
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
function giveWay(
  journal: Journal,
  lacking: keyof RoomBounds,
  { origin, bytes }: { readonly origin: string; readonly bytes: number },
  onGivenWay: (messages: number) => void,
): boolean {
  // what is refused counts for its bytes alone
  const kinds = lacking === 'bytes' ? (['refused', 'apart'] as const) : (['apart'] as const);
  for (const kind of kinds) {
    const held = heldIn(journal.all('SELECT messages, bytes FROM held WHERE origin = ? AND kind = ?', origin, kind));
    if (held.messages === 0) continue;
    // by their mean size as many as make room for one that comes
    const many = lacking === 'bytes' ? Math.ceil((bytes * held.messages) / Math.max(held.bytes, 1)) : 1;
    const gone = journal.letGo(kind, origin, Math.min(Math.max(many, 1), MOST_AT_ONCE));
    if (gone === 0) continue;
    onGivenWay(gone);
    return true;
  }
  return false;
}

/** Who has the most of all kinds: who has less does not give way to them, though all that they have is still to be done. */
function largest(journal: Journal, by: keyof RoomBounds): string {
  const sum = by === 'messages' ? `sum(iif(kind = 'refused', 0, messages))` : 'sum(bytes)';
  const text = `SELECT origin FROM held GROUP BY origin ORDER BY ${sum} DESC LIMIT 1`;
  const [found] = z.array(z.object({ origin: z.string() })).parse(journal.all(text));
  return found?.origin ?? '';
}

function heldIn([row = { messages: 0, bytes: 0 }]: readonly unknown[]): RoomBounds {
  const { messages, bytes } = heldSchema.parse(row);
  return { messages: messages ?? 0, bytes: bytes ?? 0 };
}
