import { z } from 'zod';
import { type Journal, type Lacking } from './journal';

/** How much may be in the journal. */
export interface RoomBounds {
  /** Messages that are not done. */
  readonly messages: number;
  /** Bytes of all messages, refused ones included. */
  readonly bytes: number;
}

/** Of both bounds one address or certificate may have so much, which leaves the others the rest. */
const SHARE = 3 / 4;
const heldSchema = z.object({ messages: z.int().nullable(), bytes: z.int().nullable() });
const HELD = `SELECT sum(iif(kind = 'refused', 0, messages)) AS messages, sum(bytes) AS bytes FROM held`;

/**
 * Whether one more message may come. Where there is no room it is made: of an address or certificate that has more than its share, of its own; of all,
 * first the content of what was refused goes, of whoever has most of it, then what waits for people is refused and its content goes, of whoever holds
 * the most, or else of the one that brings the new one. Of each the oldest goes, which has waited for longest in vain, and no more than what is lacking.
 * What is to be done, or waits for the node, never gives way: then the new one is not taken. Inside of `write`, with what it makes room for.
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
  const coming = { messages: 1, bytes };
  return (
    fits(ofOne, coming, share, (lacking) => giveWay(journal, lacking, { refused: [origin], apart: [origin] }, onGivenWay)) &&
    fits(ofAll, coming, most, (lacking) =>
      giveWay(journal, lacking, { refused: mostRefused(journal), apart: [...largest(journal, lacking), origin] }, onGivenWay),
    )
  );
}

function fits(held: () => RoomBounds, coming: RoomBounds, most: RoomBounds, giveWayOf: (lacking: Lacking) => boolean): boolean {
  for (;;) {
    const now = held();
    const messages = now.messages + coming.messages - most.messages;
    const bytes = now.bytes + coming.bytes - most.bytes;
    if (messages <= 0 && bytes <= 0) return true;
    if (!giveWayOf(messages > 0 ? { messages } : { bytes })) return false;
  }
}

/** @param whose - who is asked for it, in this order. @returns whether anything gave way */
function giveWay(
  journal: Journal,
  lacking: Lacking,
  whose: { readonly refused: readonly string[]; readonly apart: readonly string[] },
  onGivenWay: (messages: number) => void,
): boolean {
  // what is refused counts for its bytes alone
  const refused = lacking.bytes === undefined ? [] : whose.refused.map((origin) => ['refused', origin] as const);
  for (const [kind, origin] of [...refused, ...whose.apart.map((origin) => ['apart', origin] as const)]) {
    const gone = journal.letGo(kind, origin, lacking);
    if (gone === 0) continue;
    onGivenWay(gone);
    return true;
  }
  return false;
}

/** Whose refused messages have the most content. */
function mostRefused(journal: Journal): readonly string[] {
  return origins(journal, `SELECT origin FROM held WHERE kind = 'refused' AND bytes > 0 ORDER BY bytes DESC LIMIT 1`);
}

/** Who has the most of all kinds: who has less does not give way to them, though all that they have is still to be done. */
function largest(journal: Journal, { bytes }: Lacking): readonly string[] {
  const sum = bytes === undefined ? `sum(iif(kind = 'refused', 0, messages))` : 'sum(bytes)';
  return origins(journal, `SELECT origin FROM held GROUP BY origin ORDER BY ${sum} DESC LIMIT 1`);
}

function origins(journal: Journal, text: string): readonly string[] {
  return z
    .array(z.object({ origin: z.string() }))
    .parse(journal.all(text))
    .map(({ origin }) => origin);
}

function heldIn([row = { messages: 0, bytes: 0 }]: readonly unknown[]): RoomBounds {
  const { messages, bytes } = heldSchema.parse(row);
  return { messages: messages ?? 0, bytes: bytes ?? 0 };
}
