import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChaincodeSettings, type Consortium } from '../consortium/consortium';
import { type LaunchCommand, readLaunchCommand } from '../embedded/chaincode/launch-command';
import { organizationPaths } from '../organizations/layout';
import { writeOrganizations } from '../organizations/write-organizations';
import { type ChaincodePackage, digestOfFolder, packageLabel, packChaincode } from '../administration/chaincode-package';
import { type DeployedChaincode } from '../administration/membership/amendments';
import { choosePorts, refuseUsedPorts } from './choose-ports';
import { writeNodeFiles, writeServiceTls } from './node-files';
import { OperatorError, reasonOf, systemCode } from '../machine/operator-error';
import { fabricFolders, type FabricFolders, type FabricPlan, planNetwork } from './plan';
import { type FabricState, newState, readState, refuseIncompleteState, refuseOtherNetwork, removeNetwork, writeState } from './state-file';
import { type Stopwatch } from './stopwatch';
import { type FabricTools, findTools } from './tools';

/** A chaincode as it will run: its folder, how that wants to be started, and the package that stands for it. */
export interface ChaincodeSource {
  readonly settings: ChaincodeSettings;
  readonly folder: string;
  readonly command: LaunchCommand;
  readonly chaincodePackage: ChaincodePackage;
}

/** Everything on disk that the nodes need, and what was found there. */
export interface Preparation {
  /** Only the chaincodes that are started. */
  readonly consortium: Consortium;
  readonly plan: FabricPlan;
  readonly tools: FabricTools;
  readonly state: FabricState;
  readonly isFresh: boolean;
  readonly sources: readonly ChaincodeSource[];
  readonly executeTimeoutMillis: number;
}

/** @throws {@link OperatorError} `UNKNOWN_NAME` — a start names a folder for a chaincode that is not defined. */
export function refuseUnknownChaincode(consortium: Consortium, folders: ReadonlyMap<string, string>): void {
  const unknown = [...folders.keys()].find((name) => !consortium.chaincodes.some((chaincode) => chaincode.name === name));
  if (unknown !== undefined) throw new OperatorError('UNKNOWN_NAME', `the consortium definition has no chaincode named ${unknown}`);
}

/** Reads the chaincode folders. @throws {@link OperatorError} `CHAINCODE_FOLDER`. */
export function readSources(chaincodes: readonly DeployedChaincode[]): readonly ChaincodeSource[] {
  return chaincodes.map(({ settings, folder }) => {
    const command = readLaunchCommand(folder);
    return { settings, folder, command, chaincodePackage: packChaincode(packageLabel(settings), digestOfFolder(folder)) };
  });
}

/** @throws {@link OperatorError} `STATE_MISMATCH` — the folder holds something that is not a network of this kind. */
export function refuseForeignFolder(folders: FabricFolders): void {
  if (existsSync(folders.stateFile) || !existsSync(folders.dataDir)) return;
  const foreign = readdirSync(folders.dataDir).find((name) => join(folders.dataDir, name) !== folders.root);
  if (foreign === undefined) return;
  throw new OperatorError(
    'STATE_MISMATCH',
    `${folders.dataDir} holds something else than a network of real Fabric (${foreign}); use another --dir`,
  );
}

/** State of a network that was ready once. What an interrupted first start left is removed. */
export function stateBefore(folders: FabricFolders): FabricState | undefined {
  const state = readState(folders);
  if (state?.stage === 'ready') return state;
  removeNetwork(folders, [folders.logs, folders.run]);
  return undefined;
}

export interface PrepareOptions {
  readonly consortium: Consortium;
  readonly sources: readonly ChaincodeSource[];
  readonly dataDir: string;
  readonly before: FabricState | undefined;
  readonly executeTimeoutMillis: number;
  readonly stopwatch: Stopwatch;
}

/** Chooses ports and writes certificates and configuration, as far as they are not there. */
export async function prepare({
  consortium: whole,
  sources,
  dataDir,
  before,
  executeTimeoutMillis,
  stopwatch,
}: PrepareOptions): Promise<Preparation> {
  const consortium = { ...whole, chaincodes: sources.map(({ settings }) => settings) };
  const line = consortium.fabricLine;
  const folders = fabricFolders(dataDir);
  if (before) refuseOtherNetwork(before, consortium, line);
  const tools = await stopwatch.time('find Fabric', () => findTools(line));
  const ports = await choosePorts(consortium, new Map(Object.entries(before?.ports ?? {})));
  const plan = planNetwork(consortium, dataDir, ports);
  if (before)
    refuseIncompleteState(
      plan,
      before,
      consortium.organizations.map((organization) => organizationPaths(dataDir, organization).root),
    );
  await refuseUsedPorts(ports);
  const fresh = newState(line, tools.peer.version, consortium, ports);
  const state = before ? { ...before, fabricVersion: fresh.fabricVersion, ports: fresh.ports } : fresh;
  try {
    writeState(folders, state);
    await stopwatch.time('certificates', () => writeOrganizations(dataDir, consortium));
    writeNodeFiles(plan, executeTimeoutMillis);
    writePackages(folders, sources);
    await stopwatch.time('chaincode certificates', () => Promise.all(plan.chaincodes.map((node) => writeServiceTls(dataDir, node))));
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw new OperatorError('DISK', `the network's files could not be written: ${reasonOf(error)}`, { cause: error });
  }
  return { consortium, plan, tools, state, isFresh: before === undefined, sources, executeTimeoutMillis };
}

/** For whoever wants to install a package elsewhere with Fabric's own command line. */
function writePackages(folders: FabricFolders, sources: readonly ChaincodeSource[]): void {
  mkdirSync(folders.packages, { recursive: true });
  for (const { chaincodePackage } of sources)
    writeFileSync(join(folders.packages, `${chaincodePackage.label}.tgz`), chaincodePackage.bytes);
}
