import { common } from '@lianyi/fabric-protocol';
import { type PeerClient } from '../peer-client';

/**
 * The configuration a peer has committed last.
 * @remarks Source: fabric core/scc/cscc GetChannelConfig; a peer made from a snapshot has no block to answer GetConfigBlock with.
 */
export async function currentConfig(client: PeerClient, channel: string): Promise<common.Config> {
  return common.Config.deserializeBinary(
    await client.query({ channelId: '', chaincode: 'cscc', args: [Buffer.from('GetChannelConfig'), Buffer.from(channel)] }),
  );
}
