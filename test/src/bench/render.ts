import { type ConsortiumKind } from '@lianyi/workbench';
import { CAVEAT, FABRIC_NOTE, type Figures, median, type NetworkFigures, type Row, totalOf } from './figures';
import { type Memory } from './processes';

/** What a network is called above and beside its figures; the embedded one never without the word. */
const TITLES: Readonly<Record<ConsortiumKind, string>> = { embedded: 'WORKBENCH (embedded)', fabric: 'REAL FABRIC' };

const right = (value: number | string, width: number): string => String(value).padStart(width);

/** The figures as a page of text. */
export function renderFigures(figures: Figures): string {
  const { machine, batch, rounds, networks, ratios, leftOut } = figures;
  const { cpu, cores, memoryGibibytes, loadBefore, node } = machine;
  const compared = ratios.map(({ what, embeddedToFabric }) => `  ${what.padEnd(58)}${right(embeddedToFabric, 8)}`);
  return [
    `${cores} × ${cpu}, ${memoryGibibytes} GiB, Node ${node}; load average before: ${loadBefore}; rounds: ${rounds}`,
    `batch: ${batch.timeoutMillis} ms or ${batch.maxMessageCount} transactions; same chaincode, same client, certificates issued in-process`,
    ...(leftOut === undefined ? [] : [leftOut]),
    ...networks.flatMap((network) => ['', ...startUpLines(network)]),
    '',
    'GetOrganisation evaluated; RegisterPatient submitted: signed by a registrar, endorsed by a majority, until its commit is reported',
    `  ${''.padEnd(9)}${headings()}`,
    ...throughputLines(networks),
    ...networks.flatMap((network) => ['', ...memoryLines(network)]),
    ...(compared.length === 0 ? [] : ['', 'workbench : real Fabric', ...compared, '', CAVEAT, FABRIC_NOTE]),
  ].join('\n');
}

function startUpLines({ network, caveat, fabricVersion, startUp, endings }: NetworkFigures): readonly string[] {
  const spread = (values: readonly number[]): string => (values.length < 2 ? '' : `  (${Math.min(...values)} to ${Math.max(...values)})`);
  const line = (name: string, values: readonly number[]): string => `  ${name.padEnd(34)}${right(median(values), 7)} ms${spread(values)}`;
  const names = startUp[0]?.stages.map(({ name }) => name) ?? [];
  const overlap = network === 'fabric' ? '; stages overlap' : '';
  return [
    `${TITLES[network]}${fabricVersion === undefined ? '' : ` ${fabricVersion}`}: from nothing${overlap}`,
    caveat,
    ...names.map((name) =>
      line(
        `  ${name}`,
        startUp.flatMap(({ stages }) => stages.filter((stage) => stage.name === name).map(({ millis }) => millis)),
      ),
    ),
    line(
      'ready',
      startUp.map(({ readyMillis }) => readyMillis),
    ),
    line(
      'first transaction committed',
      startUp.map(({ firstCommitMillis }) => firstCommitMillis),
    ),
    ...Object.keys(endings[0] ?? {}).map((name) =>
      line(
        name,
        endings.map((ending) => ending[name] ?? 0),
      ),
    ),
  ];
}

function headings(): string {
  return ['', 'at once', 'per s', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms', 'calls', 'failed', 'CPU ms']
    .map((name, index) => right(name, index === 0 ? 22 : 9))
    .join('');
}

/** Line under line for the same setting, so that nobody reads one network's figure as the other's. */
function throughputLines(networks: readonly NetworkFigures[]): readonly string[] {
  const [first] = networks;
  return (first?.rows ?? []).flatMap(({ operation, concurrency }) =>
    networks.flatMap(({ network, rows }) =>
      rows
        .filter((row) => row.operation === operation && row.concurrency === concurrency)
        .map((row) => `  ${operation.padEnd(9)}${TITLES[network].padStart(22)}${cells(row)}`),
    ),
  );
}

function cells({
  concurrency,
  perSecond,
  p50Millis,
  p95Millis,
  p99Millis,
  maxMillis,
  calls,
  failures,
  processorMillisPerCall,
}: Row): string {
  return [concurrency, perSecond, p50Millis, p95Millis, p99Millis, maxMillis, calls, failures, processorMillisPerCall ?? '-']
    .map((value) => right(value, 9))
    .join('');
}

function memoryLines({ network, memory }: NetworkFigures): readonly string[] {
  if (memory === undefined) return [`${TITLES[network]}: memory not measured, this system has no /proc`];
  const line = (when: string, kinds: readonly Memory[]): string =>
    `  ${when.padEnd(12)}${right(totalOf(kinds), 6)} MiB: ${kinds.map(({ kind, processes, mebibytes }) => `${processes} ${kind} ${mebibytes}`).join(', ')}`;
  return [`${TITLES[network]}: resident memory of all processes`, line('idle', memory.idle), line('after load', memory.afterLoad)];
}
