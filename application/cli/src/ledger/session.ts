import { type SummaryReport } from '@lianyi/client/wallet';
import { type AskedLedger, type Told } from '@lianyi/client/node';
import { type Ledger, type Pseudonym, type SignedRequest, type StaffStatement, type TransactionEntry } from '@lianyi/domain';

/** A request as `--dry-run` shows it. It is never signed: whoever saw it could have it committed. */
export interface UnsentRequest {
  /** Where it would go: a member node, or a peer's gateway. */
  readonly to: string;
  readonly request: SignedRequest<TransactionEntry>;
  /** What a member of staff would sign. */
  readonly statement?: StaffStatement;
  /** A block that whoever asks has seen; the node asks no peer that is behind it. */
  readonly seenBlock?: bigint;
}

/** One actor's way to the ledger. */
export interface LedgerSession {
  /** Signs what has no proof, and sends. */
  readonly ledger: Ledger;
  /** What would be sent, and where to. */
  unsent(request: SignedRequest<TransactionEntry>): Promise<UnsentRequest>;
  /** By whose word a patient is told what became of a command; staff take their own node's. */
  told?(request: SignedRequest<TransactionEntry>): Promise<Told>;
  /** Of a patient: whom a question about a pseudonym may be put to, the node that carries first. */
  askedAbout?(pseudonym: Pseudonym): Promise<readonly AskedLedger[]>;
  /** What became of the slots of a patient's summary after the last command. */
  summaryReport?(): SummaryReport | undefined;
  close(): void;
}
