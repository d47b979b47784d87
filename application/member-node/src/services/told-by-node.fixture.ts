import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { deserialize } from 'node:v8';
import type { AddressInfo } from 'node:net';
import { memberOperations } from '@lianyi/client';
import { type FollowedBlock } from '@lianyi/ledger-client';
import { LedgerIndex } from '../ledger-index/ledger-index';
import { EventFeed } from './event-feed';

// A node as far as events go: follows blocks from where its database is, and tells of them meanwhile. Is killed, and its database deleted.
const [blocksFile = '', indexFile = '', port = '0'] = process.argv.slice(2);
const blocks = deserialize(readFileSync(blocksFile)) as readonly FollowedBlock[]; // as the test wrote them
const index = new LedgerIndex(indexFile, 'emr', 'AMSP');
const feed = new EventFeed(index);

const server = createServer((request, response) => {
  void (async () => {
    let text = '';
    for await (const piece of request) text += String(piece);
    const { input } = memberOperations.FollowEvents.body
      .omit({ proof: true })
      .parse({ input: (JSON.parse(text) as { input: unknown }).input });
    const { events, height } = await feed.next(input, 'consumer', () => request.socket.destroyed);
    response.end(JSON.stringify({ events, height: height.toString() }));
  })();
});
server.listen(Number(port), '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  void follow();
});

async function follow(): Promise<void> {
  const sink = index.sinkOf('AMSP');
  const { nextBlock } = await sink.checkpoint();
  for (const block of blocks.slice(Number(nextBlock))) {
    await sink.apply({ ...block, headerHash: Buffer.from(block.headerHash) }, true);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
