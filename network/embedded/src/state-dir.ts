import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type Consortium,
  lockHolder,
  type MarkedProcess,
  OperatorError,
  promisePorts,
  releaseLock,
  servicesFolder,
  takeLock,
  sentenceOf,
} from '@lianyi/network-model';

const stateFile = z.object({
  kind: z.literal('lianyi-embedded-network'),
  channel: z.string(),
  /** As the consortium's file says; what administrators changed since stands in the amendments. */
  organizations: z.array(z.string()),
  /** By node name. Clients hold addresses in profiles of their own, so a port is chosen once. */
  ports: z.record(z.string(), z.int()).default({}),
});
type NetworkState = z.infer<typeof stateFile>;
const STATE = 'network.json';
const LOCK = 'network.lock';
/** Where real Fabric keeps what belongs to it; both kinds lay certificates beside it in the same tree. */
const REAL_FABRIC = 'fabric';

/** Where one embedded network keeps everything: certificates, chain, logs. Used by one process at a time. */
export class StateDir {
  #state: NetworkState;

  private constructor(
    readonly path: string,
    consortium: Consortium,
  ) {
    this.#state = {
      kind: 'lianyi-embedded-network',
      channel: consortium.channel.name,
      organizations: consortium.organizations.map(({ mspId }) => mspId),
      ports: {},
    };
  }

  /** The process that runs the network of a directory now, if one does. */
  static holder(path: string): MarkedProcess | undefined {
    return lockHolder(join(path, LOCK));
  }

  /** Whether a directory holds an embedded network. */
  static isAt(path: string): boolean {
    return existsSync(join(path, STATE));
  }

  /** The consortium's own channel. @throws {@link OperatorError} `STATE_INCOMPLETE`. */
  static channelAt(path: string): string {
    return readState(join(path, STATE)).channel;
  }

  /** Throws {@link OperatorError} if the directory holds the network of another definition. */
  static refuseOther(path: string, consortium: Consortium): void {
    new StateDir(path, consortium).#checkOwner();
  }

  /** Throws {@link OperatorError}: the directory cannot be written, is in use, or holds another network. */
  static open(path: string, consortium: Consortium): StateDir {
    const dir = new StateDir(path, consortium);
    if (existsSync(join(path, REAL_FABRIC)))
      throw new OperatorError('STATE_MISMATCH', {
        en: `${path} holds a network of real Fabric; use another --dir`,
        zh: `${path} 中是真实 Fabric 的网络；请另选 --dir`,
      });
    try {
      mkdirSync(join(path, 'logs'), { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new OperatorError(
        'DISK',
        { en: `the directory ${path} cannot be written: ${sentenceOf(cause).en}`, zh: `目录 ${path} 无法写入：${sentenceOf(cause).zh}` },
        { cause },
      );
    }
    dir.#lock();
    try {
      if (StateDir.isAt(path)) dir.#takeOver();
      else dir.#save();
      promisePorts(Object.values(dir.#state.ports));
    } catch (error) {
      dir.release();
      throw error;
    }
    return dir;
  }

  /**
   * Where a node listens: as the consortium's file says, else as it did when it was started first, else anywhere (0).
   * @param name - DNS name of the node
   */
  portOf(name: string, { ports }: Pick<Consortium, 'ports'>): number {
    const fixed = ports === 'auto' ? undefined : ports[name];
    return fixed ?? this.#state.ports[name] ?? 0;
  }

  /** Keeps a node's port for all later starts. */
  keepPort(name: string, port: number): void {
    if (this.#state.ports[name] === port) return;
    this.#state = { ...this.#state, ports: { ...this.#state.ports, [name]: port } };
    this.#save();
  }

  /** Where the ledger of a channel lies; the consortium's own channel has had its place from the beginning. */
  channelDir(name: string): string {
    return name === this.#state.channel ? join(this.path, 'channel') : join(this.path, 'channels', name);
  }

  logFile(name: string): string {
    return join(this.path, 'logs', `${name}.log`);
  }

  log(line: string): void {
    appendFileSync(this.logFile('network'), `${new Date().toISOString()} ${line}\n`, { mode: 0o600 });
  }

  /** Where the TLS pair of a chaincode service lives. */
  serviceDir(name: string): string {
    const dir = join(servicesFolder(this.path), name);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return dir;
  }

  /** Packages installed at one peer. */
  packagesDir(peerName: string): string {
    return join(this.path, 'packages', peerName);
  }

  release(): void {
    releaseLock(this.#lockPath);
  }

  get #lockPath(): string {
    return join(this.path, LOCK);
  }

  #lock(): void {
    if (takeLock(this.#lockPath)) return;
    throw new OperatorError('ALREADY_RUNNING', {
      en: `another network is running on ${this.path}; stop it or give another --dir`,
      zh: `另一个网络正在 ${this.path} 上运行；请停止它或另选 --dir`,
    });
  }

  get #statePath(): string {
    return join(this.path, STATE);
  }

  /** Written beside and renamed, so that a crash leaves the old or the new. */
  #save(): void {
    writeFileSync(`${this.#statePath}.new`, `${JSON.stringify(this.#state, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.#statePath}.new`, this.#statePath);
  }

  #takeOver(): void {
    const { ports } = this.#checkOwner();
    this.#state = { ...this.#state, ports };
  }

  #checkOwner(): NetworkState {
    const found = readState(this.#statePath);
    if (found.channel === this.#state.channel && found.organizations.join() === this.#state.organizations.join()) return found;
    throw new OperatorError('STATE_MISMATCH', {
      en: `${this.path} holds a network with channel ${found.channel} and organisations ${found.organizations.join(', ')}; give another --dir or remove it`,
      zh: `${this.path} 中的网络有通道 ${found.channel} 和组织 ${found.organizations.join('、')}；请另选 --dir 或删除它`,
    });
  }
}

function readState(path: string): NetworkState {
  try {
    return stateFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new OperatorError(
      'STATE_INCOMPLETE',
      {
        en: `${path} is not the state of an embedded network; give another --dir or remove it`,
        zh: `${path} 不是内嵌网络的状态文件；请另选 --dir 或删除它`,
      },
      {
        cause,
      },
    );
  }
}
