/**
 * A machine with nothing on it but a phrase and a node's address: recovers a wallet and tells what that cost this process. Started by
 * recovery.ts with a JSON document on standard input.
 */
import { readFileSync } from 'node:fs';
import { connectNode } from '@lianyi/client/node';
import { recoverWallet, seedOfPhrase } from '@lianyi/client/recovery';
import { instantOf } from '@lianyi/domain';
import { type RecoveryTask } from './recovery-task';

async function main(): Promise<void> {
  const { phrase, network, address } = JSON.parse(readFileSync(0, 'utf8')) as RecoveryTask; // of recovery.ts
  const begun = performance.now();
  const node = await connectNode(address);
  const { recovered, lost } = await recoverWallet(seedOfPhrase(phrase), {
    ...{ network, ledger: node.ledger, now: () => instantOf(Date.now()) },
  });
  const millis = performance.now() - begun;
  node.close();
  const mebibytes = process.resourceUsage().maxRSS / 1_024; // kibibytes, getrusage(2)
  process.stdout.write(`${JSON.stringify({ recovered: recovered.length, lost: lost.length, millis, mebibytes })}\n`);
}

void main();
