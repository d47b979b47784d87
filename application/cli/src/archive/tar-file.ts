import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { archiveBroken } from '@lianyi/client/archive';
import { extract, type Header, pack } from 'tar-stream';
import { CliProblem } from '../cli-problem';

/** A document has 32 MiB at most, a long life's audit less. */
const MOST_BYTES_OF_FILE = 256 * 1024 * 1024;
const MOST_BYTES = 16 * 1024 * 1024 * 1024;

export interface ArchivedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes files into a new tar of mode 0600, one after another as they come: the same files, the same bytes, whoever packs them and when. What fails leaves no
 * file behind.
 * @throws CliProblem `FILE_EXISTS`, `FILE_UNREADABLE`; what `files` throws
 */
export async function writeTar(file: string, files: AsyncIterable<ArchivedBytes>): Promise<void> {
  const tar = pack();
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  const written = pipeline(tar, target).catch((cause: unknown) => {
    throw isThere(cause) ? new CliProblem('FILE_EXISTS', file, { cause }) : new CliProblem('FILE_UNREADABLE', file, { cause });
  });
  // it may fail while the next file is still on its way
  written.catch(() => undefined);
  try {
    for await (const { name, bytes } of files) await Promise.race([written, added(tar, name, bytes)]);
  } catch (error) {
    tar.destroy();
    const failed = await written.then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (!isOfTakenName(failed)) await rm(file, { force: true });
    throw error;
  }
  tar.finalize();
  await written;
}

/** No time, no owner: nothing but the file. */
function added(tar: ReturnType<typeof pack>, name: string, bytes: Uint8Array): Promise<void> {
  const header = { name, size: bytes.length, mode: 0o600, mtime: new Date(0), uid: 0, gid: 0, type: 'file' } as const;
  return new Promise((resolve, reject) => {
    tar.entry(header, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/**
 * The files of a tar in the order in which they stand, one in memory at a time.
 * @throws DomainError `ARCHIVE_BROKEN` — it is no tar, is cut off, or holds something else than files; CliProblem `FILE_UNREADABLE`
 */
export async function* filesOfTar(file: string): AsyncGenerator<ArchivedBytes, void, undefined> {
  const reading = extract();
  const source = createReadStream(file);
  const fed = pipeline(source, reading).catch((cause: unknown) => cause);
  let total = 0;
  let last = file;
  try {
    for await (const entry of reading) {
      const { name, size } = headerOf(entry.header);
      last = name;
      total += size;
      if (total > MOST_BYTES) throw archiveBroken(name, 'too-large');
      const pieces: Uint8Array[] = [];
      for await (const piece of entry) pieces.push(piece as Uint8Array); // a stream of bytes
      yield { name, bytes: Buffer.concat(pieces) };
    }
  } catch (cause) {
    source.destroy();
    reading.destroy();
    await fed;
    throw faultOf(cause, file, last);
  }
}

function headerOf({ name, size, type }: Header): { readonly name: string; readonly size: number } {
  if (type !== 'file') throw archiveBroken(name.slice(0, 100), 'not-a-file');
  if (size > MOST_BYTES_OF_FILE) throw archiveBroken(name.slice(0, 100), 'too-large');
  return { name, size };
}

function faultOf(cause: unknown, file: string, last: string): unknown {
  if (!(cause instanceof Error)) return cause;
  if ('syscall' in cause) return new CliProblem('FILE_UNREADABLE', file, { cause });
  const isOfTar = /tar header|Unexpected end|checksum|Size mismatch|premature/i.test(cause.message);
  return isOfTar ? archiveBroken(last, 'not-a-tar', cause) : cause;
}

function isThere(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
}

function isOfTakenName(problem: unknown): boolean {
  return problem instanceof CliProblem && problem.code === 'FILE_EXISTS';
}
