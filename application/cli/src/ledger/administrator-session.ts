import { Unavailable } from '@lianyi/domain';
import {
  type BlockSource,
  GatewayLedger,
  identityInDirectories,
  loadConnectionProfile,
  loadSigningIdentity,
  OrganisationPeers,
  type PeerAddress,
} from '@lianyi/ledger-client';
import { type AdministratorProfile } from '@lianyi/client/node';
import { type LedgerSession } from './session';

/** An administrator acts with the Fabric certificate itself: the gateway signs proposal and transaction, no statement is needed. */
export interface AdministratorSession extends LedgerSession {
  readonly peer: PeerAddress;
  readonly blocks: BlockSource;
  /** Members of which the connection profile names a peer. */
  readonly members: readonly string[];
}

/** Connects to the own organisation's peers, or to another member's when `peerMspId` names one (to compare chains). */
export async function openAdministratorSession(
  profile: AdministratorProfile,
  peerMspId: string = profile.mspId,
): Promise<AdministratorSession> {
  const addresses = await loadConnectionProfile(profile.connectionProfile);
  const peer = addresses.find(({ mspId }) => mspId === peerMspId);
  if (peer === undefined) throw new Unavailable(`the connection profile names no peer of ${peerMspId}`);
  const files = await identityInDirectories(profile.mspId, profile.certDirectory, profile.keyDirectory);
  const { channel, chaincode } = profile;
  const peers = new OrganisationPeers(peerMspId, addresses, await loadSigningIdentity(files), { channel, chaincode });
  return {
    peer,
    ledger: new GatewayLedger(peers, profile.mspId, peerMspId),
    blocks: peers,
    members: [...new Set(addresses.map(({ mspId }) => mspId))],
    unsent: (request) => Promise.resolve({ to: `grpcs://${peer.endpoint}`, request }),
    close: () => {
      peers.close();
    },
  };
}
