import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChaincodeSettings, type Consortium } from '../consortium/consortium';
import { readLaunchCommand } from '../embedded/chaincode/launch-command';
import { writeConnectionProfiles } from '../organizations/connection-profile';
import { organizationPaths } from '../organizations/layout';
import { writeOrganizations } from '../organizations/write-organizations';
import { channelAtOrderer, joinOrderer } from './channel-participation';
import { type ChaincodePackage, digestOfFolder, packChaincode } from './chaincode-package';
import { choosePorts, refuseUsedPorts } from './choose-ports';
import { refuseUnsafePolicies } from './definition-check';
import { deployChaincodes } from './deploy';
import { joinChannel, joinedChannels } from './lifecycle';
import { releaseNetwork, takeNetwork } from './network-lock';
import { packageLabel, writeGenesisBlock, writeNodeFiles, writeServiceTls } from './node-files';
import { OperatorError } from './operator-error';
import { PeerClient } from './peer-client';
import { fabricFolders, type FabricFolders, type FabricPlan, planNetwork } from './plan';
import { chaincodeProcesses, fabricProcesses } from './process-specs';
import { type FabricState, newState, readState, refuseIncompleteState, refuseOtherNetwork, removeNetwork, writeState } from './state-file';
import { type Stage, Stopwatch } from './stopwatch';
import { Supervisor, type SupervisorEvent } from './supervisor';
import { type FabricLine, type FabricTools, findTools } from './tools';
import { OrdererWatchdog } from './watchdog';

export interface FabricOptions {
  readonly consortium: Consortium;
  readonly line: FabricLine;
  /** Folder of the chaincode, with package.json. */
  readonly chaincodeFolder: string;
  readonly dataDir: string;
  readonly onStage?: (stage: Stage) => void;
  readonly onEvent?: (event: SupervisorEvent) => void;
}

interface RunningParts {
  readonly plan: FabricPlan;
  readonly tools: FabricTools;
  readonly supervisor: Supervisor;
  /** Connection profile of each organisation, by MSP id. */
  readonly profiles: ReadonlyMap<string, string>;
  readonly stopwatch: Stopwatch;
}

/** A running network of real Fabric nodes, supervised by this process. */
export class FabricNetwork {
  constructor(
    readonly parts: RunningParts,
    private readonly watchdog: OrdererWatchdog,
  ) {}

  /** Stops all nodes in order; what they stored stays. */
  async stop(): Promise<void> {
    this.watchdog.stop();
    await this.parts.supervisor.stop();
    releaseNetwork(this.parts.plan.folders);
  }
}

/** Everything on disk that the nodes need, and what was found there. */
interface Preparation {
  readonly options: FabricOptions;
  readonly plan: FabricPlan;
  readonly tools: FabricTools;
  readonly state: FabricState;
  readonly isFresh: boolean;
  readonly stopwatch: Stopwatch;
  readonly packageOf: (chaincode: ChaincodeSettings) => ChaincodePackage;
}

/** Starts the network, making it first if there is none; returns when every organisation's gateway can submit. */
export async function startFabric(options: FabricOptions): Promise<FabricNetwork> {
  const stopwatch = new Stopwatch(options.onStage);
  refuseUnsafePolicies(options.consortium);
  readLaunchCommand(options.chaincodeFolder);
  const folders = fabricFolders(options.dataDir);
  const before = stateBefore(folders);
  await takeNetwork(folders);
  const supervisor = new Supervisor(options.onEvent ?? (() => undefined));
  try {
    return await run(await prepare(options, stopwatch, before), supervisor);
  } catch (error) {
    await supervisor.stop();
    if (before === undefined) removeNetwork(folders, true);
    releaseNetwork(folders);
    throw error;
  }
}

/** State of a network that was ready once. What an interrupted first start left is removed. */
function stateBefore(folders: FabricFolders): FabricState | undefined {
  const state = readState(folders);
  if (state?.stage === 'ready') return state;
  if (state) removeNetwork(folders, true);
  const foreign = existsSync(folders.dataDir) ? readdirSync(folders.dataDir).filter((name) => join(folders.dataDir, name) !== folders.root) : [];
  if (foreign.length > 0) {
    throw new OperatorError('STATE_MISMATCH', `${folders.dataDir} holds something else than a network of real Fabric (${foreign[0] ?? ''}); use another --dir`);
  }
  return undefined;
}

