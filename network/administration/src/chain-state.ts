import { common } from '@lianyi/fabric-protocol';
import { type PeerClient } from './peer-client';

/** How far a peer is, in a form in which two peers can be compared. */
export interface ChainState {
  readonly height: number;
  readonly currentBlockHash: string;
}

/** @remarks Source: fabric core/scc/qscc GetChainInfo. */
export async function chainState(client: PeerClient, channel: string): Promise<ChainState> {
  const answer = await client.query({ channelId: channel, chaincode: 'qscc', args: [Buffer.from('GetChainInfo'), Buffer.from(channel)] });
  const info = common.BlockchainInfo.deserializeBinary(answer);
  return { height: info.getHeight(), currentBlockHash: Buffer.from(info.getCurrentblockhash_asU8()).toString('hex') };
}
