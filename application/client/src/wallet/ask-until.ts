import { OutcomeUnknown } from '@lianyi/domain';

/** How long what was committed may take to reach a witness's peer, which may be some blocks behind. */
export const WITNESS_PATIENCE_MILLIS = 10_000;
/** Between two questions, and twice as long each time: a member charges for questions that no proof comes with. */
const PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 2_000;

/**
 * Asks until the ledger has what was sent, with growing pauses. A carrier's "committed" alone counts for nothing.
 * @param look - what is there now; undefined: not yet
 * @throws `OutcomeUnknown` — it is not there after so long; what `look` throws
 */
export async function askUntil<Told>(look: () => Promise<Told | undefined>, patienceMillis: number, transactionId?: string): Promise<Told> {
  const deadline = Date.now() + patienceMillis;
  for (let pauseMillis = PAUSE_MILLIS; ; pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS)) {
    const told = await look();
    if (told !== undefined) return told;
    if (Date.now() >= deadline) throw new OutcomeUnknown(transactionId);
    await new Promise((resolve) => setTimeout(resolve, pauseMillis));
  }
}
