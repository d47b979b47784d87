/**
 * `npm run bench:large`: what a hospital's node answers others while a bundle of 28 MB is published through it, beside the same without it, turn about in
 * one run. The publisher is a process of its own, as a hospital's program is. Ends with 1 when the bar is missed.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exchange } from '@lianyi/client/node';
import { tlsCaFile } from '@lianyi/workbench';
import { PatientCase } from '../scenario/patient-case';
import { hireRoster } from '../scenario/roster';
import { repositoryRoot, Scenario } from '../scenario/scenario';
import { describeMachine } from './figures';

const BUNDLE_BYTES = 28_000_000;
const ROUNDS = 3;
const QUIET_MILLIS = 4_000;
/** Between two questions of the one who is answered meanwhile. */
const PAUSE_MILLIS = 10;
const MOST_MORE_MILLIS = 50;

const line = (text: string): void => void process.stdout.write(`${text}\n`);
const pause = (millis: number): Promise<void> => new Promise((done) => setTimeout(done, millis));

/** A collection of many small observations: most work for a checker. */
function bundleOf(bytes: number): Buffer {
  const note = 'The result was confirmed by a second measurement. '.repeat(10);
  const entryOf = (at: number): string =>
    JSON.stringify({
      resource: { resourceType: 'Observation', id: `o${String(at)}`, status: 'final', code: { text: 'x' }, note: [{ text: note }] },
    });
  const count = Math.floor((bytes - 64) / (entryOf(100_000).length + 1));
  const entries = Array.from({ length: count }, (_, at) => entryOf(at));
  return Buffer.from(`{"resourceType":"Bundle","type":"collection","entry":[${entries.join(',')}]}`);
}

/** Asks one thing after another until it is told to end. @returns how long each answer took, in milliseconds */
function beginAsking(url: string, ca: string): () => Promise<readonly number[]> {
  const { hostname, port } = new URL(url);
  const latencies: number[] = [];
  const over = new AbortController();
  const asking = (async (): Promise<void> => {
    while (!over.signal.aborted) {
      const asked = performance.now();
      const request = { host: hostname, port: Number(port), method: 'GET', path: '/v1/network', tls: { ca: [ca] } } as const;
      await exchange({ ...request, headers: {}, patience: { totalMillis: 60_000 }, maxBytes: 65_536 });
      latencies.push(performance.now() - asked);
      await pause(PAUSE_MILLIS);
    }
  })();
  return async () => {
    over.abort();
    await asking;
    return latencies;
  };
}

function percentile(values: readonly number[], share: number): number {
  return [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}

async function measured(scenario: Scenario): Promise<boolean> {
  const { consortium, a } = scenario;
  const staff = await hireRoster(scenario);
  const { known } = await PatientCase.withRecord(scenario, staff);
  const file = join(consortium.data.root, 'large.json');
  writeFileSync(file, bundleOf(BUNDLE_BYTES));
  const cli = [
    join(repositoryRoot, 'application/cli/dist/main.js'),
    '--json',
    '--data-dir',
    consortium.data.root,
    '--as',
    staff.labA.profile,
  ];
  const publish = async (): Promise<void> => {
    await promisify(execFile)(process.execPath, [...cli, 'record', 'publish', '--pseudonym', known.pseudonym, '--', file]);
  };
  const ca = readFileSync(tlsCaFile(consortium.context, a.member), 'utf8');
  const [quiet, beside]: [number[], number[]] = [[], []];
  let published = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const endQuiet = beginAsking(a.node.ready.url, ca);
    await pause(QUIET_MILLIS);
    quiet.push(...(await endQuiet()));
    const endBeside = beginAsking(a.node.ready.url, ca);
    const begun = performance.now();
    await publish();
    published += performance.now() - begun;
    beside.push(...(await endBeside()));
  }
  line(`a publication of 28 MB: ${(published / ROUNDS / 1_000).toFixed(1)} s`);
  for (const [what, of] of [
    ['without it', quiet],
    ['beside it', beside],
  ] as const) {
    const [middle, late, latest] = [0.5, 0.99, 1].map((share) => percentile(of, share).toFixed(1));
    line(`${what.padEnd(12)} ${String(of.length)} answers; p50 ${middle ?? ''} ms, p99 ${late ?? ''} ms, max ${latest ?? ''} ms`);
  }
  const more = percentile(beside, 0.99) - percentile(quiet, 0.99);
  line(`p99 beside it is ${more.toFixed(1)} ms more; bar ${String(MOST_MORE_MILLIS)} ms`);
  return more <= MOST_MORE_MILLIS;
}

async function main(): Promise<void> {
  const { cores, cpu, loadBefore, node } = describeMachine();
  line(`${cores} × ${cpu}, Node ${node}; load average before: ${loadBefore}`);
  const scenario = await Scenario.start('bench-large');
  try {
    process.exitCode = (await measured(scenario)) ? 0 : 1;
  } finally {
    await scenario.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`bench:large: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
