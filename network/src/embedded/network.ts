import { type Consortium, type Organization } from '../consortium/consortium';
import { loadSigner } from '../crypto/signer';
import { chooseFreePorts } from '../machine/free-ports';
import { OperatorError } from '../machine/operator-error';
import { writeConnectionProfiles } from '../organizations/connection-profile';
import { ADMIN_USER, nodeName, type OrganizationPaths, organizationPaths } from '../organizations/layout';
import { writeOrganizations } from '../organizations/write-organizations';
import { openChannel } from './channel';
import { type LaunchCommand, readLaunchCommand } from './chaincode/launch-command';
import { type ChaincodeRuntime } from './chaincode/runtime';
import { prepareChaincode } from './chaincode/start-chaincode';
import { type RunningOrganization } from '../organizations/running-organization';
import { defineChaincode } from './define-chaincode';
import { buildConsortiumGenesis } from './genesis-from-consortium';
import { PeerNode } from './peer-node';
import { type EmbeddedChannel } from './ports';
import { StateDir } from './state-dir';

export interface EmbeddedNetworkOptions {
  readonly consortium: Consortium;
  /** Directory of each chaincode's package, by chaincode name. */
  readonly chaincodes: ReadonlyMap<string, string>;
  /** Where certificates, chain and logs are kept; a second start on it continues. */
  readonly dir: string;
  /** Fabric's `chaincode.executetimeout`; 30 s. */
  readonly executeTimeoutMillis?: number;
  readonly onProgress?: (step: string) => void;
}

export interface RunningNetwork {
  readonly dir: string;
  readonly channel: string;
  readonly organizations: readonly RunningOrganization[];
  /** From the call to the moment everything answers. */
  readonly elapsedMillis: number;
  /** Process ids of one chaincode, by MSP id. */
  chaincodePids(chaincode: string): ReadonlyMap<string, number>;
  /** Number of blocks. */
  height(): number;
  stop(): Promise<void>;
}

const defaultExecuteTimeoutMillis = 30_000;

/**
 * Starts a whole consortium in this process, and each organisation's chaincode in its own. Loopback only. It protects
 * nobody: one process holds every key. Throws {@link OperatorError} with one sentence; nothing is left running then.
 */
export async function startEmbeddedNetwork(options: EmbeddedNetworkOptions): Promise<RunningNetwork> {
  const startedAt = performance.now();
  refuseProduction();
  const launches = readLaunches(options);
  const stateDir = StateDir.open(options.dir, options.consortium);
  const assembly = new Assembly(options, stateDir);
  try {
    await assembly.start(launches);
  } catch (error) {
    await assembly.stop();
    throw error;
  }
  return assembly.describe(Math.round(performance.now() - startedAt));
}

function refuseProduction(): void {
  if (process.env['NODE_ENV'] === 'production') {
    throw new OperatorError(
      'POLICY_REFUSED',
      'the embedded network is a workbench that protects nobody: it does not start with NODE_ENV=production',
    );
  }
}

interface Launch {
  readonly settings: Consortium['chaincodes'][number];
  readonly command: LaunchCommand;
  readonly dir: string;
}

function readLaunches({ consortium, chaincodes }: EmbeddedNetworkOptions): readonly Launch[] {
  return [...chaincodes].map(([name, dir]) => {
    const settings = consortium.chaincodes.find((chaincode) => chaincode.name === name);
    if (settings === undefined) throw new OperatorError('UNKNOWN_NAME', `the consortium definition has no chaincode named ${name}`);
    return { settings, dir, command: readLaunchCommand(dir) };
  });
}

/** The parts of a network while it starts, runs and stops. */
class Assembly {
  private readonly runtimes = new Map<string, Map<string, ChaincodeRuntime>>();
  private nodes: PeerNode[] = [];
  private channel: EmbeddedChannel | undefined;
  private profiles: ReadonlyMap<string, string> = new Map();
  private stopping: Promise<void> | undefined;

  constructor(
    private readonly options: EmbeddedNetworkOptions,
    private readonly stateDir: StateDir,
  ) {}

  async start(launches: readonly Launch[]): Promise<void> {
    const { consortium } = this.options;
    await writeOrganizations(this.stateDir.path, consortium);
    this.progress('certificates');
    await this.prepareRuntimes(launches);
    const started = Promise.all([...this.runtimes.values()].flatMap((byName) => [...byName.values()].map((runtime) => runtime.start())));
    started.catch(() => undefined); // awaited below, after the channel
    const channel = await this.openChannel();
    this.progress('channel');
    await this.listen(channel);
    this.progress('peers');
    for (const { settings } of launches) await defineChaincode(channel, settings, this.lifecycleMembers());
    this.progress('definitions');
    await started;
    this.progress('chaincode');
  }

