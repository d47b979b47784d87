import { join } from 'node:path';
import {
  acceptsConnections,
  acceptsTls,
  answersHealthy,
  type HttpsIdentity,
  type LaunchCommand,
  launchOf,
  nodeIdentity,
  organizationPaths,
} from '@lianyi/network-model';
import { CONNECTIONS_VARIABLE } from './external-builder';
import { type ProcessSpec } from './managed-process';
import { serviceTls } from './node-files';
import { type PlannedService, type FabricFolders, type FabricPlan, type PlannedOrderer, type PlannedPeer } from './plan';
import { type FabricTools } from './tools';

/** Time zones and languages of the organisations' chaincode processes: what depends on them shows as a mismatch. */
const LOCALES = [
  { TZ: 'Asia/Shanghai', LANG: 'zh_CN.UTF-8' },
  { TZ: 'America/New_York', LANG: 'tr_TR.UTF-8' },
  { TZ: 'UTC', LANG: 'C' },
] as const;

/** Fabric's own format without its colours. */
const LOG_FORMAT = '%{time:2006-01-02T15:04:05.000Z07:00} %{level} [%{module}] %{shortfunc} %{message}';

function files(folders: FabricFolders, name: string): { readonly logFile: string; readonly pidFile: string } {
  return { logFile: join(folders.logs, `${name}.log`), pidFile: join(folders.run, `${name}.json`) };
}

/** A peer's /healthz says yes before its port listens, so both are asked. */
async function isServing({ ports }: PlannedOrderer | PlannedPeer, identity: HttpsIdentity): Promise<boolean> {
  return (await answersHealthy(ports.operations, identity)) && (await acceptsTls(ports.service, identity));
}

const searchPath = (): { readonly PATH: string } => ({ PATH: process.env['PATH'] ?? '/usr/bin:/bin' });

function fabricEnvironment(folder: string): Readonly<Record<string, string>> {
  return { ...searchPath(), FABRIC_CFG_PATH: folder, FABRIC_LOGGING_SPEC: 'WARNING', FABRIC_LOGGING_FORMAT: LOG_FORMAT };
}

function ordererProcess(plan: FabricPlan, tools: FabricTools, node: PlannedOrderer): ProcessSpec {
  const identity = nodeIdentity(organizationPaths(plan.folders.dataDir, node.organization).node('orderer').tls);
  return {
    name: node.name,
    kind: 'orderer',
    command: tools.orderer.path,
    args: ['start'],
    cwd: node.folder,
    env: fabricEnvironment(node.folder),
    ...files(plan.folders, node.name),
    isReady: () => isServing(node, identity),
  };
}

function peerProcess(plan: FabricPlan, tools: FabricTools, node: PlannedPeer): ProcessSpec {
  const identity = nodeIdentity(organizationPaths(plan.folders.dataDir, node.organization).node('peer', node.index).tls);
  return {
    name: node.name,
    kind: 'peer',
    command: tools.peer.path,
    args: ['node', 'start'],
    cwd: node.folder,
    env: { ...fabricEnvironment(node.folder), [CONNECTIONS_VARIABLE]: node.connectionsFile },
    ...files(plan.folders, node.name),
    isReady: () => isServing(node, identity),
  };
}

interface ChaincodeLaunch {
  readonly folder: string;
  readonly command: LaunchCommand;
  readonly packageId: string;
}

const firstPeersOf = ({ peers }: FabricPlan): readonly PlannedPeer[] => peers.filter(({ index }) => index === 0);

function chaincodeProcess(plan: FabricPlan, node: PlannedService, launch: ChaincodeLaunch): ProcessSpec {
  const tls = serviceTls(plan.folders.dataDir, node);
  const position = firstPeersOf(plan).findIndex((peer) => peer.organization === node.organization);
  const locale = LOCALES[position % LOCALES.length] ?? LOCALES[0];
  const env = {
    ...searchPath(),
    ...locale,
    LC_ALL: locale.LANG,
    CORE_CHAINCODE_ID: launch.packageId,
    CHAINCODE_ID: launch.packageId,
    CORE_CHAINCODE_ADDRESS: `127.0.0.1:${node.port}`,
    CHAINCODE_SERVER_ADDRESS: `127.0.0.1:${node.port}`,
    CORE_PEER_LOCALMSPID: node.organization.mspId,
    CORE_CHAINCODE_TLS_CERT_FILE: tls.certificate,
    CORE_CHAINCODE_TLS_KEY_FILE: tls.key,
    CORE_CHAINCODE_TLS_CLIENT_CACERT_FILE: tls.clientAuthority,
    // WARNING, not `warn`: an unknown word means info, a line per call
    CORE_CHAINCODE_LOGGING_LEVEL: 'WARNING',
    CORE_CHAINCODE_LOGGING_SHIM: 'WARNING',
  };
  const { command, args, environment, isGroup } = launchOf(launch.command, launch.folder, env);
  return {
    name: node.name,
    kind: 'chaincode',
    command,
    args,
    cwd: launch.folder,
    env: environment,
    isGroup,
    ...files(plan.folders, node.name),
    isReady: () => acceptsConnections(node.port),
  };
}

export function fabricProcesses(plan: FabricPlan, tools: FabricTools): readonly ProcessSpec[] {
  return [...plan.orderers.map((node) => ordererProcess(plan, tools, node)), ...plan.peers.map((node) => peerProcess(plan, tools, node))];
}

export function chaincodeProcesses(plan: FabricPlan, launchOf: (node: PlannedService) => ChaincodeLaunch): readonly ProcessSpec[] {
  return plan.chaincodes.map((node) => chaincodeProcess(plan, node, launchOf(node)));
}
