import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { organizationPaths } from '../../organizations/layout';
import { common, orderer } from '../../wire/proto';
import { type OpenNetwork } from '../membership/open-network';
import { OperatorError, reasonOf } from '../../machine/operator-error';
import { type OrdererEndpoint } from '../network-definition';

const ANSWER_MILLIS = 15_000;

/**
 * Gives an envelope to one orderer after another until one takes it. One is enough under BFT too: the others learn of it
 * through the request pool.
 * @throws {@link OperatorError} `FABRIC_REFUSED` in the words of the orderers.
 */
export async function broadcast(network: OpenNetwork, envelope: common.Envelope): Promise<void> {
  const refusals: string[] = [];
  for (const node of network.orderers) {
    try {
      const answer = await give(network.dataDir, node, envelope);
      if (answer.getStatus() === common.Status.SUCCESS) return;
      refusals.push(`${node.name}: ${answer.getInfo()}`);
      if (answer.getStatus() !== common.Status.SERVICE_UNAVAILABLE) break; // the others would say the same
    } catch (error) {
      refusals.push(`${node.name}: ${reasonOf(error)}`);
    }
  }
  throw new OperatorError('FABRIC_REFUSED', `the orderers took nothing: ${refusals.join('; ')}`);
}

async function give(dataDir: string, node: OrdererEndpoint, envelope: common.Envelope): Promise<orderer.BroadcastResponse> {
  const { tls } = organizationPaths(dataDir, node.organization).node('orderer');
  const client = new orderer.AtomicBroadcastClient(`localhost:${node.port}`, credentials.createSsl(readFileSync(join(tls, 'ca.crt'))));
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
