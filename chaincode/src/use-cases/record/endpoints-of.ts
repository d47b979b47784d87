import { type Endpoint, type Locator } from '@lianyi/domain';
import { type ReadLedger } from '../../ledger/ledger';

/** The ledger's entries of the places that locators name; those that it does not know are left out. */
export async function endpointsOf(ledger: ReadLedger, locators: readonly Locator[]): Promise<readonly Endpoint[]> {
  const found = await Promise.all(locators.map(({ mspId, endpointId }) => ledger.endpoints.find(mspId, endpointId)));
  return found.filter((endpoint) => endpoint !== undefined);
}
