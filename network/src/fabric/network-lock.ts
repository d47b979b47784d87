import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { OperatorError } from '../machine/operator-error';
import { type FabricFolders } from './plan';
import { endProcesses, isSameProcess, type MarkedProcess, markOfProcess } from '../machine/process-mark';

const pidFile = z.object({ name: z.string(), pid: z.int(), mark: z.string() });
export type PidFile = z.infer<typeof pidFile>;
const SUPERVISOR = 'supervisor';
const supervisorFile = (folders: FabricFolders): string => join(folders.run, `${SUPERVISOR}.json`);

function readPidFile(path: string): PidFile | undefined {
  try {
    return pidFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined; // gone, or half written by a process that died: names no process
  }
}

/** The process that runs the network of this folder now, if one does. */
export function runningSupervisor(folders: FabricFolders): MarkedProcess | undefined {
  const file = readPidFile(supervisorFile(folders));
  return file && isSameProcess(file) ? file : undefined;
}

/**
 * Makes this process the only one that runs the network, and ends what a killed predecessor left running.
 * @throws {@link OperatorError} `ALREADY_RUNNING`.
 */
export async function takeNetwork(folders: FabricFolders): Promise<void> {
  const other = runningSupervisor(folders);
  if (other)
    throw new OperatorError(
      'ALREADY_RUNNING',
      `the network in ${folders.dataDir} already runs (process ${other.pid}); stop it first, or use another --dir`,
    );
  await endLeftovers(folders);
  mkdirSync(folders.run, { recursive: true, mode: 0o700 });
  writeFileSync(
    supervisorFile(folders),
    `${JSON.stringify({ name: SUPERVISOR, pid: process.pid, mark: markOfProcess(process.pid) ?? '' })}\n`,
    { mode: 0o600 },
  );
}

export function releaseNetwork(folders: FabricFolders): void {
  rmSync(supervisorFile(folders), { force: true });
}

/** Nodes by their pid files, whether they still run or not. */
export function recordedNodes(folders: FabricFolders): readonly PidFile[] {
  if (!existsSync(folders.run)) return [];
  return readdirSync(folders.run)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readPidFile(join(folders.run, name)))
    .filter((file) => file !== undefined)
    .filter((file) => file.name !== SUPERVISOR);
}

/** Ends nodes that outlived their supervisor and removes their pid files; answers how many there were. */
export async function endLeftovers(folders: FabricFolders): Promise<number> {
  const running = recordedNodes(folders).filter(isSameProcess);
  await endProcesses(running, 5_000);
  rmSync(folders.run, { recursive: true, force: true });
  return running.length;
}
