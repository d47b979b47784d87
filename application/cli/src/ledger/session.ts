import { type Ledger, type SignedRequest, type TransactionEntry } from '@lianyi/domain';

/** One actor's way to the ledger. */
export interface LedgerSession {
  /** Where requests go: a member node, or a peer's gateway. */
  readonly url: string;
  /** Signs what has no proof, and sends. */
  readonly ledger: Ledger;
  /** Signs, and sends nothing. */
  signed<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<SignedRequest<Entry>>;
  close(): void;
}
