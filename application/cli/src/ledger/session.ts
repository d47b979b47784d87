import { type Ledger, type SignedRequest, type TransactionEntry } from '@lianyi/domain';

/** One actor's way to the ledger. */
export interface LedgerSession {
  /** Where requests go: a member node, or a peer's gateway. */
  readonly url: string;
  /** Signs what has no proof, and sends. */
  readonly ledger: Ledger;
  /** A request as `--dry-run` shows it. A patient's stays unsigned: whoever saw it signed could have it committed. */
  unsent<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<SignedRequest<Entry>>;
  close(): void;
}
