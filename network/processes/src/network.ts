import { mkdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { refuseUnsafePolicies } from '@lianyi/network-administration';
import {
  amend,
  AmendmentQueue,
  type AmendmentRequest,
  type Amendments,
  channelsOf,
  channelView,
  type Consortium,
  describeOrganization,
  describeSources,
  type NetworkDefinition,
  type NetworkLayout,
  type NetworkStart,
  type NetworkStatus,
  type NodeAction,
  OperatorError,
  readAmendments,
  readSources,
  refuseStrayNames,
  refuseUnknownChaincode,
  runningChaincodes,
  type RunningNetwork,
  type RunningOrganization,
  systemCode,
  withDeployment,
  withFileChanges,
  writeAmendments,
  sentenceOf,
} from '@lianyi/network-model';
import { bringUp, watchOrderers, withChannels } from './bring-up';
import { channelsToMake, makeChannels } from './channels';
import { releaseNetwork, takeNetwork } from './network-lock';
import { lookAtOrderers, orderingStatus } from './ordering-status';
import { fabricFolders, type FabricPlan, servicePorts } from './plan';
import { type PreparedNetwork, prepare, refuseForeignFolder, stateBefore } from './prepare';
import { refusePlainServices } from './plain-services';
import { type NetworkBase, reconcile } from './reconcile';
import { type FabricState, removeNetwork, writeState } from './state-file';
import { type Stage, Stopwatch } from './stopwatch';
import { Supervisor, type SupervisorEvent } from './supervisor';
import { UnrecordedDeployment } from './unrecorded-deployment';
import { type OrdererWatchdog } from './watchdog';

const DEFAULT_EXECUTE_TIMEOUT_MILLIS = 30_000;

interface FabricOptions extends NetworkStart {
  /** Starts although the policy of some key protects nothing, to put it right. */
  readonly despiteUnsafeKeys?: boolean;
  readonly onStage?: (stage: Stage) => void;
  readonly onEvent?: (event: SupervisorEvent) => void;
}

interface RunningParts {
  readonly base: NetworkBase;
  readonly preparation: PreparedNetwork;
  readonly supervisor: Supervisor;
  readonly profiles: ReadonlyMap<string, string>;
  readonly stopwatch: Stopwatch;
}

/** A running network of real Fabric nodes, supervised by this process. */
class FabricNetwork implements RunningNetwork {
  readonly elapsedMillis: number;
  readonly #watchdog: OrdererWatchdog;
  #stopping: Promise<void> | undefined;
  readonly #amendments: AmendmentQueue;

  constructor(private parts: RunningParts) {
    this.elapsedMillis = parts.stopwatch.elapsedMillis;
    this.#watchdog = watchOrderers(() => this.#plan, parts.supervisor);
    const { root: folder } = parts.preparation.plan.folders;
    this.#amendments = new AmendmentQueue({ base: parts.base.consortium, folder, bring: (amendments) => this.#bring(amendments) });
  }

  get dir(): string {
    return this.#plan.folders.dataDir;
  }

  get channel(): string {
    return this.#plan.consortium.channel.name;
  }

  get organizations(): readonly RunningOrganization[] {
    const { peers, consortium } = this.#plan;
    return consortium.organizations.map((organization) => {
      const node = peers.find((candidate) => candidate.organization === organization);
      return describeOrganization(this.dir, organization, this.parts.profiles.get(organization.mspId), node?.ports.service);
    });
  }

  get #plan(): FabricPlan {
    return this.parts.preparation.plan;
  }

  get #supervisor(): Supervisor {
    return this.parts.supervisor;
  }

  definition(): NetworkDefinition {
    const { consortium, sources } = this.parts.preparation;
    return { consortium, chaincodes: describeSources(sources), amendments: readAmendments(this.#plan.folders.root), layout: this.#layout };
  }

  get #layout(): NetworkLayout {
    const { peers, orderers, chaincodes, authorities, channels } = this.#plan;
    return {
      peers: peers.map(({ name, organization, index, ports }) => ({ name, organization: organization.mspId, index, port: ports.service })),
      orderers: orderers.map(({ name, organization, ports }) => ({
        name,
        organization: organization.mspId,
        port: ports.service,
        adminPort: ports.admin,
      })),
      services: chaincodes.map(({ name }) => name),
      authorities: authorities.map(({ name }) => name),
      genesisBlocks: Object.fromEntries(channels.map(({ name, genesisBlock }) => [name, genesisBlock])),
    };
  }

  async status(): Promise<NetworkStatus> {
    const channels = this.#plan.channels.map(({ name }) => name);
    const found = await lookAtOrderers(this.#plan);
    const ports = servicePorts(this.#plan);
    const nodes = this.#supervisor.states().map(({ pid, ...state }) => {
      const heights = Object.fromEntries(
        [...found].flatMap(([channel, infos]) => {
          const height = infos.get(state.name)?.height;
          return height === undefined ? [] : [[channel, height] as const];
        }),
      );
      const height = heights[this.channel];
      const port = ports.get(state.name);
      return {
        ...state,
        ...(port !== undefined && { port }),
        ...(pid !== undefined && { pid }),
        ...(height !== undefined && { height }),
        ...(Object.keys(heights).length > 0 && { heights }),
      };
    });
    const ordering = [...orderingStatus(this.#plan, found)];
    const fabricVersion = this.parts.preparation.tools.peer.version;
    return { dir: this.dir, channel: this.channel, channels, fabricVersion, nodes, ordering };
  }

  async act(action: NodeAction, node: string): Promise<void> {
    const supervisor = this.#supervisor;
    if (action === 'stop') await supervisor.stopNode(node);
    else if (action === 'kill') await supervisor.stopNode(node, 'SIGKILL');
    else if (action === 'start') await supervisor.startNode(node);
    else await supervisor.restartNode(node, { en: 'asked for', zh: '应要求' });
  }

  amend(change: AmendmentRequest): Promise<void> {
    return this.#amendments.amend(change);
  }

  async #bring(amendments: Amendments): Promise<() => void> {
    const { base, preparation: before } = this.parts;
    refuseUnsafeChannels(amend(base.consortium, amendments));
    const { preparation, profiles } = await reconcile(base, before, this.#supervisor, amendments);
    const { plan, tools, state } = preparation;
    const making = channelsToMake(plan, state);
    if (making.length > 0) {
      this.#refuseStoppedOrderers(making.flatMap(({ orderers }) => orderers.map(({ name }) => name)));
      await makeChannels(plan, tools, making);
    }
    // after the amendments: a start removes a channel that is not recorded here, and makes it if it shall be
    return () => {
      const made = withChannels(state, plan);
      writeState(plan.folders, made);
      this.parts = { ...this.parts, preparation: { ...preparation, state: made }, profiles };
    };
  }

  /** A channel begins with all its orderers. */
  #refuseStoppedOrderers(needed: readonly string[]): void {
    const stopped = this.#supervisor.states().find(({ name, pid }) => needed.includes(name) && pid === undefined);
    if (stopped)
      throw new OperatorError('NODE_FAILED', {
        en: `${stopped.name} does not run; a new channel needs all its orderers: start it first`,
        zh: `${stopped.name} 没有运行；新通道需要其全部排序节点：请先启动它`,
      });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    this.#watchdog.stop();
    await this.#supervisor.stop();
    releaseNetwork(this.#plan.folders);
  }
}

/**
 * Starts the network, making it first if there is none; returns when every organisation's gateway can submit.
 * @throws {@link OperatorError} with one sentence; nothing is left running then, and of a first start nothing but its logs.
 */
export async function startFabricNetwork(options: FabricOptions): Promise<RunningNetwork> {
  const stopwatch = new Stopwatch(options.onStage);
  const { dir: dataDir } = options;
  const folders = fabricFolders(dataDir);
  const recorded = readAmendments(folders.root);
  const amendments = withFileChanges(options.consortium, recorded);
  const consortium = amend(options.consortium, amendments);
  refuseUnknownChaincode(consortium, options.chaincodes);
  refuseUnsafeChannels(consortium);
  const sources = readSources(runningChaincodes(options.consortium, options.chaincodes, amendments));
  refusePlainServices(sources);
  refuseForeignFolder(folders);
  await refuseStrayNames(consortium);
  makeFolder(folders.root);
  await takeNetwork(folders);
  let before: FabricState | undefined;
  let supervisor: Supervisor | undefined;
  try {
    before = stateBefore(folders);
    const report = options.onEvent ?? ((): void => undefined);
    supervisor = new Supervisor(report);
    const executeTimeoutMillis = options.executeTimeoutMillis ?? DEFAULT_EXECUTE_TIMEOUT_MILLIS;
    const preparation = await prepare({ consortium, sources, dataDir, before, executeTimeoutMillis, stopwatch, supervisor, report });
    const { state, profiles } = await bringUp(preparation, supervisor, stopwatch, options.despiteUnsafeKeys === true);
    const base = { consortium: options.consortium, folders: options.chaincodes };
    // only now: before the channels have what the file says, the former record is the true one
    if (!isDeepStrictEqual(amendments, recorded)) writeAmendments(folders.root, amendments);
    return new FabricNetwork({ base, preparation: { ...preparation, state, isFresh: false }, supervisor, stopwatch, profiles });
  } catch (error) {
    await supervisor?.stop();
    releaseNetwork(folders);
    // of a damaged network nothing is removed but by `down`; of one that never was ready everything but the logs
    if (before === undefined && !isDamaged(error)) removeNetwork(folders, [folders.logs]);
    if (!(error instanceof UnrecordedDeployment)) throw error;
    writeAmendments(folders.root, withDeployment(consortium, amendments, error.deployed));
    return startFabricNetwork(options);
  }
}

/** A chaincode's policy must be one that the members of each of its channels can fulfil. */
function refuseUnsafeChannels(consortium: Consortium): void {
  for (const { name } of channelsOf(consortium)) {
    const view = channelView(consortium, name);
    if (view) refuseUnsafePolicies(view);
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
    throw new OperatorError(
      'DISK',
      { en: `the directory ${folder} cannot be made: ${sentenceOf(error).en}`, zh: `目录 ${folder} 无法建立：${sentenceOf(error).zh}` },
      { cause: error },
    );
  }
}
