import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const readySchema = z.object({
  event: z.literal('ready'),
  dir: z.string(),
  organizations: z.array(z.object({ mspId: z.string(), domain: z.string() })),
  channel: z.string(),
  chaincode: z.string(),
  profiles: z.record(z.string(), z.string()),
});
export type NetworkReady = z.infer<typeof readySchema>;

/** What was reached, and when after nothing. */
export type Stage = { readonly name: string; readonly atMillis: number };

const START_TIMEOUT_MILLIS = 30_000;

/** The network started by its command, each stage noted when it says that it has reached it. */
export class WatchedNetwork {
  readonly stages: Stage[] = [];
  readonly ready: Promise<NetworkReady>;
  private readonly child: ChildProcess;
  private readonly lastWords: string[] = [];

  constructor(
    repositoryRoot: string,
    dataDir: string,
    private readonly sinceStart: () => number,
  ) {
    const args = ['--consortium', join(repositoryRoot, 'consortium.yaml'), '--chaincode', join(repositoryRoot, 'chaincode')];
    const main = join(repositoryRoot, 'network/dist/cli/main.js');
    this.child = spawn(process.execPath, [main, 'embedded', 'up', ...args, '--dir', dataDir, '--json', '--exit-with-parent'], {
      cwd: repositoryRoot,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.ready = this.watch();
    this.ready.catch(() => undefined); // awaited by whoever started it
  }

  /** Resident memory in MiB; undefined where there is no /proc. */
  memory(): { readonly network: number; readonly chaincodes: readonly number[] } | undefined {
    if (process.platform !== 'linux') return undefined;
    const pid = this.child.pid ?? 0;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    return { network: residentMebibytes(String(pid)), chaincodes: children.map(residentMebibytes) };
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }

  private watch(): Promise<NetworkReady> {
    const { child, lastWords } = this;
    const { promise, resolve, reject } = Promise.withResolvers<NetworkReady>();
    const fail = (why: string): void => {
      reject(new Error(`the network did not start: ${why}\n${lastWords.join('\n')}`));
    };
    const timer = setTimeout(fail, START_TIMEOUT_MILLIS, `not ready after ${START_TIMEOUT_MILLIS} ms`);
    child.once('exit', (code) => {
      fail(`exit code ${code ?? 'unknown'}`);
    });
    if (child.stdout === null || child.stderr === null) throw new Error('the network has no output');
    createInterface({ input: child.stderr }).on('line', (line) => {
      const stage = /^ *ready: (.*)$/.exec(line)?.[1];
      // the banner is the first thing said: everything has been loaded
      this.note(stage ?? (this.stages.length === 0 ? 'program loaded' : undefined));
      lastWords.push(line);
      lastWords.splice(0, lastWords.length - 20);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      resolve(readySchema.parse(JSON.parse(line)));
    });
    return promise.finally(() => {
      clearTimeout(timer);
    });
  }

  private note(name: string | undefined): void {
    if (name !== undefined) this.stages.push({ name, atMillis: this.sinceStart() });
  }
}

function residentMebibytes(pid: string): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kibibytes ?? 0) / 1024);
}
