import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as sqlite from 'node:sqlite';
import { DomainError } from '@lianyi/domain';
import { hasCode } from './durable-write';

const PATIENCE_MILLISECONDS = 10_000;
const PAUSE_MILLISECONDS = 20;
/** How long a command waits for those before it: as long as one of them may take to be refused, and some. */
const TURN_MILLISECONDS = 300_000;

/**
 * Runs something while no other program, and no other caller here, holds the same lock file.
 *
 * The lock is SQLite's exclusive transaction: the operating system drops it when its holder dies, so there is no stale lock
 * to guess about. It does not hold on network file systems that do not lock; a wallet belongs on a local disk.
 * @throws {@link DomainError} `WALLET_BUSY` — not free within ten seconds · `RUNTIME_TOO_OLD`
 */
export async function withLock<Result>(lockPath: string, action: () => Promise<Result>, patience = PATIENCE_MILLISECONDS): Promise<Result> {
  const { DatabaseSync } = sqliteOfRuntime();
  makeOwnerOnly(lockPath);
  const database = await acquire(() => new DatabaseSync(lockPath), Date.now() + patience);
  try {
    return await action();
  } finally {
    database.close();
  }
}

/**
 * Runs something while no other program has a command of the same wallet on its way.
 * @param walletFile - of the wallet, or where one is to be
 * @throws as {@link withLock}, but `WALLET_BUSY` after five minutes
 */
export function inTurnOf<Result>(walletFile: string, action: () => Promise<Result>): Promise<Result> {
  return withLock(`${walletFile}.turn`, action, TURN_MILLISECONDS);
}

/**
 * The SQLite of this Node.js. It is asked for here and not imported, so that whoever needs no wallet can load this package without it.
 * @throws {@link DomainError} `RUNTIME_TOO_OLD` — it has none: older than 22.13; details: needs, runs
 */
export function sqliteOfRuntime(): typeof sqlite {
  const found = process.getBuiltinModule('node:sqlite');
  // the types know the newest Node.js only
  if ((found as typeof sqlite | undefined) !== undefined) return found;
  throw new DomainError('RUNTIME_TOO_OLD', undefined, { needs: '22.13', runs: process.versions.node });
}

/**
 * Makes the lock's file one that only its owner can open: whoever can read it can hold a shared lock on it for ever.
 *
 * A file that is there is not opened for it: closing it again would drop every lock that this process holds on it (POSIX, fcntl). For
 * the same reason nothing else may run between opening and closing the new one.
 * @throws {@link DomainError} `KEY_FILE_UNUSABLE` — it can be neither made nor changed: another user's
 */
function makeOwnerOnly(lockPath: string): void {
  try {
    if (!existsSync(lockPath)) closeSync(openSync(lockPath, 'wx', 0o600));
    // Windows has no such modes
    else if (process.platform !== 'win32' && (statSync(lockPath).mode & 0o077) !== 0) chmodSync(lockPath, 0o600);
  } catch (cause) {
    // another program has just made it, with the same mode
    if (!hasCode(cause, 'EEXIST')) throw new DomainError('KEY_FILE_UNUSABLE', 'the wallet’s lock file', { path: lockPath }, { cause });
  }
}

async function acquire(open: () => sqlite.DatabaseSync, deadline: number): Promise<sqlite.DatabaseSync> {
  for (;;) {
    const database = open();
    try {
      database.exec('BEGIN EXCLUSIVE');
      return database;
    } catch (error) {
      database.close();
      if (!isLocked(error)) throw error;
      if (Date.now() >= deadline) throw new DomainError('WALLET_BUSY', 'another program is using the wallet', {}, { cause: error });
    }
    await sleep(PAUSE_MILLISECONDS);
  }
}

/** SQLITE_BUSY (5) and SQLITE_LOCKED (6) with their extended codes. */
function isLocked(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    [5, 6].includes(error.errcode & 0xff)
  );
}
