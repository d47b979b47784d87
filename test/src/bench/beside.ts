/**
 * `npm run bench:beside -- COMMIT [ROUNDS]`: the README’s first line, `npm ci && npm run demo`, on fresh clones of this commit and of an earlier one,
 * turn about, each with an empty home; then what the processes of a told demo occupy (`demo -- --keep`). What counts is the ratio: the machine’s
 * own pace is in both.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { waitUntil } from '../wait-until';
import { describeMachine } from './figures';
import { familyOf, ownMebibytesOf, runningIn } from './processes';

const ROOT = resolve(__dirname, '../../..');
const DEMO = 'demo/main.js';
/** A slow machine, and a cold cache of npm. */
const LONGEST_MILLIS = 600_000;
const BARS = { seconds: 0.8, mebibytes: 0.85 };

type Measured = { readonly install: number; readonly demo: number; readonly mebibytes: number };

/** Settled by `npm`’s own cache, wherever it is: what is measured is not the line to a registry. */
function environment(home: string): NodeJS.ProcessEnv {
  const cache = execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim();
  const config = execFileSync('npm', ['config', 'get', 'userconfig'], { encoding: 'utf8' }).trim();
  return { ...process.env, HOME: home, npm_config_cache: cache, npm_config_userconfig: config };
}

/** Seconds until it has ended. @throws when it ends otherwise than with 0 */
function timed(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): number {
  const begun = performance.now();
  execFileSync('npm', [...args], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'], timeout: LONGEST_MILLIS });
  return (performance.now() - begun) / 1000;
}

/** What a told demo occupies while it waits to be ended: its own process and all below it, without npm. */
async function occupied(cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn('npm', ['run', '--silent', 'demo', '--', '--keep'], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.once('close', done));
  let told = '';
  child.stdout.on('data', (data: Buffer) => {
    told += data.toString();
  });
  try {
    await waitUntil('the demo is told', () => told.includes('PASS') || child.exitCode !== null, LONGEST_MILLIS);
    const demo = runningIn(familyOf(child.pid ?? 0), DEMO);
    if (demo === undefined) throw new Error(`the demo ended early: ${told.slice(-500)}`);
    return ownMebibytesOf(familyOf(demo));
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await ended;
  }
}

async function measure(commit: string): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-beside-'));
  const [home, clone] = [join(folder, 'home'), join(folder, 'clone')];
  try {
    mkdirSync(home);
    execFileSync('git', ['clone', '--quiet', ROOT, clone]);
    execFileSync('git', ['checkout', '--quiet', commit], { cwd: clone });
    const env = environment(home);
    const install = timed(['ci', '--silent'], clone, env);
    const demo = timed(['run', '--silent', 'demo'], clone, env);
    return { install, demo, mebibytes: await occupied(clone, env) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function line(commit: string, { install, demo, mebibytes }: Measured): string {
  return `${commit.padEnd(12)} npm ci ${install.toFixed(1)} s, demo ${demo.toFixed(1)} s, together ${(install + demo).toFixed(1)} s; ${mebibytes.toFixed(0)} MiB\n`;
}

function sumOf(all: readonly Measured[], of: (one: Measured) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0);
}

async function main([earlier, rounds = '3']: readonly string[]): Promise<void> {
  if (earlier === undefined || !/^[1-9]\d?$/.test(rounds)) throw new Error('usage: npm run bench:beside -- COMMIT [ROUNDS]');
  const { cores, cpu, loadBefore, node } = describeMachine();
  process.stdout.write(`${cores} × ${cpu}, Node ${node}; load average before: ${loadBefore}\n`);
  const measured: Record<'HEAD' | 'earlier', Measured[]> = { HEAD: [], earlier: [] };
  for (let round = 0; round < Number(rounds); round += 1) {
    const order = round % 2 === 0 ? (['HEAD', 'earlier'] as const) : (['earlier', 'HEAD'] as const);
    for (const which of order) {
      const commit = which === 'HEAD' ? 'HEAD' : earlier;
      const one = await measure(commit);
      measured[which].push(one);
      process.stdout.write(line(commit, one));
    }
  }
  const ratio = (of: (one: Measured) => number): number => sumOf(measured.HEAD, of) / sumOf(measured.earlier, of);
  const seconds = ratio(({ install, demo }) => install + demo);
  const mebibytes = ratio((one) => one.mebibytes);
  process.stdout.write(
    `this commit to ${earlier}: time ${seconds.toFixed(2)} (demo alone ${ratio(({ demo }) => demo).toFixed(2)}), memory ${mebibytes.toFixed(2)}; `,
  );
  process.stdout.write(`bars against the commit before the packages were cut: ${BARS.seconds} and ${BARS.mebibytes}\n`);
  process.exitCode = seconds <= BARS.seconds && mebibytes <= BARS.mebibytes ? 0 : 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
