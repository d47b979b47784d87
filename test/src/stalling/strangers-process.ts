/**
 * `node strangers-process.js URL CA-FILE NETWORK MSP-ID PER-SECOND`: sends so many commands a second by keys of its own making until its standard
 * input ends, then prints how many were sent. A process of its own, as a stranger is: only what it has the node do shall slow the others.
 */
import { readFileSync } from 'node:fs';
import { connectMemberNode } from '@lianyi/client/node';
import { sha256Schema } from '@lianyi/domain';
import { z } from 'zod';
import { sendAsStranger } from './strangers';

const networkSchema = z.object({ channel: z.string(), chaincode: z.string(), genesis: sha256Schema });

const [url = '', caFile = '', network = '', mspId = '', perSecond = ''] = process.argv.slice(2);
const client = connectMemberNode({ url, tlsCa: readFileSync(caFile, 'utf8') });
const target = { client, network: networkSchema.parse(JSON.parse(network)), mspId };

let sent = 0;
const timer = setInterval(
  () => {
    sent += 1;
    void sendAsStranger(target).catch(() => undefined); // whatever a stranger is told
  },
  1_000 / Number(perSecond),
);

process.stdout.write('begun\n');
process.stdin.resume().once('end', () => {
  clearInterval(timer);
  process.stdout.write(`${sent}\n`, () => process.exit(0));
});
