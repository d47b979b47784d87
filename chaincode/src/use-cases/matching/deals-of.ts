import { type FunctionDeal, type FunctionKey } from '@lianyi/domain';
import { dealersOf } from '@lianyi/domain/deciding';
import { type ReadScope, type WriteScope } from '../scope';

/** What was dealt for a key so far, in the order of those who deal. */
export async function dealsOf({ ledger }: ReadScope | WriteScope, key: FunctionKey): Promise<readonly FunctionDeal[]> {
  const deals = await Promise.all(dealersOf(key).map((mspId) => ledger.functionDeals.find(key.keyId, mspId)));
  return deals.filter((deal) => deal !== undefined);
}
