import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError } from '@lianyi/domain';

/** How an operating system says that there is no room: disk, quota, file size limit. */
const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** Turns "no room" into its code; every other fault passes as it is. */
export function asStorageFault(error: unknown): unknown {
  return NO_ROOM.some((code) => hasCode(error, code))
    ? new DomainError('STORAGE_FULL', 'no room to store the object', {}, { cause: error })
    : error;
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
 * Replaces a small file as a whole: a crash leaves the old content or the new, never a part.
 *
 * The file is readable by its owner only.
 * @throws {@link DomainError} `STORAGE_FULL` — the old content is still there.
 */
export function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  return publish(path, content, rename);
}

/**
 * Writes a small file that must not be there yet, whole or not at all.
 *
 * @throws {@link DomainError} `ALREADY_EXISTS` — something of that name is there and stays as it is · `STORAGE_FULL`
 */
export function createDurably(path: string, content: string | Uint8Array): Promise<void> {
  return publish(path, content, async (temporary) => {
    // a link fails where a rename would overwrite
    await link(temporary, path).catch((error: unknown) => {
      throw hasCode(error, 'EEXIST') ? new DomainError('ALREADY_EXISTS', 'the file is there already', { path }, { cause: error }) : error;
    });
    await rm(temporary);
  });
}

async function publish(
  path: string,
  content: string | Uint8Array,
  step: (temporary: string, path: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.part`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await step(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw asStorageFault(error);
  }
  await syncDirectory(dirname(path));
}

/** Tells a fault of the operating system by its code. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
