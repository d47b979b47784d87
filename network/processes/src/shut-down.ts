import { existsSync, rmSync } from 'node:fs';
import { askToEnd, OperatorError, removeSocket } from '@lianyi/network-model';
import { endLeftovers, releaseNetwork, runningSupervisor, tryTakeNetwork } from './network-lock';
import { type FabricFolders, fabricFolders } from './plan';
import { removeNetwork } from './state-file';

const SUPERVISOR_MILLIS = 30_000;

/** Has the supervisor stop its nodes in order, or ends what a killed one left. Answers whether anything ran. */
export async function stopFabric(dataDir: string): Promise<boolean> {
  const folders = fabricFolders(dataDir);
  const supervisor = runningSupervisor(folders);
  if (supervisor && !(await askToEnd(supervisor, SUPERVISOR_MILLIS)))
    throw new OperatorError('TIMEOUT', `the supervisor (process ${supervisor.pid}) did not stop within ${SUPERVISOR_MILLIS} ms`);
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
  if (!existsSync(folders.root)) throw new OperatorError('NOT_RUNNING', `${dataDir} holds no network of real Fabric`);
  const isOurs = existsSync(folders.stateFile);
  await stopFabric(dataDir);
  // without a state file the certificates beside `fabric/` may be another network's
  if (isOurs) removeNetwork(folders);
  else rmSync(folders.root, { recursive: true, force: true });
}
