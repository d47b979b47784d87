import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { type ConsortiumKind } from '@lianyi/workbench';
import { familyOf } from './processes';

const readySchema = z.object({
  event: z.literal('ready'),
  dir: z.string(),
  organizations: z.array(z.object({ mspId: z.string(), domain: z.string() })),
  channel: z.string(),
  chaincode: z.string(),
  profiles: z.record(z.string(), z.string()),
});
export type NetworkReady = z.infer<typeof readySchema>;

/** A part of the start-up in the network's own words. */
export type Stage = { readonly name: string; readonly millis: number };

const START_TIMEOUT_MILLIS = 120_000;

/** A network started by its command, as a user would, with what it says about its stages. */
export class WatchedNetwork {
  readonly stages: Stage[] = [];
  readonly ready: Promise<NetworkReady>;
  readonly #child: ChildProcess;
  readonly #lastWords: string[] = [];
  readonly #startedAt = performance.now();
  #notedAt = 0;

  constructor(
    private readonly kind: ConsortiumKind,
    private readonly repositoryRoot: string,
    private readonly dataDir: string,
  ) {
    const args = ['--consortium', join(repositoryRoot, 'consortium.yaml'), '--chaincode', join(repositoryRoot, 'chaincode')];
    this.#child = spawn(process.execPath, [this.#command, kind, 'up', ...args, '--dir', dataDir, '--json', '--exit-with-parent'], {
      cwd: repositoryRoot,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.ready = this.#watch();
    this.ready.catch(() => undefined); // awaited by whoever started it
  }

  /** Milliseconds since the command was started. */
  get sinceStart(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  /** All its processes, the command's own first. */
  get processes(): readonly number[] {
    return familyOf(this.#child.pid ?? 0);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
  }

  /** `down` where the network has it: removes what it left, with the start of the command. */
  remove(): void {
    spawnSync(process.execPath, [this.#command, this.kind, 'down', '--yes', '--dir', this.dataDir], {
      cwd: this.repositoryRoot,
      timeout: 60_000,
    });
  }

  get #command(): string {
    return join(this.repositoryRoot, 'network/cli/dist/main.js');
  }

  #watch(): Promise<NetworkReady> {
    const child = this.#child;
    const lastWords = this.#lastWords;
    const { promise, resolve, reject } = Promise.withResolvers<NetworkReady>();
    const fail = (why: string): void => {
      reject(new Error(`the ${this.kind} network did not start: ${why}\n${lastWords.join('\n')}`));
    };
    const timer = setTimeout(fail, START_TIMEOUT_MILLIS, `not ready after ${START_TIMEOUT_MILLIS} ms`);
    child.once('exit', (code) => {
      fail(`exit code ${code ?? 'unknown'}`);
    });
    if (child.stdout === null || child.stderr === null) throw new Error('the network has no output');
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.#note(line);
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

  /** Real Fabric tells how long each stage took, the embedded network only that it is done. */
  #note(line: string): void {
    const timed = /^ {2}(.+): (\d+) ms$/.exec(line);
    const done = /^ *ready: (.*)$/.exec(line)?.[1];
    const at = this.sinceStart;
    // the banner, or the first stage's time, is the first thing said: everything has been loaded before
    if (this.#notedAt === 0) this.stages.push({ name: 'program loaded', millis: at - Number(timed?.[2] ?? 0) });
    if (timed !== null) this.stages.push({ name: timed[1] ?? '', millis: Number(timed[2]) });
    else if (done !== undefined) this.stages.push({ name: done, millis: at - this.#notedAt });
    this.#notedAt = at;
  }
}
