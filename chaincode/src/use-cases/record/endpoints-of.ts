import { type Endpoint, type Locator } from '@lianyi/domain';
import { type ReadRepositories } from '../../ledger/repositories';

/** The ledger's entries of the places that locators name; those that it does not know are left out. */
export async function endpointsOf(ledger: ReadRepositories, locators: readonly Locator[]): Promise<readonly Endpoint[]> {
  const found = await Promise.all(locators.map(({ mspId, endpointId }) => ledger.endpoints.find(mspId, endpointId)));
  return found.filter((endpoint) => endpoint !== undefined);
}
