import { Unavailable } from '@lianyi/domain';
import {
  blocksOf,
  ChannelClient,
  GatewayLedger,
  identityInDirectories,
  loadConnectionProfile,
  loadSigningIdentity,
  type OpenBlocks,
  openPeerSession,
  type PeerAddress,
} from '@lianyi/ledger-client';
import { type AdministratorProfile } from '../profiles/profile';
import { type LedgerSession } from './session';

/** An administrator acts with the Fabric certificate itself: the gateway signs proposal and transaction, no statement is needed. */
export interface AdministratorSession extends LedgerSession {
  readonly peer: PeerAddress;
  readonly blocks: OpenBlocks;
}

/** Connects to the own organisation's first peer, or to another member's when `peerMspId` names one (to compare chains). */
export async function openAdministratorSession(
  profile: AdministratorProfile,
  peerMspId: string = profile.mspId,
): Promise<AdministratorSession> {
  const peers = await loadConnectionProfile(profile.connectionProfile);
  const peer = peers.find(({ mspId }) => mspId === peerMspId);
  if (peer === undefined) throw new Unavailable(`the connection profile names no peer of ${peerMspId}`);
  const files = await identityInDirectories(profile.mspId, profile.certDirectory, profile.keyDirectory);
  const session = openPeerSession(peer, await loadSigningIdentity(files));
  const channel = new ChannelClient(session.gateway, { channel: profile.channel, chaincode: profile.chaincode });
  return {
    peer,
    url: `grpcs://${peer.endpoint}`,
    ledger: new GatewayLedger(channel, profile.mspId),
    blocks: blocksOf(session.gateway.getNetwork(profile.channel)),
    unsent: (request) => Promise.resolve(request),
    close: () => {
      session.close();
    },
  };
}
