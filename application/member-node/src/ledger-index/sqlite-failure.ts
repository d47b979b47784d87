import { DomainError } from '@lianyi/domain';

/** What is known of a file when it fails: its path, and what becomes of who deletes it. */
export interface DatabaseFile {
  /** A path, or `:memory:`. */
  readonly file: string;
  /**
   * `rebuilt`: made again from the ledger, where a peer has all of it, but for when this node had each block: by that a recovery is judged (ADR
   * 0046). `kept`: must come back from a backup.
   */
  readonly content: 'rebuilt' | 'kept';
}

/** SQLite's primary result codes (sqlite.org/rescode.html) that say something about the file and not about the statement. */
const causes: Readonly<Record<number, readonly [code: 'STORAGE_FULL' | 'DATABASE_UNUSABLE', cause: string]>> = {
  3: ['DATABASE_UNUSABLE', 'it may not be opened (SQLITE_PERM)'],
  8: ['DATABASE_UNUSABLE', 'it is read-only (SQLITE_READONLY)'],
  10: ['DATABASE_UNUSABLE', 'the disk does not read or write (SQLITE_IOERR)'],
  11: ['DATABASE_UNUSABLE', 'it is damaged (SQLITE_CORRUPT)'],
  13: ['STORAGE_FULL', 'the disk is full (SQLITE_FULL)'],
  14: ['DATABASE_UNUSABLE', 'it cannot be opened (SQLITE_CANTOPEN)'],
  26: ['DATABASE_UNUSABLE', 'it is no SQLite database (SQLITE_NOTADB)'],
};
/** The low byte of an extended result code is the primary one. */
const PRIMARY = 0xff;
/** What the operating system says when a disk or a quota has no room; the file system may say so before SQLite does. */
const noRoom = ['ENOSPC', 'EDQUOT'];

const whatToDo = {
  rebuilt:
    'restore it from a backup; without one it may be deleted with its -wal and -shm where an own peer has every block from block 0 on, which the node then follows anew: when it had each block is lost',
  kept: 'restore it from a backup; it cannot be rebuilt',
} as const;

/** Runs a step on a database; what goes wrong with the file is told with its name. @throws as {@link sqliteFailure}. */
export function failingWith<Result>(place: DatabaseFile, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    throw sqliteFailure(error, place);
  }
}

/** A failure of the file as a refusal that names file, cause and remedy; anything else as it is. */
export function sqliteFailure(error: unknown, { file, content }: DatabaseFile): unknown {
  const found = causeOf(error);
  if (found === undefined) return error;
  const [code, cause] = found;
  const advice = code === 'STORAGE_FULL' ? {} : { remedy: whatToDo[content] };
  return new DomainError(code, undefined, { file, cause, ...advice }, { cause: error });
}

function causeOf(error: unknown): readonly ['STORAGE_FULL' | 'DATABASE_UNUSABLE', string] | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return causes[error.errcode & PRIMARY];
  if (!('code' in error) || typeof error.code !== 'string' || !('syscall' in error)) return undefined;
  return noRoom.includes(error.code) ? ['STORAGE_FULL', `the disk is full (${error.code})`] : ['DATABASE_UNUSABLE', error.code];
}
