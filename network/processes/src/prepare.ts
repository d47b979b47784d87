import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  allDone,
  type ChaincodeSource,
  type Consortium,
  OperatorError,
  organizationPaths,
  systemCode,
  sentenceOf,
} from '@lianyi/network-model';
import { AuthorityServers, issueCertificates } from './authority-servers';
import { choosePorts, refuseUsedPorts } from './choose-ports';
import { writeNodeFiles } from './node-files';
import { type FabricFolders, type FabricPlan, planNetwork, type PortMap } from './plan';
import { type FabricState, newState, readState, refuseIncompleteState, refuseOtherNetwork, removeNetwork, writeState } from './state-file';
import { type Stopwatch } from './stopwatch';
import { type Supervisor, type SupervisorEvent } from './supervisor';
import { type FabricTools, findTools } from './tools';

/** Everything on disk that the nodes need, and what was found there. */
export interface PreparedNetwork {
  /** Only the chaincodes that are started. */
  readonly consortium: Consortium;
  readonly plan: FabricPlan;
  readonly tools: FabricTools;
  /** Absent where certificates are issued in-process. */
  readonly authorityServers: AuthorityServers | undefined;
  readonly state: FabricState;
  readonly isFresh: boolean;
  readonly sources: readonly ChaincodeSource[];
  readonly executeTimeoutMillis: number;
}

/** @throws {@link OperatorError} `STATE_MISMATCH` — the folder holds something that is not a network of this kind. */
export function refuseForeignFolder(folders: FabricFolders): void {
  if (existsSync(folders.stateFile) || !existsSync(folders.dataDir)) return;
  const foreign = readdirSync(folders.dataDir).find((name) => join(folders.dataDir, name) !== folders.root);
  if (foreign === undefined) return;
  throw new OperatorError('STATE_MISMATCH', {
    en: `${folders.dataDir} holds something else than a network of real Fabric (${foreign}); use another --dir`,
    zh: `${folders.dataDir} 中有不属于真实 Fabric 网络的内容（${foreign}）；请另选 --dir`,
  });
}

/** State of a network that was ready once. What an interrupted first start left is removed. */
export function stateBefore(folders: FabricFolders): FabricState | undefined {
  const state = readState(folders);
  if (state?.stage === 'ready') return state;
  removeNetwork(folders, [folders.logs, folders.run]);
  return undefined;
}

interface PrepareOptions {
  readonly consortium: Consortium;
  readonly sources: readonly ChaincodeSource[];
  readonly dataDir: string;
  readonly before: FabricState | undefined;
  readonly executeTimeoutMillis: number;
  readonly stopwatch: Stopwatch;
  readonly supervisor: Supervisor;
  readonly report: (event: SupervisorEvent) => void;
}

/** Chooses ports and writes certificates and configuration, as far as they are not there. */
export async function prepare(options: PrepareOptions): Promise<PreparedNetwork> {
  const { sources, dataDir, before, executeTimeoutMillis, stopwatch } = options;
  const consortium = settled(options);
  const line = consortium.fabricLine;
  if (before) refuseOtherNetwork(before, consortium, line);
  const authorityServers = consortium.certificates === 'fabric-ca' ? AuthorityServers.find(options) : undefined;
  const tools = await stopwatch.time('find Fabric', () => findTools(line));
  const ports = await choosePorts(consortium, new Map(Object.entries(before?.ports ?? {})));
  const plan = planNetwork(consortium, dataDir, ports);
  if (before)
    refuseIncompleteState(
      plan,
      before,
      consortium.organizations.map((organization) => organizationPaths(dataDir, organization).root),
    );
  await refuseUsedPorts(before ? portsOfNodes(plan, ports) : ports);
  const fresh = newState(line, tools.peer.version, consortium, ports);
  const state = before ? { ...before, fabricVersion: fresh.fabricVersion, ports: fresh.ports } : fresh;
  const preparation = { consortium, plan, tools, authorityServers, state, isFresh: before === undefined, sources, executeTimeoutMillis };
  await writeEverything(preparation, stopwatch);
  return preparation;
}

/** What the file leaves open is as it was when the network was made. */
function settled({ consortium, sources, before }: PrepareOptions): Consortium {
  const certificates = consortium.certificates ?? before?.certificates ?? 'in-process';
  return { ...consortium, certificates, chaincodes: sources.map(({ settings }) => settings) };
}

/** A network that is whole starts without its CA servers, whatever has taken their ports. */
function portsOfNodes({ authorities }: FabricPlan, ports: PortMap): PortMap {
  return new Map([...ports].filter(([name]) => !authorities.some((node) => node.name === name)));
}

async function writeEverything(preparation: PreparedNetwork, stopwatch: Stopwatch): Promise<void> {
  const { plan, authorityServers, state, sources, executeTimeoutMillis } = preparation;
  try {
    writeState(plan.folders, state);
    await allDone([
      ...(authorityServers ? [stopwatch.time('certificate authorities', () => authorityServers.startNeeded(plan))] : []),
      // an organisation's begin as soon as its own authorities are there
      stopwatch.time('certificates', () => issueCertificates(plan, authorityServers)),
    ]);
    writeNodeFiles(plan, executeTimeoutMillis);
    writePackages(plan.folders, sources);
  } catch (error) {
    if (error instanceof OperatorError || systemCode(error) === undefined) throw error;
    throw new OperatorError(
      'DISK',
      { en: `the network's files could not be written: ${sentenceOf(error).en}`, zh: `网络的文件无法写入：${sentenceOf(error).zh}` },
      { cause: error },
    );
  }
}

/** For whoever wants to install a package elsewhere with Fabric's own command line. */
function writePackages(folders: FabricFolders, sources: readonly ChaincodeSource[]): void {
  mkdirSync(folders.packages, { recursive: true });
  for (const { chaincodePackage } of sources)
    writeFileSync(join(folders.packages, `${chaincodePackage.label}.tgz`), chaincodePackage.bytes);
}
