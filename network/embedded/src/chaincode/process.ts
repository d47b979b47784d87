import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { causeIn, type LaunchCommand, launchOf } from '@lianyi/network-model';

export interface ProcessSettings {
  readonly command: LaunchCommand;
  readonly dir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
}

const stopGraceMillis = 3_000;
const firstRestartMillis = 100;
const slowestRestartMillis = 5_000;
/** A process that lived this long starts again at once. */
const healthyMillis = 10_000;

/**
 * One chaincode process, started again whenever it ends before {@link stop}: on a real network a supervisor has to, since
 * one evaluate of a crashing function takes down the chaincode of all organisations.
 */
export class ChaincodeProcess {
  #child: ChildProcess | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #restartMillis = firstRestartMillis;
  #stopping = false;
  #restarts = 0;
  #isGroup = false;

  constructor(
    private readonly settings: ProcessSettings,
    private readonly onExit: (how: string) => void,
  ) {}

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How often it was started again by itself. */
  get restartCount(): number {
    return this.#restarts;
  }

  get isStopped(): boolean {
    return this.#stopping;
  }

  /** Also after a {@link stop}. */
  start(): void {
    if (this.#child !== undefined) return;
    this.#stopping = false;
    const { command, dir, environment, logFile } = this.settings;
    const log = openSync(logFile, 'a', 0o600);
    const launch = launchOf(command, dir, environment);
    this.#isGroup = launch.isGroup;
    const startedAt = Date.now();
    // its standard input is the leash: it closes when this process is gone, however that happened, and then its group is ended.
    // A Ctrl-C in the terminal does not go to that group but to this process alone, which stops the chaincode itself
    const child = spawn(launch.command, [...launch.args], {
      cwd: dir,
      env: { ...launch.environment },
      stdio: ['pipe', log, log],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    child.stdin?.on('error', () => undefined); // its exit is reported below
    let ended = false;
    const end = (how: string): void => {
      if (ended) return;
      ended = true;
      this.#ended(how, Date.now() - startedAt);
    };
    child.once('error', (error) => {
      end(error.message);
    });
    child.once('exit', (code, signal) => {
      this.#signal(child, 'SIGKILL'); // what a shell left below it
      end(signal === null ? `exit code ${code ?? '?'}` : signal);
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (child === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#signal(child, 'SIGKILL');
      }, stopGraceMillis);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#signal(child, signal);
    });
  }

  /** A shell's group as a whole: the shell alone would leave behind what it has started. */
  #signal(child: ChildProcess, signal: NodeJS.Signals): void {
    if (!this.#isGroup || child.pid === undefined) {
      child.kill(signal);
      return;
    }
    try {
      process.kill(-child.pid, signal);
    } catch {
      // nobody of it is left
    }
  }

  /** The end of what it wrote, for an error message. */
  lastLines(count: number): string {
    const lines = readFileSync(this.settings.logFile, 'utf8').trimEnd().split('\n');
    return lines.slice(-count).join('\n');
  }

  /** Why it ended, as its log tells; empty, if it does not. */
  lastCause(): string {
    return causeIn(readFileSync(this.settings.logFile, 'utf8'));
  }

  #ended(how: string, livedMillis: number): void {
    this.#child = undefined;
    if (!this.#stopping) {
      this.#restartMillis = livedMillis >= healthyMillis ? firstRestartMillis : Math.min(this.#restartMillis * 2, slowestRestartMillis);
      this.#restartTimer = setTimeout(() => {
        this.#restarts += 1;
        this.start();
      }, this.#restartMillis);
    }
    this.onExit(how);
  }
}
