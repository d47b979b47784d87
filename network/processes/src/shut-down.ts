import { existsSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { askToEnd, folderOwners, type NetworkHoldings, OperatorError, removeSocket } from '@lianyi/network-model';
import { endLeftovers, releaseNetwork, runningSupervisor, tryTakeNetwork } from './network-lock';
import { type FabricFolders, fabricFolders } from './plan';
import { entries } from './prune/in-use';
import { type FabricState, readState, removeNetwork } from './state-file';

const SUPERVISOR_MILLIS = 30_000;

/** Has the supervisor stop its nodes in order, or ends what a killed one left. Answers whether anything ran. */
export async function stopFabric(dataDir: string): Promise<boolean> {
  const folders = fabricFolders(dataDir);
  const supervisor = runningSupervisor(folders);
  if (supervisor && !(await askToEnd(supervisor, SUPERVISOR_MILLIS)))
    throw new OperatorError('TIMEOUT', {
      en: `the supervisor (process ${supervisor.pid}) did not stop within ${SUPERVISOR_MILLIS} ms`,
      zh: `监管进程（进程 ${supervisor.pid}）没有在 ${SUPERVISOR_MILLIS} 毫秒内停止`,
    });
  const leftovers = await endOrphans(folders);
  return supervisor !== undefined || leftovers > 0;
}

/** What a killed supervisor left; nothing, if somebody has started the network again meanwhile. */
async function endOrphans(folders: FabricFolders): Promise<number> {
  if (!existsSync(folders.root) || !tryTakeNetwork(folders)) return 0;
  try {
    removeSocket(folders.dataDir);
    return await endLeftovers(folders);
  } finally {
    releaseNetwork(folders);
  }
}

/**
 * Stops the network and removes it: ledgers, certificates, keys, logs. Only what a network of real Fabric made is touched.
 * @throws {@link OperatorError} `NOT_RUNNING` — the folder holds no such network.
 */
export async function downFabric(dataDir: string): Promise<void> {
  const folders = fabricFolders(dataDir);
  if (!existsSync(folders.root))
    throw new OperatorError('NOT_RUNNING', { en: `${dataDir} holds no network of real Fabric`, zh: `${dataDir} 中没有真实 Fabric 的网络` });
  const isOurs = existsSync(folders.stateFile);
  await stopFabric(dataDir);
  // without a state file the certificates beside `fabric/` may be another network's
  if (isOurs) removeNetwork(folders);
  else if (!existsSync(folders.snapshots)) rmSync(folders.root, { recursive: true, force: true });
}

/** What a network has that would be lost with it; `undefined`: the directory holds none that ever was ready. */
export function holdingsOfFabric(dataDir: string): NetworkHoldings | undefined {
  const folders = fabricFolders(dataDir);
  if (!existsSync(folders.stateFile)) return undefined;
  const state = readableState(folders);
  if (state?.stage === 'starting') return undefined;
  const nodes = entries(folders.nodes).flatMap(entries);
  return {
    organizations: folderOwners(dataDir).map(({ mspId, domain }) => mspId ?? domain),
    channels: state ? [state.channel, ...state.channels, ...state.closed] : ['all channels'],
    snapshots: entries(folders.snapshots).flatMap(entries),
    setAside: nodes.filter((path) => basename(path).startsWith('data.before-')),
  };
}

/** A file that cannot be read is no reason to ask less. */
function readableState(folders: FabricFolders): FabricState | undefined {
  try {
    return readState(folders);
  } catch {
    return undefined;
  }
}
