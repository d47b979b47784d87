import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
// the workbench is no part of the SDK; tests, benchmarks and demo are its only users
import { newRunDir } from '../../../application/dist/workbench';
import { CAVEAT, describeMachine, type Figures, renderFigures, rowOf, type Row } from './figures';
import { loadAnswerSchema, type LoadRequest, type Measured, operations } from './load-protocol';
import { type NetworkReady, WatchedNetwork } from './watched-network';

const repositoryRoot = resolve(__dirname, '..', '..', '..');
const CONCURRENCIES = [1, 8, 32] as const;
const LIMIT_MILLIS = 60_000;
const LONGEST_WARM_UP_MILLIS = 1_000;
const USAGE = `npm run bench:embedded -- [--json] [--seconds N]
  Starts the embedded network from nothing and measures it for N seconds (0.2 to 6, default 4) in each of six settings.`;

/** @throws what the process that makes the load failed with, or that it ended */
async function ask(load: ChildProcess, request: LoadRequest): Promise<Measured | undefined> {
  const { promise, resolve: received, reject } = Promise.withResolvers<unknown>();
  const ended = (): void => {
    reject(new Error('the client ended'));
  };
  load.once('message', received).once('exit', ended);
  try {
    load.send(request);
    const { measured, failure } = loadAnswerSchema.parse(await promise);
    if (failure !== undefined) throw new Error(`the client: ${failure}`);
    return measured;
  } finally {
    load.off('message', received).off('exit', ended);
  }
}

function connectRequest({ dir, organizations, profiles, channel, chaincode }: NetworkReady): LoadRequest {
  const [first] = organizations;
  if (first === undefined) throw new Error('the consortium has no member');
  const { mspId, domain } = first;
  const administratorMsp = join(dir, 'organizations', 'peerOrganizations', domain, 'users', `Admin@${domain}`, 'msp');
  return { kind: 'connect', mspId, profile: profiles[mspId] ?? '', administratorMsp, channel, chaincode };
}

async function measureAll(load: ChildProcess, millis: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const operation of operations) {
    await ask(load, { kind: 'measure', operation, concurrency: 8, millis: Math.min(millis, LONGEST_WARM_UP_MILLIS) });
    for (const concurrency of CONCURRENCIES) {
      const measured = await ask(load, { kind: 'measure', operation, concurrency, millis });
      if (measured === undefined || measured.latenciesMillis.length === 0) {
        throw new Error(`no ${operation} succeeded: ${measured?.failure ?? 'no answer'}`);
      }
      rows.push(rowOf(operation, concurrency, measured));
    }
  }
  return rows;
}

async function bench(dataDir: string, millis: number): Promise<Figures> {
  const machine = describeMachine();
  const startedAt = performance.now();
  const sinceStart = (): number => Math.round(performance.now() - startedAt);
  const network = new WatchedNetwork(repositoryRoot, join(dataDir, 'network'), sinceStart);
  const load = fork(join(__dirname, 'load-process.js'), { serialization: 'advanced' });
  try {
    const ready = await network.ready;
    await ask(load, connectRequest(ready));
    const startUp = [...network.stages, { name: 'first transaction committed', atMillis: sinceStart() }];
    await ask(load, { kind: 'prepare' });
    const rows = await measureAll(load, millis);
    const memory = network.memory();
    return { caveat: CAVEAT, machine, startUp, rows, ...(memory === undefined ? {} : { memoryMebibytes: memory }) };
  } finally {
    load.kill();
    await network.stop();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, seconds: { type: 'string', default: '4' }, help: { type: 'boolean' } },
  });
  const seconds = Number(values.seconds);
  if (values.help === true || !(seconds >= 0.2 && seconds <= 6)) {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  // the children end with this process, however it ends
  setTimeout(() => {
    process.stderr.write(`bench:embedded: not done after ${LIMIT_MILLIS / 1000} s\n`);
    process.exit(1);
  }, LIMIT_MILLIS).unref();
  const dataDir = newRunDir(repositoryRoot, 'bench');
  try {
    const figures = await bench(dataDir, seconds * 1000);
    process.stdout.write(`${values.json === true ? JSON.stringify(figures) : renderFigures(figures)}\n`);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

void main().catch((error: unknown) => {
  process.stderr.write(`bench:embedded: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
