import { type RunningOrganization } from '../organizations/running-organization';
import { mkdirSync } from 'node:fs';
import { type Consortium } from '../consortium/consortium';
import { nodeName, organizationPaths } from '../organizations/layout';
import { bringUp } from './bring-up';
import { channelAtOrderer } from '../administration/channel-participation';
import { refuseUnsafePolicies } from '../administration/definition-check';
import { type ControlledNetwork, type NetworkStatus, type NodeAction } from '../administration/control';
import { type NetworkDefinition, type NetworkLayout } from '../administration/network-definition';
import { amend, amendFolders, type Amendments, readAmendments, writeAmendments } from '../administration/membership/amendments';
import { reconcile } from './reconcile';
import { releaseNetwork, takeNetwork } from './network-lock';
import { OperatorError, reasonOf, systemCode } from '../machine/operator-error';
import { fabricFolders, type FabricPlan } from './plan';
import { prepare, type Preparation, readSources, refuseForeignFolder, stateBefore } from './prepare';
import { type FabricState, removeNetwork } from './state-file';
import { type Stage, Stopwatch } from './stopwatch';
import { type NodeState, Supervisor, type SupervisorEvent } from './supervisor';
import { type OrdererWatchdog } from './watchdog';

const DEFAULT_EXECUTE_TIMEOUT_MILLIS = 30_000;

export interface FabricOptions {
  readonly consortium: Consortium;
  /** Folder of each chaincode to run, by chaincode name. */
  readonly chaincodes: ReadonlyMap<string, string>;
  /** Where certificates, ledgers and logs are kept; a second start on it continues. */
  readonly dir: string;
  /** Fabric's `chaincode.executetimeout`; 30 s. */
  readonly executeTimeoutMillis?: number;
  /** Starts although the policy of some key protects nothing, to put it right. */
  readonly despiteUnsafeKeys?: boolean;
  readonly onStage?: (stage: Stage) => void;
  readonly onEvent?: (event: SupervisorEvent) => void;
}

interface RunningParts {
  /** The consortium of the file, without what administrators changed since. */
  readonly base: Consortium;
  readonly preparation: Preparation;
  readonly supervisor: Supervisor;
  readonly profiles: ReadonlyMap<string, string>;
  readonly stopwatch: Stopwatch;
  readonly watchdog: OrdererWatchdog;
}

/** A running network of real Fabric nodes, supervised by this process. */
export class FabricNetwork implements ControlledNetwork {
  /** From the call to the moment every organisation's gateway could submit. */
  readonly elapsedMillis: number;
  private stopping: Promise<void> | undefined;

  private amending: Promise<unknown> = Promise.resolve();

  constructor(private parts: RunningParts) {
    this.elapsedMillis = parts.stopwatch.elapsedMillis;
  }

  get plan(): FabricPlan {
    return this.parts.preparation.plan;
  }

  get dir(): string {
    return this.plan.folders.dataDir;
  }

  get channel(): string {
    return this.plan.consortium.channel.name;
  }

  /** Version of the nodes' programs. */
  get fabricVersion(): string {
    return this.parts.preparation.tools.peer.version;
  }

  get stages(): readonly Stage[] {
    return this.parts.stopwatch.stages;
  }

  get organizations(): readonly RunningOrganization[] {
    return this.plan.consortium.organizations.map((organization) => {
      const { mspId, name, domain } = organization;
      const node = this.plan.peers.find((candidate) => candidate.organization === organization);
      return {
        mspId,
        name,
        domain,
        user: (user) => organizationPaths(this.dir, organization).user(user),
        profile: this.parts.profiles.get(mspId) ?? '',
        ...(node && { peer: { name: nodeName(organization, 'peer'), address: `localhost:${node.ports.service}` } }),
      };
    });
  }

  get supervisor(): Supervisor {
    return this.parts.supervisor;
  }

  /** Process ids of one chaincode, by MSP id. */
  chaincodePids(chaincode: string): ReadonlyMap<string, number> {
    const states = new Map(this.supervisor.states().map((state): [string, NodeState] => [state.name, state]));
    const own = this.plan.chaincodes.filter((node) => node.chaincode.name === chaincode);
    return new Map(
      own.flatMap((node) => {
        const pid = states.get(node.name)?.pid;
        return pid === undefined ? [] : [[node.organization.mspId, pid] as const];
      }),
    );
  }

  /** What the other verbs work with. */
  definition(): NetworkDefinition {
    const { consortium, sources } = this.parts.preparation;
    const chaincodes = sources.map(({ settings, folder, chaincodePackage }) => ({
      name: settings.name,
      version: settings.version,
      folder,
      packageId: chaincodePackage.packageId,
    }));
    return { consortium, chaincodes, amendments: readAmendments(this.plan.folders.root), layout: this.layout };
  }

