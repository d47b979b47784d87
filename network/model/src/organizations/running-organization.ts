import { type Organization } from '../consortium/consortium';
import { nodeName, organizationPaths } from './layout';

/** One organisation of a running network as a client meets it; the same on the embedded network and on real Fabric. */
export interface RunningOrganization {
  readonly mspId: string;
  readonly name: string;
  readonly domain: string;
  /** MSP and TLS directory of one of its users, e.g. `User1`. */
  user(name: string): { readonly msp: string; readonly tls: string };
  /** Path of its connection profile (JSON). */
  readonly profile: string;
  /** Its first peer; absent for an organisation without one. */
  readonly peer?: { readonly name: string; readonly address: string };
}

/**
 * Describes an organisation of the network in a directory.
 * @param profile - path of its connection profile; '' if it has none
 * @param peerPort - of its first peer; absent if it has no peer
 */
export function describeOrganization(dir: string, organization: Organization, profile = '', peerPort?: number): RunningOrganization {
  const { mspId, name, domain } = organization;
  const peer = { name: nodeName(organization, 'peer'), address: `localhost:${String(peerPort)}` };
  return {
    mspId,
    name,
    domain,
    user: (user) => organizationPaths(dir, organization).user(user),
    profile,
    ...(peerPort !== undefined && { peer }),
  };
}
