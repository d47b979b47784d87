import { type CheckedDocument } from '@lianyi/documents';
import { type Ledger, newRequest, Refused, transactions } from '@lianyi/domain';

/**
 * What a document has examined, as it is kept with its key in private data, by which equivalent results are found (ADR 0076). Nothing where the channel's
 * chaincode is older than that: it would refuse the envelope.
 */
export async function resultsToKeep(
  ledger: Pick<Ledger, 'evaluate'>,
  { results = [] }: Pick<CheckedDocument, 'results'>,
): Promise<Pick<CheckedDocument, 'results'>> {
  if (results.length === 0) return {};
  try {
    await ledger.evaluate(newRequest(transactions.GetParameter, { name: 'recognised-items' }));
    return { results };
  } catch (error) {
    if (error instanceof Refused && error.code === 'INVALID_REQUEST') return {};
    throw error;
  }
}
