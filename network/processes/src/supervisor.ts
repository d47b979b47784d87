import { spawn, type ChildProcess } from 'node:child_process';
import { extname, join } from 'node:path';
import { OperatorError, type Sentence, sentenceOf } from '@lianyi/network-model';
import { ManagedProcess, type ProcessKind, type ProcessSpec } from './managed-process';

/** What the supervisor reports while it works; the caller prints or records it. */
export type SupervisorEvent =
  | { readonly kind: 'ended'; readonly node: string; readonly how: Sentence; readonly restartMillis: number }
  | { readonly kind: 'restarted'; readonly node: string; readonly reason: Sentence }
  | { readonly kind: 'restartFailed'; readonly node: string; readonly reason: Sentence }
  /** The network works without it. */
  | { readonly kind: 'notStarted'; readonly node: string; readonly reason: Sentence };

const FIRST_RESTART_MILLIS = 200;
const SLOWEST_RESTART_MILLIS = 10_000;
/** After this long without an end the next one counts as the first again. */
const SETTLED_MILLIS = 30_000;
const READY_MILLIS = 30_000;

/** Clients first, then those they rely on: a peer that loses its orderer, or a chaincode its peer, only fills the logs. */
const STOP_ORDER: readonly ProcessKind[] = ['chaincode', 'peer', 'orderer', 'authority'];

interface Supervised {
  readonly spec: ProcessSpec;
  process: ManagedProcess | undefined;
  restartMillis: number;
  startedAt: number;
  restarts: number;
  /** Set when somebody asked for the stop: then its end is no failure. */
  stopped: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** State of one node for `status`. */
interface NodeState {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly pid: number | undefined;
  readonly restarts: number;
  readonly stopped: boolean;
}

/** Keeps the processes of a network running, and ends them with itself. */
export class Supervisor {
  readonly #nodes = new Map<string, Supervised>();
  readonly #reaper: ChildProcess;
  #closing = false;

  constructor(private readonly report: (event: SupervisorEvent) => void) {
    this.#reaper = spawn(process.execPath, [join(__dirname, `reaper${extname(__filename)}`)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {},
    });
    this.#reaper.stdin?.on('error', () => undefined); // without it a killed supervisor leaves its nodes; nothing else depends on it
    this.#reaper.unref();
  }

  /** Starts all at once and returns when every one is ready. */
  async start(specs: readonly ProcessSpec[]): Promise<void> {
    await Promise.all(
      specs.map(async (spec) => {
        const node: Supervised = {
          spec,
          process: undefined,
          restartMillis: FIRST_RESTART_MILLIS,
          startedAt: 0,
          restarts: 0,
          stopped: false,
          timer: undefined,
        };
        this.#nodes.set(spec.name, node);
        await (await this.#launch(node)).ready(READY_MILLIS);
      }),
    );
  }

  states(): readonly NodeState[] {
    return [...this.#nodes.values()].map(({ spec, process: running, restarts, stopped }) => ({
      name: spec.name,
      kind: spec.kind,
      pid: running?.isRunning ? running.identity.pid : undefined,
      restarts,
      stopped,
    }));
  }

  /** Ends one node and keeps it down until {@link startNode}. SIGKILL is what a crash looks like. */
  async stopNode(name: string, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const node = this.#find(name);
    node.stopped = true;
    clearTimeout(node.timer);
    await node.process?.stop(signal);
  }

  async startNode(name: string): Promise<void> {
    const node = this.#find(name);
    node.stopped = false;
    if (node.process?.isRunning) return;
    await (await this.#launch(node)).ready(READY_MILLIS);
  }

  async restartNode(name: string, reason: Sentence): Promise<void> {
    await this.stopNode(name);
    await this.startNode(name);
    this.#find(name).restarts++;
    this.report({ kind: 'restarted', node: name, reason });
  }

  /** Ends one node for good: it is of the network no more. */
  async removeNode(name: string): Promise<void> {
    await this.stopNode(name);
    this.#nodes.delete(name);
  }

  /** Ends all nodes in order; nothing is started again. */
  async stop(): Promise<void> {
    this.#closing = true;
    for (const kind of STOP_ORDER) {
      const group = [...this.#nodes.values()].filter(({ spec }) => spec.kind === kind);
      await Promise.all(group.map(({ spec }) => this.stopNode(spec.name)));
    }
    this.#reaper.ref(); // else nothing keeps this process waiting for its end
    const gone = new Promise<void>((resolve) =>
      this.#reaper.once('exit', () => {
        resolve();
      }),
    );
    this.#reaper.stdin?.end();
    if (this.#reaper.exitCode === null && this.#reaper.signalCode === null) await gone;
  }

  #find(name: string): Supervised {
    const node = this.#nodes.get(name);
    if (!node)
      throw new OperatorError('UNKNOWN_NAME', {
        en: `there is no node ${name}; there are ${[...this.#nodes.keys()].join(', ')}`,
        zh: `没有节点 ${name}；现有 ${[...this.#nodes.keys()].join('、')}`,
      });
    return node;
  }

  async #launch(node: Supervised): Promise<ManagedProcess> {
    node.startedAt = Date.now();
    const launched = await ManagedProcess.start(node.spec, (_ended, how) => {
      this.#ended(node, how);
    });
    node.process = launched;
    this.#reaper.stdin?.write(`${launched.identity.pid} ${launched.identity.mark}\n`);
    return launched;
  }

  #ended(node: Supervised, how: Sentence): void {
    if (this.#closing || node.stopped) return;
    const settled = Date.now() - node.startedAt >= SETTLED_MILLIS;
    const restartMillis = settled ? FIRST_RESTART_MILLIS : node.restartMillis;
    node.restartMillis = Math.min(restartMillis * 2, SLOWEST_RESTART_MILLIS);
    this.report({ kind: 'ended', node: node.spec.name, how, restartMillis });
    node.timer = setTimeout(() => {
      void this.#revive(node, how);
    }, restartMillis);
  }

  async #revive(node: Supervised, how: Sentence): Promise<void> {
    if (this.#closing || node.stopped) return;
    try {
      node.restarts++;
      await (await this.#launch(node)).ready(READY_MILLIS);
      this.report({ kind: 'restarted', node: node.spec.name, reason: how });
    } catch (error) {
      this.report({ kind: 'restartFailed', node: node.spec.name, reason: sentenceOf(error) });
    }
  }
}
