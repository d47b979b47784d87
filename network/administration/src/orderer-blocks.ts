import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BlockPosition,
  type common,
  lastConfigIndexOf,
  orderer,
  seekInfo,
  signedEnvelope,
  type Signer,
} from '@lianyi/fabric-protocol';
import { OperatorError, type OrdererEndpoint, organizationPaths } from '@lianyi/network-model';
import { LOOPBACK, loopbackAddress, nodeTls } from './node-connection';

const ANSWER_MILLIS = 15_000;

/** One block of a channel from one orderer, as `peer channel fetch` asks for it. */
async function fetchBlock(
  dataDir: string,
  node: OrdererEndpoint,
  channel: string,
  signer: Signer,
  at: BlockPosition,
): Promise<common.Block> {
  const { tls } = organizationPaths(dataDir, node.organization).node('orderer');
  const client = new orderer.AtomicBroadcastClient(loopbackAddress(node.port), nodeTls(readFileSync(join(tls, 'ca.crt'))), {
    ...LOOPBACK,
    'grpc.max_receive_message_length': -1,
  });
  const stream = client.deliver({ deadline: Date.now() + ANSWER_MILLIS });
  try {
    stream.write(signedEnvelope('DELIVER_SEEK_INFO', channel, seekInfo(at, at), signer));
    // typed `any` by the generated client's stream
    for await (const message of stream as AsyncIterable<orderer.DeliverResponse>) {
      const block = message.getBlock();
      if (block) return block;
      throw new OperatorError('FABRIC_REFUSED', {
        en: `${node.name} does not deliver a block of ${channel}: status ${message.getStatus()}`,
        zh: `${node.name} 不提供 ${channel} 的区块：状态 ${message.getStatus()}`,
      });
    }
    throw new OperatorError('FABRIC_REFUSED', {
      en: `${node.name} ended the connection without a block of ${channel}`,
      zh: `${node.name} 结束了连接，没有给出 ${channel} 的区块`,
    });
  } finally {
    stream.on('error', () => undefined); // the cancellation of what is not needed any more
    stream.cancel();
    client.close();
  }
}

/**
 * The channel's newest configuration block from the first orderer that gives it to its own administrator. An orderer that joins with it
 * learns from it where the others are now, and holds what it replicates against it: the first block may name orderers that
 * left long ago.
 * @remarks Source: fabric orderer/common/follower/follower_chain.go pullUpToJoin; internal/peer/channel/fetch.go.
 */
export async function fetchConfigBlock(
  dataDir: string,
  nodes: readonly OrdererEndpoint[],
  channel: string,
  signerOf: (node: OrdererEndpoint) => Signer,
): Promise<common.Block> {
  let failure: unknown;
  for (const node of nodes) {
    try {
      const signer = signerOf(node);
      const newest = await fetchBlock(dataDir, node, channel, signer, 'newest');
      return await fetchBlock(dataDir, node, channel, signer, lastConfigIndexOf(newest));
    } catch (error) {
      failure = error;
    }
  }
  throw new OperatorError(
    'FABRIC_REFUSED',
    { en: `no orderer gives the newest configuration block of ${channel}`, zh: `没有排序节点给出 ${channel} 的最新配置区块` },
    { cause: failure },
  );
}
