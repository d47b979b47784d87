import { type NetworkIdentity } from '@lianyi/domain';
import { type MemberNodeClient } from '../member-api/member-node-client';
import { loadCertificateFile } from './certificate-file';
import { connectMemberNode } from './https-transport';
import { type StaffProfile } from './profiles/profile';

/** Where a member node is, as profiles say it. */
export type NodeAddress = Pick<StaffProfile, 'nodeUrl' | 'tlsCaFile'>;
/** Where another member's node is that is asked what the ledger has. */
export type WitnessAddress = Pick<StaffProfile, 'witnessUrl' | 'witnessTlsCaFile'>;

/** Which ledger a profile's statements are for. */
export function networkOf({ channel, chaincode, genesis }: NetworkIdentity): NetworkIdentity {
  return { channel, chaincode, genesis };
}

/** The member node at an address; no connection is made yet. @throws {@link DomainError} `CERTIFICATE_UNUSABLE` — details: file, field, cause */
export async function connectNode({ nodeUrl, tlsCaFile }: NodeAddress): Promise<MemberNodeClient> {
  return connectMemberNode({ url: nodeUrl, tlsCa: await loadCertificateFile(tlsCaFile, 'tlsCaFile') });
}

/** The node that is asked what the ledger has, besides the one that carries; undefined if none is named. @throws as {@link connectNode} */
export async function connectWitness({ witnessUrl, witnessTlsCaFile }: WitnessAddress): Promise<MemberNodeClient | undefined> {
  if (witnessUrl === undefined || witnessTlsCaFile === undefined) return undefined;
  return connectMemberNode({ url: witnessUrl, tlsCa: await loadCertificateFile(witnessTlsCaFile, 'witnessTlsCaFile') });
}
