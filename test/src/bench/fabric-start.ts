import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fabric, FabricUp, type NodeStatus, whyNoFabric } from '../fabric/fabric-command';
import { describeMachine } from './figures';

const USAGE = `npm run bench:fabric -- [--rounds N]
  Brings real Fabric up from nothing N times (default 3), stops it, continues it and removes it; prints medians.`;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Figures by name, one value a round. */
class Samples {
  private readonly values = new Map<string, number[]>();

  add(name: string, value: number): void {
    this.values.set(name, [...(this.values.get(name) ?? []), value]);
  }

  async time(name: string, work: () => Promise<unknown>): Promise<void> {
    const begun = performance.now();
    await work();
    this.add(name, performance.now() - begun);
  }

  print(unit: string): void {
    for (const [name, values] of this.values) {
      const spread = values.length > 1 ? `  (${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))})` : '';
      process.stdout.write(`  ${name.padEnd(28)}${String(Math.round(median(values))).padStart(7)} ${unit}${spread}\n`);
    }
  }
}

/** Resident memory of a process (proc(5)), in MB. */
function residentMegabytes({ pid }: NodeStatus): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

function addStages(samples: Samples, progress: readonly string[]): void {
  for (const [, stage, millis] of progress.join('').matchAll(/^ {2}(.+): (\d+) ms$/gm)) samples.add(`  ${stage ?? ''}`, Number(millis));
}

async function round(times: Samples, memory: Samples): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-bench-'));
  const dir = join(folder, 'network');
  try {
    const first = await FabricUp.start(dir);
    times.add('up from nothing', first.ready.elapsedMillis);
    addStages(times, first.progress);
    for (const kind of ['orderer', 'peer', 'chaincode'] as const) {
      const nodes = first.nodes().filter((node) => node.kind === kind);
      memory.add(
        `${nodes.length} ${kind}s`,
        nodes.map(residentMegabytes).reduce((sum, megabytes) => sum + megabytes, 0),
      );
    }
    await times.time('stop', () => first.end());
    const second = await FabricUp.start(dir);
    times.add('up again', second.ready.elapsedMillis);
    await second.end();
    await times.time('down (with a start of Node)', () => Promise.resolve(fabric(['down', '--dir', dir])));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' }, help: { type: 'boolean' } } });
  const reason = whyNoFabric();
  if (values.help === true || reason !== undefined) {
    process.stdout.write(`${reason ?? USAGE}\n`);
    return;
  }
  const [times, memory] = [new Samples(), new Samples()];
  for (let index = 0; index < Number(values.rounds); index++) await round(times, memory);
  process.stdout.write(
    `Real Fabric on ${JSON.stringify(describeMachine())}, certificates issued in-process, medians of ${values.rounds}\n`,
  );
  times.print('ms');
  process.stdout.write('Resident memory when ready\n');
  memory.print('MB');
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
