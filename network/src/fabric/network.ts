import { mkdirSync, readFileSync } from 'node:fs';
import { type ChaincodeSettings, type Consortium } from '../consortium/consortium';
import { writeConnectionProfiles } from '../organizations/connection-profile';
import { nodeName, organizationPaths } from '../organizations/layout';
import { channelAtOrderer, joinOrderer } from './channel-participation';
import { refuseUnsafePolicies } from './definition-check';
import { deployChaincodes } from './deploy';
import { joinChannel, joinedChannels } from './lifecycle';
import { releaseNetwork, takeNetwork } from './network-lock';
import { writeGenesisBlock } from './node-files';
import { OperatorError, reasonOf, systemCode } from './operator-error';
import { PeerClient } from './peer-client';
import { fabricFolders, type FabricPlan } from './plan';
import { type ChaincodeSource, prepare, type Preparation, readSources, refuseForeignFolder, stateBefore } from './prepare';
import { chaincodeProcesses, fabricProcesses } from './process-specs';
import { type FabricState, removeNetwork, writeState } from './state-file';
import { type Stage, Stopwatch } from './stopwatch';
import { type NodeState, Supervisor, type SupervisorEvent } from './supervisor';
import { OrdererWatchdog } from './watchdog';

const DEFAULT_EXECUTE_TIMEOUT_MILLIS = 30_000;

export interface FabricOptions {
  readonly consortium: Consortium;
  /** Folder of each chaincode to run, by chaincode name. */
  readonly chaincodes: ReadonlyMap<string, string>;
  /** Where certificates, ledgers and logs are kept; a second start on it continues. */
  readonly dir: string;
  /** Fabric's `chaincode.executetimeout`; 30 s. */
  readonly executeTimeoutMillis?: number;
  readonly onStage?: (stage: Stage) => void;
  readonly onEvent?: (event: SupervisorEvent) => void;
}

/** One organisation as a client meets it; the same shape as on the embedded network. */
export interface FabricOrganization {
  readonly mspId: string;
  readonly name: string;
  readonly domain: string;
  /** MSP and TLS directory of one of its users, e.g. `User1`. */
  user(name: string): { readonly msp: string; readonly tls: string };
  /** Path of its connection profile (JSON). */
  readonly profile: string;
  /** Absent for an organisation without a peer. */
  readonly peer?: { readonly name: string; readonly address: string };
}

interface RunningParts {
  readonly preparation: Preparation;
  readonly supervisor: Supervisor;
  readonly profiles: ReadonlyMap<string, string>;
  readonly stopwatch: Stopwatch;
  readonly watchdog: OrdererWatchdog;
}

/** A running network of real Fabric nodes, supervised by this process. */
export class FabricNetwork {
  /** From the call to the moment every organisation's gateway could submit. */
  readonly elapsedMillis: number;
  private stopping: Promise<void> | undefined;

  constructor(private readonly parts: RunningParts) {
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

  get organizations(): readonly FabricOrganization[] {
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
    return new Map(own.flatMap((node) => {
      const pid = states.get(node.name)?.pid;
      return pid === undefined ? [] : [[node.organization.mspId, pid] as const];
    }));
  }

  /** Number of blocks at each orderer that answers. */
  async heights(): Promise<ReadonlyMap<string, number>> {
    const found = await Promise.all(this.plan.orderers.map(async (node) => [node.name, (await channelAtOrderer(this.dir, node, this.channel))?.height] as const));
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
  const { consortium, dir: dataDir } = options;
  refuseUnsafePolicies(consortium);
  const sources = readSources(consortium, options.chaincodes);
  const folders = fabricFolders(dataDir);
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
    return await run(preparation, supervisor, stopwatch);
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

async function run(preparation: Preparation, supervisor: Supervisor, stopwatch: Stopwatch): Promise<FabricNetwork> {
  const { plan, tools, consortium, state } = preparation;
  const sourceOf = sourcesByName(preparation);
  const services = chaincodeProcesses(plan, ({ chaincode }) => {
    const { folder, command, chaincodePackage } = sourceOf(chaincode);
    return { folder, command, packageId: chaincodePackage.packageId };
  });
  // the nodes need no block to start, so it is made while they do
  const [genesisBlock] = await Promise.all([
    genesis(preparation, stopwatch),
    stopwatch.time('nodes ready', () => supervisor.start([...fabricProcesses(plan, tools), ...services])),
  ]);
  const clients = plan.peers.map((node) => new PeerClient(node, plan.folders.dataDir));
  try {
    await join(preparation, clients, genesisBlock, stopwatch);
    await deployChaincodes(
      { consortium, dataDir: plan.folders.dataDir, clients, packageOf: (chaincode) => sourceOf(chaincode).chaincodePackage, stopwatch },
      preparation.isFresh,
    );
  } finally {
    for (const client of clients) client.close();
  }
  const ports = new Map(plan.peers.map((node) => [node.organization.mspId, node.ports.service]));
  const profiles = writeConnectionProfiles(plan.folders.dataDir, consortium, ports);
  writeState(plan.folders, { ...state, stage: 'ready' });
  return new FabricNetwork({ preparation, supervisor, profiles, stopwatch, watchdog: watch(plan, supervisor) });
}

function sourcesByName({ sources }: Preparation): (chaincode: ChaincodeSettings) => ChaincodeSource {
  return ({ name }) => {
    const source = sources.find(({ settings }) => settings.name === name);
    if (!source) throw new Error(`chaincode ${name} is planned and has no folder`);
    return source;
  };
}

async function genesis({ plan, tools, isFresh }: Preparation, stopwatch: Stopwatch): Promise<Buffer> {
  if (!isFresh) return readFileSync(plan.folders.genesisBlock);
  return stopwatch.time('genesis block', () => writeGenesisBlock(plan, tools));
}

/** Orderers and peers at the same time: neither needs the other to take the channel's first block. */
async function join({ plan, consortium, isFresh }: Preparation, clients: readonly PeerClient[], genesisBlock: Buffer, stopwatch: Stopwatch): Promise<void> {
  const { dataDir } = plan.folders;
  const channel = consortium.channel.name;
  const orderers = plan.orderers.map(async (node) => {
    if (isFresh || !(await channelAtOrderer(dataDir, node, channel))) await joinOrderer(dataDir, node, genesisBlock);
  });
  const peers = clients.map(async (client) => {
    if (isFresh || !(await joinedChannels(client)).includes(channel)) await joinChannel(client, genesisBlock);
  });
  await Promise.all([stopwatch.time('orderers joined', () => Promise.all(orderers)), stopwatch.time('peers joined', () => Promise.all(peers))]);
}

function watch(plan: FabricPlan, supervisor: Supervisor): OrdererWatchdog {
  const { dataDir } = plan.folders;
  const channel = plan.consortium.channel.name;
  const watchdog = new OrdererWatchdog({
    heights: () => Promise.all(plan.orderers.map(async (node) => ({ name: node.name, height: (await channelAtOrderer(dataDir, node, channel))?.height }))),
    restart: (name, reason) => supervisor.restartNode(name, reason),
  });
  watchdog.start();
  return watchdog;
}
