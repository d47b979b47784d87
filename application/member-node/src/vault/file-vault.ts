import { createHash, randomBytes } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import { join } from 'node:path';
import { type ByteSource, cutEvenly } from '@lianyi/client';
import { asStorageFault, hasCode, syncDirectory } from '@lianyi/client/node';
import { DomainError, encodeBase64url, type Sha256, sha256Schema } from '@lianyi/domain';
import { type ObjectStore, type PutOptions, type ReadableObject, type StoredObject } from './object-store';

/** The file system as the vault uses it; tests put one in between that fails on purpose. */
export type FileOperations = Pick<typeof nodeFiles, 'mkdir' | 'open' | 'readdir' | 'rename' | 'rm' | 'stat'>;

const READ_BYTES = 64 * 1024;
const OWNER_DIRECTORY = 0o700;
const OWNER_FILE = 0o600;
/** The temporary files of this process, so that a sweep takes only what nobody is writing. */
const beingWritten = new Set<string>();

/**
 * Keeps sealed objects as files named by their hash.
 *
 * `<directory>/objects/<first two hex digits>/<64 hex digits>`; an object appears by one rename after its bytes are on the
 * disk, so every name in `objects` is a whole object, whenever the machine stopped. Hex, because base64url differs by case
 * and some file systems do not.
 */
export class FileVault implements ObjectStore {
  private constructor(
    private readonly directory: string,
    private readonly files: FileOperations,
  ) {}

