import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConsortium } from '@lianyi/network-model';
import { type ConsortiumKind, newRunDir } from '@lianyi/workbench';
import { whyNoFabric } from '../fabric/fabric-command';
import { Contender, type Window } from './contender';
import { CAVEAT, describeMachine, FABRIC_NOTE, type Figures, type NetworkFigures, ratiosOf, rowOf } from './figures';
import { operations } from './load-protocol';
import { renderFigures } from './render';
// the workbench is no part of the SDK; tests, benchmarks and demo are its only users

const repositoryRoot = resolve(__dirname, '..', '..', '..');
const CONCURRENCIES = [1, 8, 32] as const;
const LONGEST_WARM_UP_MILLIS = 1_000;
/** Starts, stops and the settling of memory of one network in one round, at the very most. */
const LONGEST_ROUND_MILLIS = 180_000;
const SETTLING_MILLIS = 1_000;
const USAGE = `npm run bench:networks -- [--json] [--seconds N] [--rounds N] [--network embedded|fabric]
  Starts the embedded network and real Fabric from nothing and measures start-up, memory and throughput of both, N seconds
  (0.2 to 30, default 4) in each of six settings, in turn, in N rounds (default 2; who starts first changes). Real Fabric
  is left out where its programs are not in FABRIC_BIN or on PATH. The embedded network's figures are a workbench's.`;

const settings = operations.flatMap((operation) => CONCURRENCIES.map((concurrency) => ({ operation, concurrency })));

/** What one network showed in all rounds. */
interface Observed {
  readonly kind: ConsortiumKind;
  version: string | undefined;
  readonly startUp: NetworkFigures['startUp'][number][];
  readonly endings: NetworkFigures['endings'][number][];
  readonly windows: Map<string, Window[]>;
  memory: NetworkFigures['memory'];
}

/** The windows of both networks alternate, since the machine's own pace changes within minutes; only one is loaded at a time. */
async function measureInTurn(
  contenders: readonly Contender[],
  observed: ReadonlyMap<ConsortiumKind, Observed>,
  millis: number,
): Promise<void> {
  for (const [index, { operation, concurrency }] of settings.entries()) {
    const inTurn = index % 2 === 0 ? contenders : [...contenders].reverse();
    for (const contender of inTurn) {
      if (concurrency === CONCURRENCIES[0]) await contender.measure(operation, 8, Math.min(millis, LONGEST_WARM_UP_MILLIS));
      const window = await contender.measure(operation, concurrency, millis);
      const windows = observed.get(contender.kind)?.windows;
      windows?.set(`${operation} ${concurrency}`, [...(windows.get(`${operation} ${concurrency}`) ?? []), window]);
    }
  }
}

async function round(
  kinds: readonly ConsortiumKind[],
  observed: ReadonlyMap<ConsortiumKind, Observed>,
  dir: string,
  millis: number,
): Promise<void> {
  const contenders: Contender[] = [];
  try {
    for (const kind of kinds) contenders.push(await Contender.start(kind, repositoryRoot, join(dir, kind)));
    await new Promise((settled) => setTimeout(settled, Math.min(millis, SETTLING_MILLIS)));
    const idle = new Map(contenders.map((contender) => [contender.kind, contender.memory()]));
    await measureInTurn(contenders, observed, millis);
    for (const contender of contenders) {
      const seen = observed.get(contender.kind);
      if (seen === undefined) continue;
      const [before, after] = [idle.get(contender.kind), contender.memory()];
      if (before !== undefined && after !== undefined) seen.memory = { idle: before, afterLoad: after };
      seen.version = contender.version();
      seen.startUp.push(contender.startUp);
      seen.endings.push(await contender.stopAndContinue());
    }
  } finally {
    await Promise.all(contenders.map((contender) => contender.end()));
  }
}

function figuresOf({ kind, version, startUp, endings, windows, memory }: Observed): NetworkFigures {
  return {
    network: kind,
    caveat: kind === 'embedded' ? CAVEAT : FABRIC_NOTE,
    ...(version === undefined ? {} : { fabricVersion: version }),
    startUp,
    endings,
    rows: settings.map(({ operation, concurrency }) => rowOf(operation, concurrency, windows.get(`${operation} ${concurrency}`) ?? [])),
    ...(memory === undefined ? {} : { memory }),
  };
}

async function bench(kinds: readonly ConsortiumKind[], dir: string, rounds: number, millis: number): Promise<Omit<Figures, 'leftOut'>> {
  const machine = describeMachine();
  const { batch } = loadConsortium(join(repositoryRoot, 'consortium.yaml')).channel;
  const observed = new Map(
    kinds.map((kind): [ConsortiumKind, Observed] => [
      kind,
      { kind, version: undefined, startUp: [], endings: [], windows: new Map(), memory: undefined },
    ]),
  );
  for (let index = 0; index < rounds; index++) await round(index % 2 === 0 ? kinds : [...kinds].reverse(), observed, dir, millis);
  const networks = [...observed.values()].map(figuresOf);
  return { machine, batch, rounds, networks, ratios: ratiosOf(networks) };
}

function parse():
  { readonly json: boolean; readonly seconds: number; readonly rounds: number; readonly kinds: readonly ConsortiumKind[] } | undefined {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '2' },
      network: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
  const kinds = (['embedded', 'fabric'] as const).filter((kind) => values.network === undefined || values.network === kind);
  const isRight = seconds >= 0.2 && seconds <= 30 && Number.isInteger(rounds) && rounds >= 1 && rounds <= 20 && kinds.length > 0;
  if (isRight && !values.help) return { json: values.json, seconds, rounds, kinds };
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = values.help ? 0 : 2;
  return undefined;
}

async function main(): Promise<void> {
  const asked = parse();
  if (asked === undefined) return;
  const reason = asked.kinds.includes('fabric') ? whyNoFabric() : undefined;
  const leftOut = reason === undefined ? undefined : `Real Fabric is left out: ${reason}.`;
  const kinds = asked.kinds.filter((kind) => kind === 'embedded' || reason === undefined);
  if (leftOut !== undefined && kinds.length === 0) {
    process.stdout.write(`${leftOut}\n`);
    return;
  }
  const limitMillis = asked.rounds * kinds.length * (LONGEST_ROUND_MILLIS + (settings.length + 2) * asked.seconds * 1000);
  // the children end with this process, however it ends
  setTimeout(() => {
    process.stderr.write(`bench:networks: not done after ${limitMillis / 1000} s\n`);
    process.exit(1);
  }, limitMillis).unref();
  const dataDir = newRunDir(repositoryRoot, 'bench');
  try {
    const figures: Figures = {
      ...(await bench(kinds, dataDir, asked.rounds, asked.seconds * 1000)),
      ...(leftOut === undefined ? {} : { leftOut }),
    };
    process.stdout.write(`${asked.json ? JSON.stringify(figures) : renderFigures(figures)}\n`);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

void main().catch((error: unknown) => {
  process.stderr.write(`bench:networks: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
