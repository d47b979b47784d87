import { type PeerSession } from '@lianyi/ledger-client';
import { common } from '@hyperledger/fabric-protos';

/** How long a peer may take for the next block that it must have. */
const PATIENCE_MILLIS = 20_000;

/** How many blocks a peer has: it answers itself, where a gateway would ask any peer, which may have fewer. */
export async function chainHeight({ gateway, peer }: PeerSession, channel: string): Promise<number> {
  const asked = { arguments: [channel], endorsingOrganizations: [peer.mspId] };
  const bytes = await gateway.getNetwork(channel).getContract('qscc').evaluate('GetChainInfo', asked);
  return common.BlockchainInfo.deserializeBinary(bytes).getHeight();
}

/** Blocks `from` to `to` (both included) as a peer delivers them to any client of the channel. */
export async function blocksOfPeer({ gateway }: PeerSession, channel: string, from: number, to: number): Promise<readonly common.Block[]> {
  const stream = await gateway.getNetwork(channel).getBlockEvents({ startBlock: BigInt(from) });
  const timer = setTimeout(() => {
    stream.close();
  }, PATIENCE_MILLIS);
  const blocks: common.Block[] = [];
  try {
    for await (const block of stream) {
      blocks.push(block);
      if (blocks.length > to - from) return blocks;
    }
  } finally {
    clearTimeout(timer);
    stream.close();
  }
  throw new Error(`the peer delivered ${blocks.length} of ${to - from + 1} blocks`);
}
