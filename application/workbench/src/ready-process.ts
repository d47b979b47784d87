import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** A long-running command of this project that says `{"event":"ready",…}` on its standard output once it can be used. */
export type ReadyProcess<Ready> = {
  readonly name: string;
  readonly pid: number;
  readonly ready: Ready;
  /** Resolves with the exit code when the process has ended for whatever reason. */
  readonly ended: Promise<number | null>;
  /** Asks it to stop (SIGTERM), waits, and kills it after `graceMillis`. */
  stop(graceMillis?: number): Promise<void>;
};

export type ReadyProcessOptions<Ready> = {
  readonly name: string;
  /** Script and its arguments; run by this process's own Node. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard error goes here; its last lines are quoted when the start fails. */
  readonly logFile: string;
  readonly timeoutMillis: number;
  readonly parseReady: (line: unknown) => Ready;
  /** Called with every other JSON line of standard output, e.g. progress. */
  readonly onLine?: (line: unknown) => void;
};

/** A command of this project could not be started; the message says which, why, and how its log ends. */
class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

/** After this long a process that was asked to stop is killed. */
const GRACE_MILLIS = 5000;

function parseJsonLine(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // a line for people, not for us
  }
}

const readyLine = z.looseObject({ event: z.literal('ready') });
/** How a command of the network says why it gives up. */
const errorLine = z.looseObject({ event: z.literal('error'), code: z.string(), message: z.string() });

const QUOTED_LOG_LINES = 5;

function endOfLog(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-QUOTED_LOG_LINES);
  return [`its log (${logFile}) ends:`, ...lines.map((line) => `  ${line.slice(0, 200)}`)].join('\n');
}

function waitForReady<Ready>(child: ChildProcess, options: ReadyProcessOptions<Ready>): Promise<Ready> {
  const { promise, resolve, reject } = Promise.withResolvers<Ready>();
  const fail = (why: string): void => {
    reject(new StartFailure(`${options.name} did not start: ${why}`));
  };
  const timer = setTimeout(() => {
    fail(`not ready after ${options.timeoutMillis} ms; ${endOfLog(options.logFile)}`);
  }, options.timeoutMillis);
  child.once('error', (error) => {
    fail(error.message);
  });
  child.once('exit', (code, signal) => {
    fail(`it ended with ${signal ?? `exit code ${code ?? 'unknown'}`}; ${endOfLog(options.logFile)}`);
  });
  const resolveReady = (line: unknown): void => {
    try {
      resolve(options.parseReady(line));
    } catch (error) {
      fail(`it says it is ready in words of its own: ${String(error)}`);
    }
  };
  if (child.stdout === null) throw new StartFailure(`${options.name} has no standard output`);
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = parseJsonLine(text);
    const problem = errorLine.safeParse(line).data;
    if (problem !== undefined) fail(`${problem.code}: ${problem.message}`);
    else if (readyLine.safeParse(line).success) resolveReady(line);
    else if (line !== undefined) options.onLine?.(line);
  });
  return promise.finally(() => {
    clearTimeout(timer);
  });
}

async function stopChild({ child, ended }: Started, graceMillis: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMillis);
  await ended;
  clearTimeout(timer);
}

/**
 * MiB of new objects that V8 keeps before it looks for those in use. A whole consortium on one machine is many processes that each do
 * little: with V8's own 16 MiB the demo takes a quarter more memory and is no faster. The demo itself
 * gets the same from package.json.
 */
const SEMI_SPACE_MIB = 1;

/** V8's flags for a child; whoever has set the same in NODE_OPTIONS, which a child inherits, is obeyed. */
function memoryFlags(): readonly string[] {
  const isSet = process.env['NODE_OPTIONS']?.includes('--max-semi-space-size') === true;
  return isSet ? [] : [`--max-semi-space-size=${SEMI_SPACE_MIB}`];
}

/** A child from the moment it was spawned, ready or not. */
type Started = { readonly child: ChildProcess; readonly ended: Promise<number | null> };

function spawnChild(options: ReadyProcessOptions<unknown>): Started {
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawn(process.execPath, [...memoryFlags(), ...options.args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', log],
  });
  closeSync(log);
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      resolve(code);
    });
    child.once('error', () => {
      resolve(null);
    });
  });
  return { child, ended };
}

/** The processes of one run, owned from the moment they are spawned, so that none is forgotten while it is still starting. */
export class ReadyProcesses {
  readonly #started: Started[] = [];
  #stopping = false;

  /**
   * Starts a command and waits until it is ready. Its standard input stays open as a lifeline: started with
   * `--exit-with-parent` it ends when this process ends, however that happens (SIGKILL included).
   * @throws {@link StartFailure} when it ends or stays silent before it is ready; it does not run then.
   */
  async start<Ready>(options: ReadyProcessOptions<Ready>): Promise<ReadyProcess<Ready>> {
    if (this.#stopping) throw new StartFailure(`${options.name} is not started: everything is being stopped`);
    const started = spawnChild(options);
    this.#started.push(started);
    const { child, ended } = started;
    try {
      const ready = await waitForReady(child, options);
      return {
        name: options.name,
        pid: child.pid ?? 0,
        ready,
        ended,
        stop: (graceMillis = GRACE_MILLIS) => stopChild(started, graceMillis),
      };
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Stops everything, also what is still starting; the first started is what the others lean on and goes last. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const [first, ...others] = this.#started;
    await Promise.all(others.map((each) => stopChild(each, GRACE_MILLIS)));
    if (first !== undefined) await stopChild(first, GRACE_MILLIS);
  }
}
