import { type Circumstances, leastCoolingOffOf, NETWORK_PARAMETER } from '@lianyi/domain';
import { originOf, type WriteScope } from '../scope';

/** By what a case is opened in this transaction. */
export async function circumstancesOf(scope: WriteScope): Promise<Circumstances> {
  return { now: scope.now, origin: originOf(scope), leastCoolingOffMinutes: await leastCoolingOffIn(scope) };
}

/** For how long the old key may veto at least, in minutes, as the members have agreed. */
export async function leastCoolingOffIn({ ledger }: WriteScope): Promise<number> {
  return leastCoolingOffOf(await ledger.parameters.get(NETWORK_PARAMETER));
}
