import { type common, decodeConfig } from '@lianyi/fabric-protocol';
import { type PeerClient } from '../peer-client';

/**
 * The configuration a peer has committed last.
 * @remarks Source: fabric core/scc/cscc GetChannelConfig; a peer made from a snapshot has no block to answer GetConfigBlock with.
 */
export async function currentConfig(client: PeerClient, channel: string, timeoutMillis?: number): Promise<common.Config> {
  const args = [Buffer.from('GetChannelConfig'), Buffer.from(channel)];
  return decodeConfig(await client.query({ channelId: '', chaincode: 'cscc', args }, timeoutMillis));
}

/** A peer that runs answers within milliseconds; one that is frozen, or behind a closed network, never does. */
const LOOK_MILLIS = 5_000;

/** The peers that answer for the channel now, in the same order. A peer that is not on the channel does not. */
export async function answeringPeers<P extends PeerClient>(peers: readonly P[], channel: string): Promise<readonly P[]> {
  const looks = await Promise.allSettled(peers.map((client) => currentConfig(client, channel, LOOK_MILLIS)));
  return peers.filter((_, index) => looks[index]?.status === 'fulfilled');
}
