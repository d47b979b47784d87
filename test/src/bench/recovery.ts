/**
 * `npm run bench:recovery -- [SLOTS]`: what it costs a machine with nothing but a phrase to bring back a wallet of fifty relationships through a
 * member's node, on a ledger of few slots of other patients and, turn about, on one of many.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
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
const ROUNDS = 9;
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

/** A consortium on whose ledger so many slots of others stand, and what recovers a wallet there through B's node. */
class Filled {
  readonly costs: RecoveryCost[] = [];

  private constructor(
    private readonly scenario: Scenario,
    private readonly task: RecoveryTask,
    readonly slots: number,
  ) {}

  static async start(slots: number): Promise<Filled> {
    const scenario = await Scenario.start(`bench-recovery-${slots}`);
    try {
      const { b, consortium, network } = scenario;
      const wallet = await newPatient(scenario, await scenario.ledger(scenario.a));
      await fill(scenario, slots);
      await scenario.catchUp(b);
      const phrase = phraseOf(await wallet.summary.seed(), 'en').join(' ');
      const address = { nodeUrl: b.node.ready.url, tlsCaFile: tlsCaFile(consortium.context, b.member) };
      return new Filled(scenario, { phrase, network, address }, slots);
    } catch (error) {
      await scenario.stop();
      throw error;
    }
  }

  async recover(): Promise<void> {
    const cost = await inAProcess(this.task);
    if (cost.recovered !== RELATIONSHIPS) throw new Error(`${cost.recovered} of ${RELATIONSHIPS} came back`);
    this.costs.push(cost);
  }

  /** What the patient waits, as long as the node has answered nobody else from that address. */
  get firstMillis(): number {
    return this.costs[0]?.millis ?? Number.NaN;
  }

  /** What a recovery costs without the waits for the node's limit, which is the same whatever stands on the ledger. */
  get workedMillis(): number {
    return median(this.costs.map(({ millis, waitedMillis }) => millis - waitedMillis));
  }

  get mebibytes(): number {
    return Math.max(...this.costs.map(({ mebibytes }) => mebibytes));
  }

  stop(): Promise<void> {
    return this.scenario.stop();
  }
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
  const both: Filled[] = [];
  try {
    for (const slots of [few, many]) both.push(await Filled.start(slots));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const filled of round % 2 === 0 ? both : both.toReversed()) await filled.recover();
    }
    for (const { slots, firstMillis, workedMillis, mebibytes } of both) {
      const [first, worked] = [firstMillis, workedMillis].map((millis) => `${(millis / 1_000).toFixed(2)} s`);
      process.stdout.write(`${slots} slots of others: first ${first}; without waits ${worked}, ${mebibytes.toFixed(0)} MiB\n`);
    }
    process.exitCode = isGood(both) ? 0 : 1;
  } finally {
    for (const filled of both) await filled.stop();
  }
}

/** Says how much more the last costs than the first. */
function isGood(both: readonly Filled[]): boolean {
  const [before, after] = both;
  if (before === undefined || after === undefined) return false;
  const ratio = after.workedMillis / before.workedMillis;
  process.stdout.write(`${ratio.toFixed(2)}-fold; bars ${BARS.seconds} s, ${BARS.mebibytes} MiB, ${BARS.ratio}-fold\n`);
  return after.firstMillis <= BARS.seconds * 1_000 && after.mebibytes <= BARS.mebibytes && ratio <= BARS.ratio;
}

void main();
