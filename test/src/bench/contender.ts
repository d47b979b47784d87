import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ConsortiumKind } from '@lianyi/workbench';
import { loadAnswerSchema, type LoadRequest, type Measured, type Operation } from './load-protocol';
import { hasProc, type Memory, memoryOf, processorMillis } from './processes';
import { type NetworkReady, type Stage, WatchedNetwork } from './watched-network';

export type StartUp = { readonly stages: readonly Stage[]; readonly readyMillis: number; readonly firstCommitMillis: number };

/** One window of load on one network, and the processor time the network (not the client) took for it. */
export type Window = Measured & { readonly processorMillis?: number };

const statusSchema = z.object({ fabricVersion: z.string() });

/** One network in the comparison, with the client that loads it: the same program for both. */
export class Contender {
  private constructor(
    readonly kind: ConsortiumKind,
    private readonly place: { readonly repositoryRoot: string; readonly dir: string },
    private network: WatchedNetwork,
    private readonly load: ChildProcess,
    readonly startUp: StartUp,
  ) {}

  /** From nothing on the disk to the first committed transaction; the client's process starts beside it. */
  static async start(kind: ConsortiumKind, repositoryRoot: string, dir: string): Promise<Contender> {
    rmSync(dir, { recursive: true, force: true });
    const network = new WatchedNetwork(kind, repositoryRoot, dir);
    const load = fork(join(__dirname, 'load-process.js'), { serialization: 'advanced' });
    try {
      const ready = await network.ready;
      const readyMillis = network.sinceStart;
      await ask(load, connectRequest(ready));
      const startUp = { stages: network.stages, readyMillis, firstCommitMillis: network.sinceStart };
      await ask(load, { kind: 'prepare' });
      return new Contender(kind, { repositoryRoot, dir }, network, load, startUp);
    } catch (error) {
      load.kill();
      await network.stop();
      throw error;
    }
  }

  /** Undefined where the system does not tell. */
  memory(): readonly Memory[] | undefined {
    return hasProc() ? memoryOf(this.network.processes) : undefined;
  }

  /** Version of the nodes' programs; the embedded network has none of Fabric's. */
  version(): string | undefined {
    if (this.kind === 'embedded') return undefined;
    const command = join(this.place.repositoryRoot, 'network/cli/dist/main.js');
    const { stdout } = spawnSync(process.execPath, [command, 'fabric', 'status', '--dir', this.place.dir, '--json'], { encoding: 'utf8' });
    return statusSchema.parse(JSON.parse(stdout)).fabricVersion;
  }

  /** @throws when not one call succeeded. */
  async measure(operation: Operation, concurrency: number, millis: number): Promise<Window> {
    const before = hasProc() ? processorMillis(this.network.processes) : undefined;
    const measured = await ask(this.load, { kind: 'measure', operation, concurrency, millis });
    if (measured === undefined || measured.latenciesMillis.length === 0)
      throw new Error(`no ${operation} succeeded on the ${this.kind} network: ${measured?.failure ?? 'no answer'}`);
    if (before === undefined) return measured;
    return { ...measured, processorMillis: processorMillis(this.network.processes) - before };
  }

  /** Stops it, starts it again on the same ledgers, and ends it. @returns how long each took */
  async stopAndContinue(): Promise<Readonly<Record<'stop' | 'up again' | 'down', number>>> {
    this.load.kill();
    const stop = await timed(() => this.network.stop());
    this.network = new WatchedNetwork(this.kind, this.place.repositoryRoot, this.place.dir);
    const again = await timed(() => this.network.ready);
    const down = await timed(async () => {
      await this.network.stop();
      this.network.remove();
    });
    return { stop, 'up again': again, down };
  }

  /** May be called again, and while it is used. */
  async end(): Promise<void> {
    this.load.kill();
    await this.network.stop();
    this.network.remove();
    rmSync(this.place.dir, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return Math.round(performance.now() - begun);
}

function connectRequest({ dir, organizations, profiles, channel, chaincode }: NetworkReady): LoadRequest {
  const [first] = organizations;
  if (first === undefined) throw new Error('the consortium has no member');
  const { mspId, domain } = first;
  const mspOf = (user: string): string => join(dir, 'organizations', 'peerOrganizations', domain, 'users', `${user}@${domain}`, 'msp');
  return {
    kind: 'connect',
    mspId,
    profile: profiles[mspId] ?? '',
    administratorMsp: mspOf('Admin'),
    nodeMsp: mspOf('node'),
    channel,
    chaincode,
  };
}

/** @throws what the process that makes the load failed with, or that it ended */
async function ask(load: ChildProcess, request: LoadRequest): Promise<Measured | undefined> {
  const { promise, resolve: received, reject } = Promise.withResolvers<unknown>();
  const ended = (): void => {
    reject(new Error('the client ended'));
  };
  load.once('message', received).once('exit', ended);
  try {
    load.send(request);
    const { measured, failure } = loadAnswerSchema.parse(await promise);
    if (failure !== undefined) throw new Error(`the client: ${failure}`);
    return measured;
  } finally {
    load.off('message', received).off('exit', ended);
  }
}