  private get layout(): NetworkLayout {
    const { peers, orderers, chaincodes, folders } = this.plan;
    return {
      peers: peers.map(({ name, organization, index, ports }) => ({ name, organization: organization.mspId, index, port: ports.service })),
      orderers: orderers.map(({ name, organization, ports }) => ({
        name,
        organization: organization.mspId,
        port: ports.service,
        adminPort: ports.admin,
      })),
      services: chaincodes.map(({ name }) => name),
      genesisBlocks: { [this.channel]: folders.genesisBlock },
    };
  }

  async status(): Promise<NetworkStatus> {
    const heights = await this.heights();
    const nodes = this.supervisor.states().map(({ pid, ...state }) => {
      const height = heights.get(state.name);
      return { ...state, ...(pid !== undefined && { pid }), ...(height !== undefined && { height, heights: { [this.channel]: height } }) };
    });
    return { dir: this.dir, channel: this.channel, channels: [this.channel], fabricVersion: this.fabricVersion, nodes };
  }

  async act(action: NodeAction, node: string): Promise<void> {
    const { supervisor } = this;
    if (action === 'stop') await supervisor.stopNode(node);
    else if (action === 'kill') await supervisor.stopNode(node, 'SIGKILL');
    else if (action === 'start') await supervisor.startNode(node);
    else await supervisor.restartNode(node, 'asked for');
  }

  /** Brings the running nodes to what the amendments say and records them; one change after another. */
  async amend(amendments: Amendments): Promise<void> {
    const changed = this.amending.then(async () => {
      const { preparation, profiles } = await reconcile(this.parts.base, this.parts.preparation, this.supervisor, amendments);
      writeAmendments(this.plan.folders.root, amendments);
      this.parts = { ...this.parts, preparation, profiles };
    });
    this.amending = changed.catch(() => undefined);
    return changed;
  }

  /** Number of blocks at each orderer that answers. */
  async heights(): Promise<ReadonlyMap<string, number>> {
    const found = await Promise.all(
      this.plan.orderers.map(async (node) => [node.name, (await channelAtOrderer(this.dir, node, this.channel))?.height] as const),
    );
    return new Map(found.flatMap(([name, height]) => (height === undefined ? [] : [[name, height] as const])));
  }

  /** Stops all nodes in order; what they stored stays. */
  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  private async stopAll(): Promise<void> {
    this.parts.watchdog.stop();
    await this.supervisor.stop();
    releaseNetwork(this.plan.folders);
  }
}

/**
 * Starts the network, making it first if there is none; returns when every organisation's gateway can submit.
 * @throws {@link OperatorError} with one sentence; nothing is left running then, and of a first start nothing but its logs.
 */
export async function startFabricNetwork(options: FabricOptions): Promise<FabricNetwork> {
  const stopwatch = new Stopwatch(options.onStage);
  const { dir: dataDir } = options;
  const folders = fabricFolders(dataDir);
  const amendments = readAmendments(folders.root);
  const consortium = amend(options.consortium, amendments);
  refuseUnsafePolicies(consortium);
  const sources = readSources(consortium, amendFolders(options.chaincodes, amendments));
  refuseForeignFolder(folders);
  makeFolder(folders.root);
  await takeNetwork(folders);
  let before: FabricState | undefined;
  let supervisor: Supervisor | undefined;
  try {
    before = stateBefore(folders);
    supervisor = new Supervisor(options.onEvent ?? (() => undefined));
    const executeTimeoutMillis = options.executeTimeoutMillis ?? DEFAULT_EXECUTE_TIMEOUT_MILLIS;
    const preparation = await prepare({ consortium, sources, dataDir, before, executeTimeoutMillis, stopwatch });
    const started = await bringUp(preparation, supervisor, stopwatch, options.despiteUnsafeKeys === true);
    return new FabricNetwork({ base: options.consortium, preparation, supervisor, stopwatch, ...started });
  } catch (error) {
    await supervisor?.stop();
    releaseNetwork(folders);
    // of a damaged network nothing is removed but by `down`; of one that never was ready everything but the logs
    if (before === undefined && !isDamaged(error)) removeNetwork(folders, [folders.logs]);
    throw error;
  }
}

function isDamaged(error: unknown): boolean {
  return error instanceof OperatorError && error.code === 'STATE_INCOMPLETE';
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw new OperatorError('DISK', `the directory ${folder} cannot be made: ${reasonOf(error)}`, { cause: error });
  }
}
