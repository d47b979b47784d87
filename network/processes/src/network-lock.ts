import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { endProcesses, isSameProcess, lockHolder, type MarkedProcess, OperatorError, releaseLock, takeLock } from '@lianyi/network-model';
import { type FabricFolders } from './plan';

const pidFile = z.object({ name: z.string(), pid: z.int(), mark: z.string() });
type PidFile = z.infer<typeof pidFile>;
const supervisorFile = (folders: FabricFolders): string => join(folders.run, 'supervisor.json');

function readPidFile(path: string): PidFile | undefined {
  try {
    return pidFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined; // gone, or half written by a process that died: names no process
  }
}

/** The process that runs the network of this folder now, if one does. */
export function runningSupervisor(folders: FabricFolders): MarkedProcess | undefined {
  return lockHolder(supervisorFile(folders));
}

/** Keeps every other process from running the network; answers whether it could. Whoever takes it releases it. */
export function tryTakeNetwork(folders: FabricFolders): boolean {
  mkdirSync(folders.run, { recursive: true, mode: 0o700 });
  return takeLock(supervisorFile(folders));
}

/**
 * Makes this process the only one that runs the network, and ends what a killed predecessor left running.
 * @throws {@link OperatorError} `ALREADY_RUNNING`.
 */
export async function takeNetwork(folders: FabricFolders): Promise<void> {
  if (!tryTakeNetwork(folders)) {
    const pid = runningSupervisor(folders)?.pid;
    throw new OperatorError('ALREADY_RUNNING', {
      en: `the network in ${folders.dataDir} already runs${pid === undefined ? '' : ` (process ${pid})`}; stop it first, or use another --dir`,
      zh: `${folders.dataDir} 中的网络已在运行${pid === undefined ? '' : `（进程 ${pid}）`}；请先停止它，或另选 --dir`,
    });
  }
  await endLeftovers(folders);
}

export function releaseNetwork(folders: FabricFolders): void {
  releaseLock(supervisorFile(folders));
}

/** What is in `run` beside the lock: the pid files. */
export function runFiles(folders: FabricFolders): readonly string[] {
  if (!existsSync(folders.run)) return [];
  return readdirSync(folders.run)
    .map((name) => join(folders.run, name))
    .filter((path) => path !== supervisorFile(folders));
}

/** Nodes by their pid files, whether they still run or not. */
export function recordedNodes(folders: FabricFolders): readonly PidFile[] {
  return runFiles(folders)
    .filter((path) => path.endsWith('.json'))
    .map(readPidFile)
    .filter((file) => file !== undefined);
}

/** For whoever holds the lock: ends nodes that outlived their supervisor and removes their pid files; answers how many there were. */
export async function endLeftovers(folders: FabricFolders): Promise<number> {
  const running = recordedNodes(folders).filter(isSameProcess);
  await endProcesses(running, 5_000);
  for (const path of runFiles(folders)) rmSync(path, { recursive: true, force: true });
  return running.length;
}