  describe(elapsedMillis: number): RunningNetwork {
    const { consortium, dir } = this.options;
    return {
      dir,
      elapsedMillis,
      channel: consortium.channel.name,
      organizations: consortium.organizations.map((organization) => this.describeOrganization(organization)),
      chaincodePids: (chaincode) => this.pids(chaincode),
      height: () => this.channel?.state.height ?? 0,
      stop: () => this.stop(),
    };
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  private async stopAll(): Promise<void> {
    for (const node of this.nodes) node.close();
    await Promise.allSettled([...this.runtimes.values()].flatMap((byName) => [...byName.values()].map((runtime) => runtime.stop())));
    await this.channel?.close();
    this.stateDir.release();
  }

  private progress(step: string): void {
    this.stateDir.log(`ready: ${step}`);
    this.options.onProgress?.(step);
  }

  private withRole(role: 'peer' | 'orderer'): readonly Organization[] {
    return this.options.consortium.organizations.filter((organization) => organization.roles.includes(role));
  }

  private paths(organization: Organization): OrganizationPaths {
    return organizationPaths(this.stateDir.path, organization);
  }

  private async prepareRuntimes(launches: readonly Launch[]): Promise<void> {
    const peers = this.withRole('peer');
    const ports = await chooseFreePorts(peers.length * launches.length);
    const executeTimeoutMillis = this.options.executeTimeoutMillis ?? defaultExecuteTimeoutMillis;
    for (const [index, organization] of peers.entries()) {
      const byName = new Map<string, ChaincodeRuntime>();
      this.runtimes.set(organization.mspId, byName);
      for (const [position, { settings, command, dir }] of launches.entries()) {
        const port = ports[index * launches.length + position] ?? 0;
        const place = {
          stateDir: this.stateDir,
          organization,
          paths: this.paths(organization),
          settings,
          command,
          dir,
          port,
          index,
          executeTimeoutMillis,
        };
        byName.set(settings.name, await prepareChaincode(place));
      }
    }
  }

  private async openChannel(): Promise<EmbeddedChannel> {
    const { consortium } = this.options;
    const [orderer] = this.withRole('orderer');
    if (orderer === undefined) throw new OperatorError('STATE_MISMATCH', 'no organisation of the consortium runs an orderer');
    this.channel = await openChannel({
      dir: this.stateDir.channelDir,
      name: consortium.channel.name,
      genesisBlock: buildConsortiumGenesis(this.stateDir.path, consortium),
      batch: consortium.channel.batch,
      ordererSigner: loadSigner(this.paths(orderer).node('orderer').msp, orderer.mspId),
    });
    return this.channel;
  }

  private async listen(channel: EmbeddedChannel): Promise<void> {
    const { consortium } = this.options;
    const peers = this.withRole('peer');
    this.nodes = peers.map(
      (organization) =>
        new PeerNode({
          organization,
          channel,
          paths: this.paths(organization),
          runtimes: this.runtimes.get(organization.mspId) ?? new Map<string, ChaincodeRuntime>(),
          peerMspIds: peers.map(({ mspId }) => mspId),
          applicationMspIds: consortium.organizations
            .filter(({ roles }) => roles.some((role) => role !== 'orderer'))
            .map(({ mspId }) => mspId),
          port: consortium.ports === 'auto' ? 0 : (consortium.ports[nodeName(organization, 'peer')] ?? 0),
          log: (line) => {
            this.stateDir.log(line);
          },
        }),
    );
    for (const node of this.nodes) await node.listen(this.nodes.filter((other) => other !== node));
    this.profiles = writeConnectionProfiles(this.stateDir.path, consortium, new Map(this.nodes.map((node) => [node.mspId, node.port])));
  }

  private lifecycleMembers(): { endorser: PeerNode['endorser']; admin: ReturnType<typeof loadSigner> }[] {
    return this.withRole('peer').flatMap((organization) => {
      const node = this.nodes.find(({ mspId }) => mspId === organization.mspId);
      return node === undefined
        ? []
        : [{ endorser: node.endorser, admin: loadSigner(this.paths(organization).user(ADMIN_USER).msp, organization.mspId) }];
    });
  }

  private describeOrganization(organization: Organization): RunningOrganization {
    const { mspId, name, domain } = organization;
    const node = this.nodes.find((candidate) => candidate.mspId === mspId);
    return {
      mspId,
      name,
      domain,
      user: (user) => this.paths(organization).user(user),
      profile: this.profiles.get(mspId) ?? '',
      ...(node === undefined ? {} : { peer: { name: node.name, address: `localhost:${node.port}` } }),
    };
  }

  private pids(chaincode: string): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const [mspId, byName] of this.runtimes) {
      const pid = byName.get(chaincode)?.pid;
      if (pid !== undefined) found.set(mspId, pid);
    }
    return found;
  }
}
