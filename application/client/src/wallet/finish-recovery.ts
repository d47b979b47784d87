import {
  type Instant,
  type Ledger,
  type NetworkIdentity,
  newRequest,
  type Pseudonym,
  type PseudonymEntry,
  transactions,
} from '@lianyi/domain';
import { askUntil, WITNESS_PATIENCE_MILLIS } from './ask-until';
import { type SlotCarriage } from './summary-keeper';
import { type Wallet } from './wallet';

export interface CompletionOptions {
  readonly network: NetworkIdentity;
  readonly now: () => Instant;
  /** How long a committed completion may take to reach both peers. */
  readonly patienceMillis?: number;
}

/**
 * Has the new key take the old one's place, and asks carrier and witness whether it has: both must say so. Broken off at any step, it is called again: what is completed
 * is found so.
 *
 * @throws as {@link Ledger}: `RECOVERY_NOT_DUE`, `ILLEGAL_STATE`, `RECOVERY_EXPIRED`; `OutcomeUnknown` — the carrier says that it is committed and
 * the two do not show it; {@link DomainError} `NOT_FOUND` — the wallet recovers no such pseudonym
 */
export async function finishRecovery(
  wallet: Wallet,
  pseudonym: Pseudonym,
  { carrier, witness }: SlotCarriage,
  { network, now, patienceMillis = WITNESS_PATIENCE_MILLIS }: CompletionOptions,
): Promise<void> {
  const request = await wallet.recovery.signCompletion(network, pseudonym, now());
  const isTaken = async (): Promise<boolean> => {
    const [entry, other] = await Promise.all([entryOf(carrier, pseudonym), entryOf(witness, pseudonym)]);
    // the first new key is announced by nobody: it signs the completion, which announces the second. Who has seen a refused completion could
    // name that as well, so neither is believed alone
    if (entry.nextKeyHash !== other.nextKeyHash || !(await wallet.isOwnKey(pseudonym, entry.nextKeyHash))) return false;
    await wallet.noteRecovered(pseudonym, entry);
    return true;
  };
  if (await isTaken()) return;
  try {
    await carrier.submit(request);
  } catch (error) {
    // it was completed before, by this wallet, which was not told
    if (await isTaken()) return;
    throw error;
  }
  await askUntil(async () => (await isTaken()) || undefined, patienceMillis);
}

function entryOf(witness: Ledger, pseudonym: Pseudonym): Promise<PseudonymEntry> {
  return witness.evaluate(newRequest(transactions.GetPseudonym, { pseudonym }));
}
