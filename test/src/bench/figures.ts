import { cpus, loadavg, totalmem } from 'node:os';
import { type ConsortiumKind } from '@lianyi/workbench';
import { type StartUp, type Window } from './contender';
import { type Operation } from './load-protocol';
import { type Memory } from './processes';

/** Said with every figure of the embedded network, printed or JSON. */
export const CAVEAT =
  'Figures of a workbench: one process plays all organisations of the embedded network on one machine, with no consensus, no gossip and no ' +
  'other machine behind it. They are not Hyperledger Fabric’s and promise nothing about it; they tell whether a change made us slower.';

export const FABRIC_NOTE =
  'Figures of real Hyperledger Fabric, all its nodes on this one machine: they share its cores with each other and with the client. ' +
  'A consortium on machines of its own behaves otherwise.';

export type Row = {
  readonly operation: Operation;
  readonly concurrency: number;
  readonly calls: number;
  readonly failures: number;
  readonly perSecond: number;
  readonly p50Millis: number;
  readonly p95Millis: number;
  readonly p99Millis: number;
  readonly maxMillis: number;
  /** Of all processes of the network together, for one call; without the client's. */
  readonly processorMillisPerCall?: number;
};

/** What was measured on one network; start-up and ending one value a round. */
export type NetworkFigures = {
  readonly network: ConsortiumKind;
  readonly caveat: string;
  readonly fabricVersion?: string;
  readonly startUp: readonly StartUp[];
  readonly endings: readonly Readonly<Record<string, number>>[];
  readonly rows: readonly Row[];
  readonly memory?: { readonly idle: readonly Memory[]; readonly afterLoad: readonly Memory[] };
};

/** The workbench's figure divided by real Fabric's, for one line of the comparison. */
export type Ratio = { readonly what: string; readonly embeddedToFabric: number };

export type Figures = {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGibibytes: number;
    readonly loadBefore: number;
    readonly node: string;
  };
  readonly batch: { readonly timeoutMillis: number; readonly maxMessageCount: number };
  readonly rounds: number;
  readonly networks: readonly NetworkFigures[];
  readonly ratios: readonly Ratio[];
  /** Why real Fabric is left out, in one sentence. */
  readonly leftOut?: string;
};

export function describeMachine(): Figures['machine'] {
  const [first] = cpus();
  return {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGibibytes: Math.round(totalmem() / 2 ** 30),
    loadBefore: round(loadavg()[0] ?? 0),
    node: process.version,
  };
}

/** @param windows of one setting, one a round; at least one call of them succeeded */
export function rowOf(operation: Operation, concurrency: number, windows: readonly Window[]): Row {
  const sum = (of: (window: Window) => number): number => windows.reduce((total, window) => total + of(window), 0);
  const latencies = windows.flatMap(({ latenciesMillis }) => latenciesMillis);
  const at = (share: number): number => round(rank(latencies, share));
  const row = {
    operation,
    concurrency,
    calls: latencies.length,
    failures: sum(({ failures }) => failures),
    perSecond: round((latencies.length * 1000) / sum(({ elapsedMillis }) => elapsedMillis)),
    ...{ p50Millis: at(0.5), p95Millis: at(0.95), p99Millis: at(0.99), maxMillis: at(1) },
  };
  if (windows.some(({ processorMillis }) => processorMillis === undefined)) return row;
  return { ...row, processorMillisPerCall: round(sum(({ processorMillis }) => processorMillis ?? 0) / latencies.length) };
}

/** The value of that share of all, by the nearest rank: 0.5 is a median, 0.95 the 95th percentile. */
export function rank(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const [lower, upper] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return lower === undefined || upper === undefined ? Number.NaN : Math.round((lower + upper) / 2);
}

export function totalOf(memory: readonly Memory[]): number {
  return memory.reduce((sum, { mebibytes }) => sum + mebibytes, 0);
}

/** The comparison in figures: start, throughput, processor time, memory. Nothing when only one network was measured. */
export function ratiosOf(networks: readonly NetworkFigures[]): readonly Ratio[] {
  const embedded = networks.find(({ network }) => network === 'embedded');
  const fabric = networks.find(({ network }) => network === 'fabric');
  if (embedded === undefined || fabric === undefined) return [];
  const ratios: Ratio[] = [];
  const add = (what: string, one: number | undefined, other: number | undefined): void => {
    if (one !== undefined && other !== undefined && other > 0)
      ratios.push({ what, embeddedToFabric: Math.round((one / other) * 100) / 100 });
  };
  const firstCommit = ({ startUp }: NetworkFigures): number => median(startUp.map(({ firstCommitMillis }) => firstCommitMillis));
  add('time from nothing to the first committed transaction', firstCommit(embedded), firstCommit(fabric));
  for (const row of embedded.rows) {
    const other = fabric.rows.find(({ operation, concurrency }) => operation === row.operation && concurrency === row.concurrency);
    const setting = `${row.operation} by ${row.concurrency} at once`;
    add(`calls a second, ${setting}`, row.perSecond, other?.perSecond);
    add(`processor time a call, ${setting}`, row.processorMillisPerCall, other?.processorMillisPerCall);
  }
  for (const moment of ['idle', 'afterLoad'] as const) {
    const [one, other] = [embedded.memory?.[moment], fabric.memory?.[moment]];
    add(`memory ${moment === 'idle' ? 'idle' : 'after load'}`, one && totalOf(one), other && totalOf(other));
  }
  return ratios;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
