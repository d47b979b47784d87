import { qualifiedName, Unavailable } from '@lianyi/domain';
import {
  blocksOf,
  ChannelClient,
  identityInDirectories,
  LedgerClient,
  loadConnectionProfile,
  loadSigningIdentity,
  type OpenBlocks,
  openPeerSession,
  type PeerAddress,
} from '@lianyi/ledger-client';
import { type AdministratorProfile } from '../profiles/profile';
import { type LedgerAnswer, type LedgerRequest, type LedgerSession } from './session';

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
  const client = new LedgerClient(channel, profile.mspId);
  return {
    peer,
    blocks: blocksOf(session.gateway.getNetwork(profile.channel)),
    show: ({ entry, input, transient }) =>
      Promise.resolve({
        to: `grpcs://${peer.endpoint}`,
        transaction: qualifiedName(entry),
        kind: entry.kind,
        input,
        ...(transient === undefined ? {} : { transient: 'present' }),
      }),
    send: (request) => send(client, request),
    close: () => {
      session.close();
    },
  };
}

async function send(client: LedgerClient, { entry, input, transient }: LedgerRequest): Promise<LedgerAnswer> {
  const { blockNumber, ...answer } = await client.carry(entry, { input, ...(transient === undefined ? {} : { transient }) });
  return { ...answer, ...(blockNumber === undefined ? {} : { blockNumber: String(blockNumber) }) };
}