async function prepare(options: FabricOptions, stopwatch: Stopwatch, before: FabricState | undefined): Promise<Preparation> {
  const { consortium, dataDir, line } = options;
  const folders = fabricFolders(dataDir);
  if (before) refuseOtherNetwork(before, consortium, line);
  const ports = await choosePorts(consortium, new Map(Object.entries(before?.ports ?? {})));
  const plan = planNetwork(consortium, dataDir, ports);
  const roots = consortium.organizations.map((organization) => organizationPaths(dataDir, organization).root);
  if (before) refuseIncompleteState(plan, roots);
  await refuseUsedPorts(ports);
  const tools = await stopwatch.time('find Fabric', () => findTools(line));
  const state = { ...newState(line, tools.peer.version, consortium, ports), stage: before?.stage ?? ('starting' as const) };
  writeState(folders, state);
  await stopwatch.time('certificates', () => writeOrganizations(dataDir, consortium));
  writeNodeFiles(plan, line);
  await stopwatch.time('chaincode certificates', () => Promise.all(plan.chaincodes.map((node) => writeServiceTls(dataDir, node))));
  return { options, plan, tools, state, isFresh: before === undefined, stopwatch, packageOf: packer(plan, options.chaincodeFolder) };
}

/** Packages by chaincode; written to disk for whoever wants to install them elsewhere. */
function packer(plan: FabricPlan, chaincodeFolder: string): (chaincode: ChaincodeSettings) => ChaincodePackage {
  const codeSha256 = digestOfFolder(chaincodeFolder);
  const packages = new Map(plan.consortium.chaincodes.map((chaincode) => [chaincode, packChaincode(packageLabel(chaincode), codeSha256)]));
  mkdirSync(plan.folders.packages, { recursive: true });
  for (const { label, bytes } of packages.values()) writeFileSync(join(plan.folders.packages, `${label}.tgz`), bytes);
  return (chaincode) => packages.get(chaincode) ?? packChaincode(packageLabel(chaincode), codeSha256);
}

async function run(preparation: Preparation, supervisor: Supervisor): Promise<FabricNetwork> {
  const { options, plan, tools, stopwatch, packageOf } = preparation;
  const folder = options.chaincodeFolder;
  const command = readLaunchCommand(folder);
  const services = chaincodeProcesses(plan, ({ chaincode }) => ({ folder, command, packageId: packageOf(chaincode).packageId }));
  const [genesisBlock] = await Promise.all([
    genesis(preparation),
    stopwatch.time('nodes ready', () => supervisor.start([...fabricProcesses(plan, tools), ...services])),
  ]);
  await joinAndDeploy(preparation, genesisBlock);
  const ports = new Map(plan.peers.map((node) => [node.organization.mspId, node.ports.service]));
  const profiles = writeConnectionProfiles(options.dataDir, options.consortium, ports);
  writeState(plan.folders, { ...preparation.state, stage: 'ready' });
  return new FabricNetwork({ plan, tools, supervisor, profiles, stopwatch }, watch(plan, supervisor));
}

async function genesis({ plan, tools, options, isFresh, stopwatch }: Preparation): Promise<Buffer> {
  if (!isFresh) return readFileSync(plan.folders.genesisBlock);
  return stopwatch.time('genesis block', () => writeGenesisBlock(plan, tools, options.line));
}

async function joinAndDeploy(preparation: Preparation, genesisBlock: Buffer): Promise<void> {
  const { options, plan, isFresh, stopwatch, packageOf } = preparation;
  const { dataDir, consortium } = options;
  const channel = consortium.channel.name;
  const clients = plan.peers.map((node) => new PeerClient(node, dataDir));
  try {
    await Promise.all([
      stopwatch.time('orderers joined', () =>
        Promise.all(
          plan.orderers.map(async (node) => {
            if (isFresh || !(await channelAtOrderer(dataDir, node, channel))) await joinOrderer(dataDir, node, genesisBlock);
          }),
        ),
      ),
      stopwatch.time('peers joined', () =>
        Promise.all(
          clients.map(async (client) => {
            if (isFresh || !(await joinedChannels(client)).includes(channel)) await joinChannel(client, genesisBlock);
          }),
        ),
      ),
    ]);
    await deployChaincodes({ consortium, dataDir, clients, packageOf, stopwatch }, isFresh);
  } finally {
    for (const client of clients) client.close();
  }
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
