import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError } from '@lianyi/domain';

/** The causes by which an operating system says that there is no room: disk, quota, file size limit. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Turns "no room" into its code; every other fault passes as it is. */
export function asStorageFault(error: unknown): unknown {
  const isNoRoom = error instanceof Error && 'code' in error && typeof error.code === 'string' && NO_ROOM.has(error.code);
  return isNoRoom ? new DomainError('STORAGE_FULL', 'no room to store the object', {}, { cause: error }) : error;
}

/** Makes a rename or a new file in a directory survive a loss of power. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows opens no directories, and its rename is durable by itself
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/**
 * Replaces a small file as a whole: a crash leaves the old content or the new, never a part (security.md §5.1).
 *
 * The file is readable by its owner only.
 * @throws {@link DomainError} `STORAGE_FULL` — the old content is still there.
 */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.part`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw asStorageFault(error);
  }
  await syncDirectory(dirname(path));
}
