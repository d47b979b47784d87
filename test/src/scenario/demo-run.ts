import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { waitUntil } from '../wait-until';

const repositoryRoot = resolve(__dirname, '..', '..', '..');

const lineSchema = z.object({
  step: z.number().optional(),
  title: z.string().optional(),
  outcome: z.string().optional(),
  detail: z.string().optional(),
  verdict: z.enum(['PASS', 'FAIL']).optional(),
  reason: z.string().optional(),
  note: z.string().optional(),
});
const profileSchema = z.object({ peers: z.record(z.string(), z.object({ url: z.string() })) });

export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** Where `--keep` keeps everything. */
export const keptFolder = join(repositoryRoot, '.lianyi', 'demo');

/** Much longer than a demo takes: beside other tests it waits for the processor most of the time. */
const REACHED_WITHIN_MILLIS = 240_000;

/** `npm run demo` without npm: one run, watched from outside. */
export class DemoRun {
  readonly #child: ChildProcess;
  readonly #isKept: boolean;
  #errors = '';
  #steps = 0;
  verdict: z.infer<typeof lineSchema> | undefined;
  /** What was told, in order. */
  readonly lines: z.infer<typeof lineSchema>[] = [];
  readonly ended: Promise<Ending>;

  constructor(env: Readonly<Record<string, string>> = {}, args: readonly string[] = []) {
    this.#isKept = args.includes('--keep');
    this.#child = spawn(process.execPath, [join(repositoryRoot, 'application/workbench/dist/demo/main.js'), '--json', ...args], {
      cwd: repositoryRoot,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = new Promise((done) =>
      this.#child.once('exit', (code, signal) => {
        done({ code, signal });
      }),
    );
    this.#child.stderr?.on('data', (data: Buffer) => {
      this.#errors += data.toString();
    });
    if (this.#child.stdout === null) throw new Error('the demo has no standard output');
    createInterface({ input: this.#child.stdout }).on('line', (text) => {
      const line = lineSchema.parse(JSON.parse(text));
      this.lines.push(line);
      this.#steps = line.step ?? this.#steps;
      if (line.verdict !== undefined) this.verdict = line;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Where the run keeps everything it has. */
  get dataDir(): string {
    return this.#isKept ? keptFolder : join(repositoryRoot, '.lianyi', `demo-${this.pid}`);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** @throws when the run ends or takes too long before it gets there */
  async until(what: string, holds: () => boolean): Promise<void> {
    const ended = (): boolean => this.#child.exitCode !== null || this.#child.signalCode !== null;
    await waitUntil(`${what}; ${this.#errors}`, () => holds() || ended(), REACHED_WITHIN_MILLIS);
    if (!holds()) throw new Error(`the demo ended before: ${what}; ${this.verdict?.reason ?? this.#errors}`);
  }

  finished(step: number): Promise<void> {
    return this.until(`step ${step} is finished`, () => this.#steps >= step);
  }

  /**
   * Process ids of the run: whatever names its folder in its command line, its environment or as its working directory
   * (chaincode is told its key file by the environment).
   */
  processes(commandLinePart = ''): readonly number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        const commandLine = readProc(pid, 'cmdline');
        const belongs =
          Number(pid) === this.pid || [commandLine, readProc(pid, 'environ')].some((text) => text.includes(`${this.dataDir}/`));
        return belongs && commandLine.includes(commandLinePart) && commandLine !== '';
      })
      .map(Number);
  }

  /** Ports of the run's peers, as far as they are known yet. */
  peerPorts(): readonly number[] {
    const organizations = join(this.dataDir, 'network', 'organizations', 'peerOrganizations');
    if (!existsSync(organizations)) return [];
    const profiles = readdirSync(organizations, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /connection-[^/]+\.json$/.test(name),
    );
    const urls = profiles.flatMap((name) =>
      Object.values(profileSchema.parse(JSON.parse(readFileSync(join(organizations, name), 'utf8'))).peers).map(({ url }) => url),
    );
    return [...new Set(urls)].map((url) => Number(new URL(url).port));
  }
}

/** Empty for a process that is gone or a zombie. */
function readProc(pid: string, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect({ host: '127.0.0.1', port });
    const tell = (listening: boolean) => () => {
      socket.destroy();
      answer(listening);
    };
    socket.once('connect', tell(true)).once('error', tell(false));
  });
}
