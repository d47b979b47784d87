import { cpus, loadavg, totalmem } from 'node:os';
import { type Measured, type Operation } from './load-protocol';
import { type Stage } from './watched-network';

/** Said with every figure, printed or JSON. */
export const CAVEAT =
  'Figures of a workbench: one process plays all organisations of the embedded network on one machine, with no Raft, no gossip and no ' +
  'other machine behind it. They are not Hyperledger Fabric’s and promise nothing about it; they tell whether a change made us slower.';

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
};

export type Figures = {
  readonly caveat: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGibibytes: number;
    readonly loadBefore: number;
    readonly node: string;
  };
  /** From nothing on the disk; the client's process was started together with the network's. */
  readonly startUp: readonly Stage[];
  readonly rows: readonly Row[];
  readonly memoryMebibytes?: { readonly network: number; readonly chaincodes: readonly number[] };
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

/** @param measured at least one call of it succeeded */
export function rowOf(operation: Operation, concurrency: number, measured: Measured): Row {
  const { latenciesMillis, elapsedMillis, failures } = measured;
  const sorted = [...latenciesMillis].sort((one, other) => one - other);
  // nearest rank
  const at = (share: number): number => round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return {
    operation,
    concurrency,
    calls: sorted.length,
    failures,
    perSecond: round((sorted.length * 1000) / elapsedMillis),
    ...{ p50Millis: at(0.5), p95Millis: at(0.95), p99Millis: at(0.99), maxMillis: at(1) },
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The figures as a page of text. */
export function renderFigures({ caveat, machine, startUp, rows, memoryMebibytes: memory }: Figures): string {
  const { cpu, cores, memoryGibibytes, loadBefore, node } = machine;
  const right = (value: number | string, width: number): string => String(value).padStart(width);
  const stages = startUp.map(({ name, atMillis }, index) => {
    const took = atMillis - (startUp[index - 1]?.atMillis ?? 0);
    return `  ${name.padEnd(28)}${right(atMillis, 7)} ms  (+${took})`;
  });
  const table = rows.map(({ operation, concurrency, perSecond, p50Millis, p95Millis, p99Millis, maxMillis, calls, failures }) =>
    [
      `  ${operation.padEnd(9)}`,
      ...[concurrency, perSecond, p50Millis, p95Millis, p99Millis, maxMillis, calls, failures].map((value) => right(value, 9)),
    ].join(''),
  );
  const headings = ['at once', 'per s', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms', 'calls', 'failed'].map((name) => right(name, 9)).join('');
  return [
    caveat,
    `${cores} × ${cpu}, ${memoryGibibytes} GiB, Node ${node}; load average before: ${loadBefore}`,
    '',
    'From nothing to the first committed transaction',
    ...stages,
    '',
    'GetOrganisation evaluated; RegisterPatient submitted: signed by a registrar, endorsed by a majority, until its commit is reported',
    `  ${' '.repeat(9)}${headings}`,
    ...table,
    '',
    memory === undefined
      ? 'Memory: not measured, this system has no /proc'
      : `Memory after the load: network ${memory.network} MiB, chaincode processes ${memory.chaincodes.join(' + ')} MiB`,
  ].join('\n');
}
