import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { askToEnd, folderOwners, type NetworkHoldings, OperatorError, removeSocket } from '@lianyi/network-model';
import { StateDir } from './state-dir';

const STOP_MILLIS = 30_000;
/** What a network of this kind makes in its directory. */
const OWN = [
  'organizations',
  'unfinished',
  'channel',
  'channels',
  'services',
  'chaincodes',
  'packages',
  'logs',
  'amendments.json',
  'network.json',
  'network.lock',
];

/** Has the process that runs the network of a directory end it; answers whether one did. */
export async function stopEmbedded(dataDir: string): Promise<boolean> {
  const holder = StateDir.holder(dataDir);
  if (holder !== undefined && !(await askToEnd(holder, STOP_MILLIS)))
    throw new OperatorError('TIMEOUT', {
      en: `the network (process ${holder.pid}) did not stop within ${STOP_MILLIS} ms`,
      zh: `网络（进程 ${holder.pid}）没有在 ${STOP_MILLIS} 毫秒内停止`,
    });
  removeSocket(dataDir);
  return holder !== undefined;
}

/** What a network has that would be lost with it; `undefined`: the directory holds none. */
export function holdingsOfEmbedded(dataDir: string): NetworkHoldings | undefined {
  if (!StateDir.isAt(dataDir)) return undefined;
  const others = join(dataDir, 'channels');
  return {
    organizations: folderOwners(dataDir).map(({ mspId, domain }) => mspId ?? domain),
    channels: [StateDir.channelAt(dataDir), ...(existsSync(others) ? readdirSync(others) : [])],
    snapshots: [],
    setAside: [],
  };
}

/**
 * Stops the network and removes it: ledgers, certificates, keys, logs. Only what an embedded network made is touched.
 * @throws {@link OperatorError} `NOT_RUNNING` — the directory holds no such network.
 */
export async function downEmbedded(dataDir: string): Promise<void> {
  if (!StateDir.isAt(dataDir))
    throw new OperatorError('NOT_RUNNING', { en: `${dataDir} holds no embedded network`, zh: `${dataDir} 中没有内嵌网络` });
  await stopEmbedded(dataDir);
  for (const name of OWN) rmSync(join(dataDir, name), { recursive: true, force: true });
  if (readdirSync(dataDir).length === 0) rmSync(dataDir, { recursive: true });
}
