/**
 * A machine with nothing on it but a phrase and a node's address: recovers a wallet and tells what that cost this process. Started by
 * recovery.ts with a JSON document on standard input.
 */
import { readFileSync } from 'node:fs';
import { connectNode } from '@lianyi/client/node';
import { recoverWallet, seedOfPhrase } from '@lianyi/client/recovery';
import { instantOf, type Ledger, Refused } from '@lianyi/domain';
import { peakMebibytes } from './processes';
import { type RecoveryCost, type RecoveryTask } from './recovery-task';

/** A ledger, and how long whoever asks it has waited between a refusal for too many questions and the next question. */
function timed(ledger: Ledger): { readonly ledger: Ledger; readonly waitedMillis: () => number } {
  let waitedMillis = 0;
  let refusedAt: number | undefined;
  const evaluate: Ledger['evaluate'] = async (request) => {
    if (refusedAt !== undefined) waitedMillis += performance.now() - refusedAt;
    refusedAt = undefined;
    try {
      return await ledger.evaluate(request);
    } catch (error) {
      if (error instanceof Refused && error.code === 'RATE_LIMITED') refusedAt = performance.now();
      throw error;
    }
  };
  return { ledger: { evaluate, submit: (request) => ledger.submit(request) }, waitedMillis: () => waitedMillis };
}

async function main(): Promise<void> {
  const { phrase, network, address } = JSON.parse(readFileSync(0, 'utf8')) as RecoveryTask; // of recovery.ts
  const begun = performance.now();
  const node = await connectNode(address);
  const { ledger, waitedMillis } = timed(node.ledger);
  const { recovered, lost } = await recoverWallet(seedOfPhrase(phrase), { network, ledger, now: () => instantOf(Date.now()) });
  const millis = performance.now() - begun;
  node.close();
  const cost: RecoveryCost = {
    ...{ recovered: recovered.length, lost: lost.length },
    ...{ millis, waitedMillis: waitedMillis(), mebibytes: peakMebibytes() },
  };
  process.stdout.write(`${JSON.stringify(cost)}\n`);
}

void main();
