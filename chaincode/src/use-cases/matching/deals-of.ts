import { type FunctionDeal, type FunctionKey } from '@lianyi/domain';
import { type ReadScope, type WriteScope } from '../scope';

/** What was dealt for a key so far, in the order of its holders. */
export async function dealsOf({ ledger }: ReadScope | WriteScope, { keyId, holders }: FunctionKey): Promise<readonly FunctionDeal[]> {
  const deals = await Promise.all(holders.map((mspId) => ledger.functionDeals.find(keyId, mspId)));
  return deals.filter((deal) => deal !== undefined);
}
