import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fabric, FabricUp, folderOf, smokeChaincode, whyNoFabric } from '../fabric/fabric-command';
import { describeMachine, median } from './figures';

const USAGE = `npm run bench:certificates -- [--rounds N] [--json]
  Brings real Fabric up from nothing N times (default 3) with certificates issued in-process and N times with certificates by
  fabric-ca, in turn, and continues each once; prints medians stage by stage.`;
const FLAVOURS = ['in-process', 'fabric-ca'] as const;
const FROM_NOTHING = 'up from nothing';

/** Milliseconds by stage, one a round; the stages are named by the network itself. */
type Samples = Map<string, number[]>;

function add(samples: Samples, name: string, millis: number): void {
  samples.set(name, [...(samples.get(name) ?? []), millis]);
}

async function measure(flavour: string, samples: Samples): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-bench-'));
  const dir = join(folder, 'network');
  const options = ['--chaincode', smokeChaincode, '--certificates', flavour];
  try {
    const first = await FabricUp.start(dir, options);
    add(samples, FROM_NOTHING, first.ready.elapsedMillis);
    for (const [, stage = '', millis] of first.progress.join('').matchAll(/^ {2}(.+): (\d+) ms$/gm)) add(samples, stage, Number(millis));
    await first.end();
    const second = await FabricUp.start(dir, options);
    add(samples, 'up again', second.ready.elapsedMillis);
    await second.end();
    fabric(['down', '--yes', '--dir', dir]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(flavour: string, samples: Samples): void {
  process.stdout.write(`certificates ${flavour}\n`);
  for (const [name, values] of samples) {
    const spread = values.length > 1 ? `  (${Math.min(...values)} to ${Math.max(...values)})` : '';
    process.stdout.write(`  ${name.padEnd(26)}${String(median(values)).padStart(7)} ms${spread}\n`);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '3' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  const reason =
    whyNoFabric() ?? (folderOf('fabric-ca-server') === undefined ? 'fabric-ca-server not found in FABRIC_BIN or on PATH' : undefined);
  if (values.help === true || reason !== undefined) {
    process.stdout.write(`${reason ?? USAGE}\n`);
    return;
  }
  const measured = new Map(FLAVOURS.map((flavour) => [flavour, new Map<string, number[]>()]));
  for (let round = 0; round < Number(values.rounds); round++) {
    // in turn, since the machine's own pace changes within minutes
    for (const [flavour, samples] of measured) await measure(flavour, samples);
  }
  if (values.json === true) {
    const figures = [...measured].map(([flavour, samples]) => [flavour, Object.fromEntries(samples)] as const);
    process.stdout.write(`${JSON.stringify({ machine: describeMachine(), millis: Object.fromEntries(figures) })}\n`);
    return;
  }
  process.stdout.write(`Real Fabric on ${JSON.stringify(describeMachine())}, medians of ${values.rounds}; stages overlap\n`);
  for (const [flavour, samples] of measured) print(flavour, samples);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
