import { type Pseudonym, type TransactionEntry } from '@lianyi/domain';

/** A request before it is signed. Both parts have been parsed by the catalogue's schemas. */
export interface LedgerRequest {
  readonly entry: TransactionEntry;
  readonly input: unknown;
  readonly transient?: unknown;
  /** Which of a patient's pseudonyms signs what names none itself (a card, a ticket). */
  readonly signer?: Pseudonym;
}

/** Everything that would leave this machine, as `--dry-run` prints it. No private key is in it; private values are named, not shown. */
export interface ShownRequest {
  readonly to: string;
  readonly transaction: string;
  readonly kind: 'submit' | 'evaluate';
  readonly input: unknown;
  readonly proof?: unknown;
  readonly transient?: 'present';
}

export interface LedgerAnswer {
  readonly result: unknown;
  readonly transactionId?: string;
  readonly blockNumber?: string;
}

/** One actor's way to the ledger. Every failure is a `DomainError` or a `LedgerFailure`. */
export interface LedgerSession {
  /** Signs, and sends nothing. */
  show(request: LedgerRequest): Promise<ShownRequest>;
  /** Signs and sends. */
  send(request: LedgerRequest): Promise<LedgerAnswer>;
  close(): void;
}
