/**
 * `npm run bench:stalling`: what somebody who does not play by the rules costs the others, each beside the same without them in one run.
 * Ends with 1 when a bar is missed. Read the ratios: everything shares this machine's cores.
 */
import { newRequest, transactions } from '@lianyi/domain';
import { ActingLedger } from '@lianyi/client';
import { Scenario, type StaffMember } from '../scenario/scenario';
import { Publisher, startOneVault } from '../stalling/one-vault';
import { beginStrangers } from '../stalling/begin-strangers';
import { memoryOfUnreadAnswers } from '../stalling/unread-answers';
import { describeMachine } from './figures';

const CONNECTIONS = 200;
const MOST_MEBIBYTES = 100;
const MOST_DELAY_MILLIS = 1_000;
const MOST_SLOWDOWN = 1.5;
const STRANGERS_PER_SECOND = 60;
const ROUNDS = 4;
const WINDOW_MILLIS = 4_000;

let missed = 0;
function tell(what: string, figure: string, bar: string, holds: boolean): void {
  if (!holds) missed += 1;
  process.stdout.write(`${what.padEnd(66)} ${figure.padEnd(36)} bar ${bar.padEnd(12)} ${holds ? 'held' : 'MISSED'}\n`);
}

function middle(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function memoryAndPublishing(): Promise<void> {
  const vault = await startOneVault();
  const publisher = new Publisher(vault);
  try {
    const mebibytes = await memoryOfUnreadAnswers(vault, CONNECTIONS);
    tell(`${CONNECTIONS} connections that do not read`, `${mebibytes} MiB more`, `${MOST_MEBIBYTES} MiB`, mebibytes <= MOST_MEBIBYTES);
    const [without, beside]: [number[], number[]] = [[], []];
    await publisher.publish(false, 30_000);
    for (let round = 0; round < ROUNDS; round += 1) {
      without.push(await publisher.publish(false, 30_000));
      beside.push(await publisher.publish(true, 30_000));
    }
    const [plain, delayed] = [Math.round(middle(without)), Math.round(middle(beside))];
    const delay = delayed - plain;
    const figure = `${plain} ms without, ${delayed} ms with`;
    tell('a publication beside a member with 100 mute vaults', figure, `${MOST_DELAY_MILLIS} ms more`, delay <= MOST_DELAY_MILLIS);
  } finally {
    publisher.stop();
    await vault.stop();
  }
}

/** Latencies of one staff member's query, one after the other, for a while. */
async function queries({ client, sign, actorTag, hospital }: StaffMember): Promise<readonly number[]> {
  const ledger = new ActingLedger(client.ledger, sign);
  const latencies: number[] = [];
  for (const begun = performance.now(); performance.now() - begun < WINDOW_MILLIS;) {
    const asked = performance.now();
    await ledger.evaluate(newRequest(transactions.GetStaff, { mspId: hospital.member.mspId, actorTag }));
    latencies.push(performance.now() - asked);
  }
  return latencies;
}

async function strangers(): Promise<void> {
  const scenario = await Scenario.start('bench-stalling');
  try {
    const innocent = await scenario.hire(scenario.a, 'registrar');
    await queries(innocent);
    const [quiet, beside]: [number[], number[]] = [[], []];
    let count = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      quiet.push(...(await queries(innocent)));
      const end = await beginStrangers(scenario, STRANGERS_PER_SECOND);
      beside.push(...(await queries(innocent)));
      count += await end();
    }
    const [plain, slowed] = [middle(quiet), middle(beside)];
    const ratio = slowed / plain;
    const perSecond = Math.round((count * 1_000) / (ROUNDS * WINDOW_MILLIS));
    const figure = `${plain.toFixed(1)} ms → ${slowed.toFixed(1)} ms, ${ratio.toFixed(2)}-fold`;
    tell(
      `a staff member’s query beside ${perSecond} strangers’ requests a second`,
      figure,
      `${MOST_SLOWDOWN}-fold`,
      ratio <= MOST_SLOWDOWN,
    );
  } finally {
    await scenario.stop();
  }
}

async function main(): Promise<void> {
  const { cores, cpu, loadBefore, node } = describeMachine();
  process.stdout.write(`${cores} × ${cpu}, Node ${node}; load average before: ${loadBefore}; medians of ${ROUNDS} rounds in turn\n`);
  await memoryAndPublishing();
  await strangers();
  process.exit(missed === 0 ? 0 : 1); // a gateway stream may still hold the event loop
}

void main().catch((error: unknown) => {
  process.stderr.write(`bench:stalling: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
