import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { common, orderer } from '@lianyi/fabric-protocol';
import { OperatorError, type OrdererEndpoint, organizationPaths, reasonOf } from '@lianyi/network-model';
import { LOOPBACK, loopbackAddress, nodeTls } from '../node-connection';

const ANSWER_MILLIS = 15_000;

/** An orderer that only follows the channel, or never heard of it (orderer/common/types ErrChannelNotExist). */
const NOT_HERE = 'channel does not exist';

/**
 * Gives an envelope to one orderer after another until one takes it; answers which. One is enough under BFT too: the others
 * learn of it through the request pool, unless that one ends before it has told them.
 * @throws {@link OperatorError} `FABRIC_REFUSED` in the words of the orderers.
 */
export async function broadcast(dataDir: string, nodes: readonly OrdererEndpoint[], envelope: common.Envelope): Promise<OrdererEndpoint> {
  const refusals: string[] = [];
  for (const node of nodes) {
    try {
      const answer = await give(dataDir, node, envelope);
      if (answer.getStatus() === common.Status.SUCCESS) return node;
      refusals.push(`${node.name}: ${answer.getInfo()}`);
      const isElsewhere = answer.getStatus() === common.Status.SERVICE_UNAVAILABLE || answer.getInfo() === NOT_HERE;
      if (!isElsewhere) break; // the others would say the same
    } catch (error) {
      refusals.push(`${node.name}: ${reasonOf(error)}`);
    }
  }
  throw new OperatorError('FABRIC_REFUSED', {
    en: `the orderers took nothing: ${refusals.join('; ')}`,
    zh: `排序节点均未接受：${refusals.join('；')}`,
  });
}

async function give(dataDir: string, node: OrdererEndpoint, envelope: common.Envelope): Promise<orderer.BroadcastResponse> {
  const { tls } = organizationPaths(dataDir, node.organization).node('orderer');
  const client = new orderer.AtomicBroadcastClient(loopbackAddress(node.port), nodeTls(readFileSync(join(tls, 'ca.crt'))), LOOPBACK);
  const stream = client.broadcast({ deadline: Date.now() + ANSWER_MILLIS });
  try {
    return await new Promise((resolve, reject) => {
      stream.on('data', resolve);
      stream.on('error', reject);
      stream.on('end', () => {
        reject(new Error('it ended the connection without an answer'));
      });
      stream.write(envelope);
    });
  } finally {
    stream.on('error', () => undefined); // the cancellation of what is not needed any more
    stream.cancel();
    client.close();
  }
}
