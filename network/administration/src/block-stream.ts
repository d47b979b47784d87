import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { common, peer, seekInfo, signedEnvelope } from '@lianyi/fabric-protocol';
import { OperatorError, organizationPaths } from '@lianyi/network-model';
import { type PeerClient } from './peer-client';
import { LOOPBACK, loopbackAddress, nodeTls } from './node-connection';

/** Blocks of the channel as the peer has committed them, from `from` to its newest; none if it has not come that far. */
export async function* readBlocks(client: PeerClient, dataDir: string, channelId: string, from: number): AsyncGenerator<common.Block> {
  const { tls } = organizationPaths(dataDir, client.node.organization).node('peer', client.node.index);
  const options = { ...LOOPBACK, 'grpc.max_receive_message_length': -1 };
  const deliver = new peer.DeliverClient(loopbackAddress(client.node.port), nodeTls(readFileSync(join(tls, 'ca.crt'))), options);
  const stream = deliver.deliver();
  try {
    stream.write(signedEnvelope('DELIVER_SEEK_INFO', channelId, seekInfo(from, 'newest'), client.signer));
    // typed `any` by the generated client's stream
    for await (const message of stream as AsyncIterable<peer.DeliverResponse>) {
      const block = message.getBlock();
      if (block) yield block;
      else {
        refuseFailure(client, message.getStatus());
        return;
      }
    }
  } finally {
    stream.end();
    stream.cancel();
    deliver.close();
  }
}

/** NOT_FOUND is the answer to a start behind the newest block. */
function refuseFailure(client: PeerClient, status: number): void {
  if (status === common.Status.SUCCESS || status === common.Status.NOT_FOUND) return;
  throw new OperatorError('FABRIC_REFUSED', {
    en: `${client.node.name} does not deliver its blocks: status ${status}`,
    zh: `${client.node.name} 不提供区块：状态 ${status}`,
  });
}
