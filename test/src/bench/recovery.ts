/**
 * `npm run bench:recovery -- [SLOTS]`: what it costs a machine with nothing but a phrase to bring back a wallet of fifty relationships through a
 * member's node, on a ledger of few slots of other patients and on one of many; each slot is a transaction of its own.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newPrivateKey, publicKeyOf, signSlotCommand } from '@lianyi/client';
import { phraseOf } from '@lianyi/client/recovery';
import { SummaryKeeper, type Wallet } from '@lianyi/client/wallet';
import { hashOfKey, instantOf, type Ledger, LedgerFailure, mspIdSchema, newRequest, slotIdOf, transactions } from '@lianyi/domain';
import { tlsCaFile } from '@lianyi/workbench';
import { networkKind, Scenario } from '../scenario/scenario';
import { describeMachine, median } from './figures';
import { newMemoryWallet } from '../attack/memory-wallet';
import { type RecoveryCost, type RecoveryTask } from './recovery-task';
import { type NetworkName } from '../scenario/patient';

const RELATIONSHIPS = 50;
const FEW = 1_000;
const MANY = 100_000;
const ROUNDS = 5;
const AT_ONCE = 16;
const PAUSE_MILLIS = 1_000;
const BARS = { seconds: 10, mebibytes: 200, ratio: 1.2 };
const SEALED = 'A'.repeat(1_366);

/** Slots of as many other patients. What stands in them nobody reads. */
async function fill(ledger: Ledger, network: NetworkName, slots: number): Promise<void> {
  let left = slots;
  const worker = async (): Promise<void> => {
    for (; left > 0;) {
      left -= 1;
      const [privateKey, nextPrivateKey] = [newPrivateKey(), newPrivateKey()];
      const slotId = slotIdOf(hashOfKey(publicKeyOf(privateKey)));
      const input = { slotId, version: 1, sealed: SEALED };
      const signer = { network, slotId, privateKey, nextPrivateKey };
      const proof = signSlotCommand(signer, { transaction: transactions.PutSummarySlot, input }, instantOf(Date.now()));
      await ledger.submit(newRequest(transactions.PutSummarySlot, input, { proof })).catch(async (error: unknown) => {
        if (!(error instanceof LedgerFailure)) throw error;
        // a machine with too much to do: another slot in its place, a little later
        left += 1;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
      });
      if (left % 1_000 === 0) process.stderr.write(`${left} slots left\n`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Somebody who came to A fifty times, and ended it each time. */
async function newPatient(scenario: Scenario, ledger: Ledger): Promise<Wallet> {
  const wallet = newMemoryWallet();
  await wallet.summary.makeRecoverable();
  const registrar = await scenario.hire(scenario.a, 'registrar');
  const mspId = mspIdSchema.parse(scenario.a.member.mspId);
  const carriageOf = () => Promise.resolve({ carrier: ledger, witness: ledger });
  const keeper = new SummaryKeeper(wallet, { network: scenario.network, now: () => instantOf(Date.now()), carriageOf });
  for (let count = 0; count < RELATIONSHIPS; count += 1) {
    const { pseudonym, nonce, nextKeyHash } = await wallet.addRelationship(mspId);
    const registration = newRequest(transactions.RegisterPatient, { pseudonym, nonce, suite: 'P256-SHA256', nextKeyHash });
    await ledger.submit({ ...registration, proof: await registrar.sign(registration.entry, registration.input) });
    await wallet.leave(pseudonym, 'ended');
    const { pending } = await keeper.catchUp();
    if (pending.length > 0) throw new Error(`a slot could not be written: ${JSON.stringify(pending)}`);
  }
  return wallet;
}

/** The middle of several recoveries, each by a process of its own through B's node. */
async function recovered(scenario: Scenario, wallet: Wallet): Promise<RecoveryCost> {
  const { b } = scenario;
  const task: RecoveryTask = {
    phrase: phraseOf(await wallet.summary.seed(), 'en').join(' '),
    network: scenario.network,
    address: { nodeUrl: b.node.ready.url, tlsCaFile: tlsCaFile(scenario.consortium.context, b.member) },
  };
  await scenario.catchUp(b);
  const costs: RecoveryCost[] = [];
  for (let round = 0; round < ROUNDS; round += 1) costs.push(await inAProcess(task));
  const [first] = costs;
  if (first?.recovered !== RELATIONSHIPS) throw new Error(`${first?.recovered} of ${RELATIONSHIPS} came back`);
  return { ...first, millis: median(costs.map(({ millis }) => millis)), mebibytes: Math.max(...costs.map(({ mebibytes }) => mebibytes)) };
}

async function inAProcess(task: RecoveryTask): Promise<RecoveryCost> {
  const running = promisify(execFile)(process.execPath, [join(__dirname, 'recovery-process.js')]);
  running.child.stdin?.end(JSON.stringify(task));
  return JSON.parse((await running).stdout) as RecoveryCost; // of recovery-process.ts
}

async function main(): Promise<void> {
  const many = Number(process.argv[2] ?? MANY);
  const few = Math.min(FEW, many);
  const { cpu, cores, loadBefore } = describeMachine();
  process.stdout.write(`${cpu}, ${cores} cores, load ${loadBefore}; ${networkKind} network; the middle of ${ROUNDS} recoveries\n`);
  const scenario = await Scenario.start('bench-recovery');
  try {
    const ledger = await scenario.ledger(scenario.a);
    const wallet = await newPatient(scenario, ledger);
    await fill(ledger, scenario.network, few);
    const before = await recovered(scenario, wallet);
    await fill(ledger, scenario.network, many - few);
    const after = await recovered(scenario, wallet);
    const ratio = after.millis / before.millis;
    for (const [slots, { millis, mebibytes }] of [
      [few, before],
      [many, after],
    ] as const) {
      process.stdout.write(`${slots} slots of others: ${(millis / 1_000).toFixed(2)} s, ${mebibytes.toFixed(0)} MiB\n`);
    }
    process.stdout.write(`${ratio.toFixed(2)}-fold; bars ${BARS.seconds} s, ${BARS.mebibytes} MiB, ${BARS.ratio}-fold\n`);
    const isGood = after.millis <= BARS.seconds * 1_000 && after.mebibytes <= BARS.mebibytes && ratio <= BARS.ratio;
    process.exitCode = isGood ? 0 : 1;
  } finally {
    await scenario.stop();
  }
}

void main();
