import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  causeIn,
  endProcesses,
  isReadyWithin,
  type MarkedProcess,
  markOfProcess,
  OperatorError,
  sentenceOf,
  verbatim,
  type Sentence,
} from '@lianyi/network-model';

export type ProcessKind = 'orderer' | 'peer' | 'chaincode' | 'authority';

/** How one process of the network is started and how it shows that it is ready. */
export interface ProcessSpec {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing of ours is inherited, since CORE_… and ORDERER_… would overrule the configuration. */
  readonly env: Readonly<Record<string, string>>;
  /** It has others below it, which end with it. */
  readonly isGroup?: boolean;
  readonly logFile: string;
  readonly pidFile: string;
  /** Whether it is healthy and accepts connections. Never rejects. */
  isReady(): Promise<boolean>;
}

const LOG_LIMIT_BYTES = 16 * 1024 * 1024;
/** With less no node can start. Not zero: a node that ended has given back the room of its pid file by then. */
const LEAST_ROOM_BYTES = 64 * 1024;
/** A peer under load needs up to 2 s to close its databases. */
const STOP_GRACE_MILLIS = 5_000;

/** One running process of the network, with its pid file and its log. */
export class ManagedProcess {
  #ended = false;

  private constructor(
    readonly spec: ProcessSpec,
    readonly identity: MarkedProcess,
    private readonly child: ChildProcess,
    onEnd: (process: ManagedProcess, how: Sentence) => void,
  ) {
    child.once('exit', (code, signal) => {
      this.#ended = true;
      if (spec.isGroup === true) endGroup(identity.pid);
      rmSync(spec.pidFile, { force: true });
      onEnd(this, signal === null ? { en: `exit code ${code ?? '?'}`, zh: `退出码 ${code ?? '?'}` } : verbatim(signal));
    });
  }

  /** Starts it; `onEnd` is called once, whoever ended it. */
  static async start(spec: ProcessSpec, onEnd: (process: ManagedProcess, how: Sentence) => void): Promise<ManagedProcess> {
    const log = openLog(spec.logFile);
    try {
      // a group of its own: a Ctrl-C in the terminal goes to the supervisor alone, which stops the nodes in order
      const child = spawn(spec.command, [...spec.args], { cwd: spec.cwd, env: { ...spec.env }, detached: true, stdio: ['pipe', log, log] });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', reject);
      });
      const pid = child.pid ?? 0;
      const identity = { pid, mark: markOfProcess(pid) ?? '' };
      writeFileSync(spec.pidFile, `${JSON.stringify({ name: spec.name, ...identity })}\n`, { mode: 0o600 });
      return new ManagedProcess(spec, identity, child, onEnd);
    } catch (error) {
      throw new OperatorError(
        'NODE_FAILED',
        { en: `${spec.name} could not be started: ${sentenceOf(error).en}`, zh: `${spec.name} 无法启动：${sentenceOf(error).zh}` },
        { cause: error },
      );
    } finally {
      closeSync(log);
    }
  }

  get isRunning(): boolean {
    return !this.#ended;
  }

  async ready(timeoutMillis: number): Promise<void> {
    const { name, logFile } = this.spec;
    const isDecided = async (): Promise<boolean> => !this.isRunning || (await this.spec.isReady());
    const isInTime = await isReadyWithin(isDecided, { timeoutMillis, everyMillis: 15 });
    if (!this.isRunning)
      throw new OperatorError('NODE_FAILED', {
        en: `${name} ended while it started${causeOfEnd(logFile)}; see ${logFile}`,
        zh: `${name} 在启动时结束${causeOfEnd(logFile)}；见 ${logFile}`,
      });
    if (!isInTime)
      throw new OperatorError('TIMEOUT', {
        en: `${name} was not ready within ${timeoutMillis} ms; see ${logFile}`,
        zh: `${name} 在 ${timeoutMillis} 毫秒内没有就绪；见 ${logFile}`,
      });
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.#ended) return;
    const gone = new Promise<void>((resolve) =>
      this.child.once('exit', () => {
        resolve();
      }),
    );
    await Promise.all([endProcesses([this.identity], signal === 'SIGKILL' ? 0 : STOP_GRACE_MILLIS), gone]);
  }
}

/** What a shell left below it; a signal to the shell alone does not reach that. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nobody of it is left
  }
}

function openLog(file: string): number {
  try {
    if (statSync(file).size > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
  } catch {
    // there is no log yet
  }
  return openSync(file, 'a', 0o600);
}

/** Why a node ended, as part of a sentence; empty if nothing tells. */
function causeOfEnd(logFile: string): string {
  const { bavail, bsize } = statfsSync(dirname(logFile));
  return describeEnd(readFileSync(logFile, 'utf8'), bavail * bsize);
}

/**
 * Says why a node ended, from its log and the bytes that are free on the disk of the log. A node that ends because the disk
 * is full can often not write that into its log, which is on the same disk.
 */
export function describeEnd(log: string, freeBytes: number): string {
  const cause = causeIn(log) || (freeBytes < LEAST_ROOM_BYTES ? 'no space left on device' : '');
  return cause === '' ? '' : `: ${cause}`;
}
