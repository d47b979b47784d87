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
/** No more gives way than is lacking: a message at a time, or of bytes a few. */
const AT_ONCE: Readonly<Record<keyof RoomBounds, number>> = { messages: 1, bytes: 4 };

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
    fits(ofOne, bytes, share, (lacking) => giveWay(journal, lacking, origin, onGivenWay)) &&
    fits(ofAll, bytes, most, (lacking) => giveWay(journal, lacking, largest(journal, lacking), onGivenWay))
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
function giveWay(journal: Journal, lacking: keyof RoomBounds, origin: string, onGivenWay: (messages: number) => void): boolean {
  // what is refused counts for its bytes alone
  const kinds = lacking === 'bytes' ? (['refused', 'apart'] as const) : (['apart'] as const);
  const many = kinds
    .map((kind) => () => journal.letGo(kind, origin, AT_ONCE[lacking]))
    .reduce((sum, letGo) => (sum > 0 ? sum : letGo()), 0);
  if (many > 0) onGivenWay(many);
  return many > 0;
}

/** Who has the most of all kinds: who has less does not give way to them, though all that they have is still to be done. */
function largest(journal: Journal, by: keyof RoomBounds): string {
  const sum = by === 'messages' ? `sum(iif(kind = 'refused', 0, messages))` : 'sum(bytes)';
  const text = `SELECT origin FROM held GROUP BY origin ORDER BY ${sum} DESC LIMIT 1`;
  const [found] = z.array(z.object({ origin: z.string() })).parse(journal.all(text));
  return found?.origin ?? '';
}

function heldIn([row]: readonly unknown[]): RoomBounds {
  const { messages, bytes } = heldSchema.parse(row);
  return { messages: messages ?? 0, bytes: bytes ?? 0 };
}
