import { commitWhenAgreed, peer } from '@lianyi/fabric-protocol';
import { type ChaincodeSettings, isReadyWithin } from '@lianyi/network-model';
import { type PeerClient } from './peer-client';

/** Makes the peer a member of the channel. @remarks Source: fabric internal/peer/channel/join.go. */
export async function joinChannel(client: PeerClient, block: Buffer): Promise<void> {
  await client.query({ channelId: '', chaincode: 'cscc', args: [Buffer.from('JoinChain'), block] });
}

/** Names of the channels the peer is a member of. */
export async function joinedChannels(client: PeerClient): Promise<readonly string[]> {
  const answer = await client.query({ channelId: '', chaincode: 'cscc', args: [Buffer.from('GetChannels')] });
  return peer.ChannelQueryResponse.deserializeBinary(answer)
    .getChannelsList()
    .map((channel) => channel.getChannelId());
}

/** Commits the definition with the endorsement of all given peers; `clients[0]` submits. */
export async function commitDefinition(clients: readonly PeerClient[], channelId: string, chaincode: ChaincodeSettings): Promise<void> {
  await commitWhenAgreed(clients, channelId, chaincode, isReadyWithin);
}
