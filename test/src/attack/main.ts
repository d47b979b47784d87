/**
 * `node test/dist/attack/main.js [--network fabric] [ID...]`: tries each attack on the build as it is and on one without the defences
 * that the attack names. Fails if an attack succeeds on the first or is stopped on the second: a defence that stops nothing is none.
 */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { type ConsortiumKind } from '@lianyi/workbench';
import { repositoryRoot } from '../architecture/workspaces';
import { type Attack, type AttackOutcome } from './attack';
import { bundlePlays } from './plays';
import { attacks } from './scripts';
import { buildUndefended } from './undefended-build';

const run = promisify(execFile);
const outcomeSchema = z.object({ succeeded: z.boolean(), seen: z.string() });
const LIMIT_MILLIS = 10 * 60_000;

/** Tries one attack in a process of its own, with the programs below `base`. */
async function attempt(base: string, { id }: Attack, network: ConsortiumKind): Promise<AttackOutcome> {
  const { stdout } = await run(process.execPath, [join(base, 'test/dist/attack/one.js'), id], {
    cwd: base,
    env: { ...process.env, LIANYI_NETWORK: network },
    maxBuffer: 64 << 20,
    timeout: LIMIT_MILLIS,
  });
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  return outcomeSchema.parse(JSON.parse(last));
}

/** @returns whether the defences stop the attack, and without them it succeeds */
async function judge(attack: Attack, network: ConsortiumKind): Promise<boolean> {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  say(`${attack.id}  ${attack.title} (${network})`);
  const defended = await attempt(repositoryRoot, attack, network);
  say(`    as built: ${defended.succeeded ? 'SUCCEEDED' : 'stopped'}: ${defended.seen}`);
  if (network === 'fabric' && attack.defendedByFabric === true) return !defended.succeeded;
  const copy = join(repositoryRoot, '.lianyi', `undefended-${attack.id}`);
  try {
    await buildUndefended(repositoryRoot, copy, attack.defences);
    const undefended = await attempt(copy, attack, network);
    say(`    undefended: ${undefended.succeeded ? 'succeeded' : 'STOPPED BY SOMETHING ELSE'}: ${undefended.seen}`);
    return !defended.succeeded && undefended.succeeded;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const program = new Command('attack')
    .argument('[ids...]', 'ids of attacks; all when none is named')
    .addOption(new Option('--network <kind>', 'where they run').choices(['embedded', 'fabric']).default('embedded'))
    .parse();
  const { network } = program.opts<{ network: ConsortiumKind }>();
  const unknown = program.args.filter((id) => !attacks.some((attack) => attack.id === id));
  if (unknown.length > 0) program.error(`no attack is called ${unknown.join(', ')}`);
  const chosen = attacks.filter(
    ({ id, networks }) => networks.includes(network) && (program.args.length === 0 || program.args.includes(id)),
  );
  await bundlePlays(repositoryRoot, repositoryRoot);
  let held = 0;
  for (const attack of chosen) {
    const good = await judge(attack, network).catch((error: unknown) => {
      process.stdout.write(`    could not be tried: ${error instanceof Error ? error.message : String(error)}\n`);
      return false;
    });
    if (good) held++;
  }
  process.stdout.write(`${held} of ${chosen.length} attacks stopped by the defences they name\n`);
  process.exitCode = held === chosen.length ? 0 : 1;
}

void main();
