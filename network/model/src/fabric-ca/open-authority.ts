import { type Organization } from '../consortium/consortium';
import { type OrganizationAuthority } from '../organizations/authority';
import { InProcessAuthority } from '../organizations/in-process-authority';
import { FabricCaAuthority } from './fabric-ca-authority';

/** The authorities of an organisation that has its certificates: its own server's, or those whose keys lie in its folders. */
export function openAuthority(dataDir: string, organization: Organization): OrganizationAuthority {
  return FabricCaAuthority.open(dataDir, organization) ?? InProcessAuthority.load(dataDir, organization);
}
