import { DomainError } from '../domain-error';
import { type EndpointId, type MspId } from '../ids';
import { type EndpointList, MOST_ENDPOINTS } from './entities';

/**
 * The list of a member's endpoints with one more.
 * @param list - undefined for a member that has none yet
 * @returns the very list when the endpoint is in it
 * @throws {@link DomainError} `LIMIT_REACHED` — the member has {@link MOST_ENDPOINTS} others
 */
export function withEndpoint(list: EndpointList | undefined, mspId: MspId, endpointId: EndpointId): EndpointList {
  const endpointIds = list?.endpointIds ?? [];
  if (list !== undefined && endpointIds.includes(endpointId)) return list;
  if (endpointIds.length >= MOST_ENDPOINTS)
    throw new DomainError('LIMIT_REACHED', undefined, { entity: 'endpoint', limit: MOST_ENDPOINTS });
  return { schemaVersion: 1, mspId, endpointIds: [...endpointIds, endpointId] };
}