  /** Opens or makes a vault and removes what interrupted writers left behind. */
  static async open(directory: string, files: FileOperations = nodeFiles): Promise<FileVault> {
    const vault = new FileVault(directory, files);
    await files.mkdir(vault.#temporaryDirectory, { recursive: true, mode: OWNER_DIRECTORY });
    await files.mkdir(vault.#objectDirectory, { recursive: true, mode: OWNER_DIRECTORY });
    await vault.#sweep();
    return vault;
  }

  async put(source: ByteSource, options: PutOptions = {}): Promise<StoredObject> {
    const name = `${process.pid}-${randomBytes(8).toString('hex')}.part`;
    const temporary = join(this.#temporaryDirectory, name);
    beingWritten.add(name);
    try {
      const stored = await this.#writeTemporary(temporary, source, options);
      const path = this.#pathOf(stored.sha256);
      await this.files.mkdir(join(path, '..'), { recursive: true, mode: OWNER_DIRECTORY });
      await this.files.rename(temporary, path);
      await syncDirectory(join(path, '..'));
      await syncDirectory(this.#objectDirectory);
      return stored;
    } catch (error) {
      await this.files.rm(temporary, { force: true });
      throw asStorageFault(error);
    } finally {
      beingWritten.delete(name);
    }
  }

  async get(sha256: Sha256): Promise<ReadableObject> {
    const file = await this.files.open(this.#pathOf(sha256), 'r').catch((error: unknown) => {
      throw hasCode(error, 'ENOENT')
        ? new DomainError('NOT_FOUND', 'the vault does not hold this object', { objectSha256: sha256 })
        : error;
    });
    return readable(file, sha256);
  }

  async spool(source: ByteSource, options: PutOptions): Promise<ReadableObject> {
    const name = `${process.pid}-${randomBytes(8).toString('hex')}.part`;
    const temporary = join(this.#temporaryDirectory, name);
    beingWritten.add(name);
    try {
      const { sha256 } = await this.#writeTemporary(temporary, source, options);
      return await readable(await this.files.open(temporary, 'r'), sha256);
    } catch (error) {
      throw asStorageFault(error);
    } finally {
      // the open file stays until it is closed
      await this.files.rm(temporary, { force: true });
      beingWritten.delete(name);
    }
  }

  async has(sha256: Sha256): Promise<boolean> {
    return (await this.#sizeOf(this.#pathOf(sha256))) !== undefined;
  }

  async delete(sha256: Sha256): Promise<boolean> {
    const path = this.#pathOf(sha256);
    if ((await this.#sizeOf(path)) === undefined) return false;
    await this.files.rm(path, { force: true });
    await syncDirectory(join(path, '..'));
    return true;
  }

  async *list(): AsyncGenerator<Sha256, void, undefined> {
    for (const group of (await this.files.readdir(this.#objectDirectory)).sort()) {
      for (const name of (await this.files.readdir(join(this.#objectDirectory, group))).sort()) {
        yield sha256Schema.parse(encodeBase64url(Buffer.from(name, 'hex')));
      }
    }
  }

  /** Removes temporary files whose writer is gone; a writer that lives, here or in another process, is left alone. */
  async #sweep(): Promise<void> {
    for (const name of await this.files.readdir(this.#temporaryDirectory)) {
      const pid = Number(name.split('-')[0]);
      const isAlive = pid === process.pid ? beingWritten.has(name) : isRunning(pid);
      if (!isAlive) await this.files.rm(join(this.#temporaryDirectory, name), { force: true });
    }
  }

  async #writeTemporary(path: string, source: ByteSource, options: PutOptions): Promise<StoredObject> {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const file = await this.files.open(path, 'wx', OWNER_FILE);
    try {
      for await (const { bytes } of cutEvenly(source, READ_BYTES)) {
        sizeBytes += bytes.length;
        if (options.maxBytes !== undefined && sizeBytes > options.maxBytes) {
          throw new DomainError('OBJECT_TOO_LARGE', `the object has more than ${options.maxBytes} bytes`);
        }
        hash.update(bytes);
        await file.writeFile(bytes);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const sha256 = sha256Schema.parse(encodeBase64url(hash.digest()));
    if (options.expectedSha256 !== undefined && options.expectedSha256 !== sha256) {
      throw new DomainError('HASH_MISMATCH', 'the bytes are not those the hash names', { objectSha256: options.expectedSha256 });
    }
    return { sha256, sizeBytes };
  }

  #pathOf(sha256: Sha256): string {
    const name = Buffer.from(sha256, 'base64url').toString('hex');
    return join(this.#objectDirectory, name.slice(0, 2), name);
  }

  async #sizeOf(path: string): Promise<number | undefined> {
    try {
      return (await this.files.stat(path)).size;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  get #objectDirectory(): string {
    return join(this.directory, 'objects');
  }

  get #temporaryDirectory(): string {
    return join(this.directory, 'tmp');
  }
}

/** Hashes an open file from its first byte to its last, then gives it out: what is read later comes from the same open file. */
async function readable(file: nodeFiles.FileHandle, sha256: Sha256): Promise<ReadableObject> {
  const close = (): Promise<void> => file.close();
  try {
    // one buffer for all of it: whoever asks again and again leaves nothing to be collected
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    let sizeBytes = 0;
    for await (const piece of verified(file, sha256, () => buffer)) sizeBytes += piece.length;
    return {
      sha256,
      sizeBytes,
      bytes: closing(
        verified(file, sha256, () => Buffer.allocUnsafe(READ_BYTES)),
        close,
      ),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* closing(pieces: AsyncIterable<Buffer>, close: () => Promise<void>): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* pieces;
  } finally {
    await close();
  }
}

async function* verified(file: nodeFiles.FileHandle, sha256: Sha256, nextBuffer: () => Buffer): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256');
  for (let position = 0; ;) {
    const { bytesRead, buffer } = await file.read(nextBuffer(), 0, READ_BYTES, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    yield piece;
  }
  if (encodeBase64url(hash.digest()) !== sha256) {
    throw new DomainError('HASH_MISMATCH', 'the stored object was changed', { objectSha256: sha256 });
  }
}

function isRunning(pid: number): boolean {
  try {
    return Number.isSafeInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else
    return hasCode(error, 'EPERM');
  }
}
