import { type Output, type TransactionEntry } from '../catalogue/entry';
import { type OutcomeOf, type SignedRequest } from './signed-request';

/**
 * The ledger as everything that uses it sees it: one verb to read, one to write (ADR 0022).
 *
 * Both throw a DomainError or a LedgerFailure and nothing else: a `DomainError` says that the request was refused on this side of the
 * wire, before anything was sent; a `LedgerFailure` says how the call ended otherwise, `Refused` with the chaincode's own code.
 *
 * @remarks Implementations, to be stacked. Each takes the next as a `Ledger` and knows nothing else of it:
 * - a gateway ledger speaks to a peer: {@link qualifiedName}, `encodeArgument`, `encodeTransient` out; `parseResponse` in, whose failure
 *   becomes `Unavailable`; an entry endorsed by its `owner` names the carrier's organisation as the only endorser;
 * - a member-node ledger speaks HTTPS: `encodeCarried` out, `decodeOutcome` in; a problem the node answers becomes `Refused` with its code
 *   and words; a node that was not reached `Unavailable`; no answer `NoAnswer` to a question, and `OutcomeUnknown` to a command, because
 *   nobody can tell whether the node has carried it on;
 * - an acting ledger signs what has no proof, and hands on what has one as it is. Signing takes `requestHashOf(request)` and
 *   {@link RequestBinding}; the input is parsed already and is not parsed again.
 *
 * A member node's server turns a body into a request with `decodeCarried` and hands it to its own stack; `newRequest` is the only other way
 * to make one. So an argument is parsed once on each side of a wire.
 */
export interface Ledger {
  /** Reads; nothing is ordered, so there is no transaction id and no block. */
  evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>>;
  /** Writes; resolves when the transaction is committed as valid, with its id and block. */
  submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>>;
}

/** Does with a request what its entry says: evaluates what only reads, submits what writes. @throws as {@link Ledger}. */
export async function perform<Entry extends TransactionEntry>(ledger: Ledger, request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
  return request.entry.kind === 'evaluate' ? { result: await ledger.evaluate(request) } : ledger.submit(request);
}
