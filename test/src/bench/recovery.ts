/**
 * `npm run bench:recovery -- [SLOTS]`: what it costs a machine with nothing but a phrase to bring back a wallet of fifty relationships through a
 * member's node, on a ledger of few slots of other patients and on one of many.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { phraseOf } from '@lianyi/client/recovery';
import { SummaryKeeper, type Wallet } from '@lianyi/client/wallet';
import {
  canonicalJson,
  hashOfKey,
  instantOf,
  type Ledger,
  mspIdSchema,
  newRequest,
  slotIdOf,
  type SummarySlot,
  transactions,
} from '@lianyi/domain';
import { tlsCaFile } from '@lianyi/workbench';
import { networkKind, Scenario } from '../scenario/scenario';
import { describeMachine, median } from './figures';
import { commitForged, ledgerKey } from '../attack/forged-transaction';
import { newMemoryWallet } from '../attack/memory-wallet';
import { type RecoveryCost, type RecoveryTask } from './recovery-task';

const RELATIONSHIPS = 50;
const FEW = 1_000;
const MANY = 100_000;
const ROUNDS = 3;
/** A node lets a machine that it does not know ask so often in a minute: each recovery begins with none of it used. */
const BETWEEN_ROUNDS_MILLIS = 61_000;
const SLOTS_OF_A_TRANSACTION = 400;
const VALID = 0;
const BARS = { seconds: 10, mebibytes: 200, ratio: 1.2 };
const SEALED = 'A'.repeat(1_366);

/** One slot of somebody else, as the ledger keeps it. What stands in it nobody reads. */
function slotOfSomebody(): readonly [key: string, value: string] {
  const nextKeyHash = hashOfKey(publicKeyOf(newPrivateKey()));
  const slotId = slotIdOf(nextKeyHash);
  const slot: SummarySlot = { schemaVersion: 1, slotId, version: 1, nextKeyHash, sealed: SEALED };
  return [ledgerKey('summarySlot', slotId), canonicalJson(slot)];
}

/**
 * Slots of as many other patients. Two hospitals write them into the state with their peers' keys, many in a transaction: the state is as after
 * as many commands, which would take hours.
 */
async function fill(scenario: Scenario, slots: number): Promise<void> {
  for (let left = slots; left > 0; left -= SLOTS_OF_A_TRANSACTION) {
    const count = Math.min(left, SLOTS_OF_A_TRANSACTION);
    const writes = Object.fromEntries(Array.from({ length: count }, slotOfSomebody));
    const code = await commitForged(scenario, [scenario.a, scenario.b], writes);
    if (code !== VALID) throw new Error(`the slots were not written: validation code ${code}`);
  }
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
  for (let round = 0; round < ROUNDS; round += 1) {
    await setTimeout(BETWEEN_ROUNDS_MILLIS);
    costs.push(await inAProcess(task));
  }
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
    await fill(scenario, few);
    const before = await recovered(scenario, wallet);
    await fill(scenario, many - few);
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
