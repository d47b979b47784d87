import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { systemCode } from './operator-error';
import { isSameProcess, type MarkedProcess, markOfProcess } from './process-mark';

const lockFile = z.object({ pid: z.int(), mark: z.string() });

/** The process that holds the lock, if one does. */
export function lockHolder(path: string): MarkedProcess | undefined {
  try {
    const holder = lockFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    return isSameProcess(holder) ? holder : undefined;
  } catch {
    return undefined; // no lock, or one left half-written by a process that ended
  }
}

/** Makes this process the only one that holds the lock; answers whether it could. One whose process is gone is taken over. */
export function takeLock(path: string): boolean {
  // written whole and then linked, so that nobody ever reads half a lock
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, mark: markOfProcess(process.pid) ?? '' }), { mode: 0o600 });
  try {
    if (tryLink(draft, path)) return true;
    return lockHolder(path) === undefined && putAside(path, `${draft}.old`) && tryLink(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

export function releaseLock(path: string): void {
  rmSync(path, { force: true });
}

/** Removes a dead lock; answers whether it was one. Of two that want it, the later one may move what the first has just linked. */
function putAside(path: string, aside: string): boolean {
  try {
    renameSync(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return true;
    throw error;
  }
  const isDead = lockHolder(aside) === undefined;
  if (!isDead) tryLink(aside, path);
  rmSync(aside, { force: true });
  return isDead;
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}
