import { type Endpoint, type Input, type Output, type transactions, withEndpoint } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';
import { ownActiveOrganisation } from '../standing';

type Entry = typeof transactions.UpdateEndpoint;

/** Writes where a service of the caller's own organisation is. */
export async function UpdateEndpoint(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { endpoints, endpointLists } = scope.ledger;
  const { mspId } = await ownActiveOrganisation(scope);
  const endpoint: Endpoint = { schemaVersion: 1, mspId, ...input, changedAt: scope.now };
  const [, list] = await Promise.all([endpoints.find(mspId, input.endpointId), endpointLists.find(mspId)]);
  const extended = withEndpoint(list, mspId, input.endpointId);
  if (list === undefined) await endpointLists.insert(extended);
  else if (extended !== list) await endpointLists.replace(extended);
  await endpoints.put(endpoint);
  recordEvent(scope, { name: 'EndpointUpdated', mspId, endpointId: input.endpointId });
  return { endpointId: input.endpointId, state: input.state };
}
