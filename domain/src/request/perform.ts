import { type TransactionEntry } from '../catalogue/entry';
import { type Ledger } from './ledger';
import { type OutcomeOf, type SignedRequest } from './signed-request';

/** Does with a request what its entry says: evaluates what only reads, submits what writes. @throws as {@link Ledger}. */
export async function perform<Entry extends TransactionEntry>(ledger: Ledger, request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
  return request.entry.kind === 'evaluate' ? { result: await ledger.evaluate(request) } : ledger.submit(request);
}
