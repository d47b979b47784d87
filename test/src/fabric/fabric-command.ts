import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { describeUnless } from '../describe-unless';
import { type CommandResult, runCommand } from '../run-command';

const root = resolve(__dirname, '../../..');
/** The built command. */
export const fabricCommand = join(root, 'network/cli/dist/main.js');
export const consortiumFile = join(root, 'consortium.yaml');
export const smokeChaincode = join(root, 'test/fixtures/chaincode-fabric-smoke');

/** Which network the verbs are tried on: real Fabric, or with LIANYI_VERBS=embedded the embedded network. */
const kind = process.env['LIANYI_VERBS'] === 'embedded' ? 'embedded' : 'fabric';

/** First folder of FABRIC_BIN and PATH that has the program. */
export function folderOf(program: string): string | undefined {
  return [process.env['FABRIC_BIN'], process.env['PATH']]
    .flatMap((list) => (list ?? '').split(delimiter))
    .find((folder) => folder !== '' && existsSync(join(folder, program)));
}

/** Why suites on real Fabric cannot run here; `undefined` when they can. */
export function whyNoFabric(): string | undefined {
  const missing = ['peer', 'orderer', 'configtxgen'].filter((program) => folderOf(program) === undefined);
  if (missing.length > 0) return `Fabric's ${missing.join(', ')} not found in FABRIC_BIN or on PATH`;
  return existsSync(fabricCommand) ? undefined : 'the network room is not built (npm run build)';
}

/** `describe` where there is Fabric; else the suite is skipped and the reason printed. */
export function describeOnFabric(title: string, suite: () => void): void {
  describeUnless(kind === 'fabric' ? whyNoFabric() : 'it is about real Fabric', title, suite);
}

/** The same for what both kinds of network can. */
export function describeVerbs(title: string, suite: () => void): void {
  describeUnless(kind === 'fabric' ? whyNoFabric() : undefined, title, suite);
}

/** Runs one verb to its end. */
export function fabric(args: readonly string[], env: Readonly<Record<string, string>> = {}): CommandResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fabricCommand, kind, ...args], {
    encoding: 'utf8',
    timeout: 90_000,
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

/** The same while this process goes on, for what clients see meanwhile. */
export function fabricAsync(args: readonly string[]): Promise<CommandResult> {
  return runCommand([fabricCommand, kind, ...args]);
}

export interface NodeStatus {
  readonly name: string;
  readonly kind: 'orderer' | 'peer' | 'chaincode' | 'authority';
  readonly pid?: number;
  readonly restarts: number;
  readonly height?: number;
}

interface Ready {
  readonly elapsedMillis: number;
  readonly profiles: Readonly<Record<string, string>>;
}

/** `fabric up` running in the foreground of a process of its own. */
export class FabricUp {
  private constructor(
    private readonly child: ChildProcess,
    readonly dir: string,
    readonly ready: Ready,
    /** What it wrote to standard error, growing. */
    readonly progress: readonly string[],
  ) {}

  static async start(dir: string, options: readonly string[] = ['--chaincode', smokeChaincode], file = consortiumFile): Promise<FabricUp> {
    const args = [fabricCommand, kind, 'up', '--consortium', file, '--dir', dir, '--json', '--exit-with-parent', ...options];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const progress: string[] = [];
    child.stderr.on('data', (text: Buffer) => progress.push(text.toString()));
    const ready = await new Promise<Ready>((done, fail) => {
      let output = '';
      child.stdout.on('data', (text: Buffer) => {
        output += text.toString();
        if (output.includes('\n') && output.includes('"ready"')) done(JSON.parse(output) as Ready);
      });
      child.once('exit', (code) => {
        fail(new Error(`fabric up ended with ${String(code)}:\n${progress.join('')}`));
      });
    });
    return new FabricUp(child, dir, ready, progress);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  nodes(): readonly NodeStatus[] {
    const { status, stdout, stderr } = fabric(['status', '--dir', this.dir, '--json']);
    if (status !== 0) throw new Error(stderr);
    return (JSON.parse(stdout) as { nodes: readonly NodeStatus[] }).nodes;
  }

  /** Of the orderers that answer; the peers' are left out. */
  ordererHeights(): readonly number[] {
    return this.nodes().flatMap(({ kind: what, height }) => (what === 'orderer' && height !== undefined ? [height] : []));
  }

  node(name: string): NodeStatus {
    const found = this.nodes().find((node) => node.name === name);
    if (found === undefined) throw new Error(`no node ${name}`);
    return found;
  }

  /** Ends the supervisor as Ctrl-C (SIGINT) or as a crash (SIGKILL). Resolves when it is gone. */
  async end(signal: 'SIGINT' | 'SIGKILL' = 'SIGINT'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((done) => this.child.once('exit', done));
    this.child.kill(signal);
    await gone;
  }
}

/** Whether a process runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
