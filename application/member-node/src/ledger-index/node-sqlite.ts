import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, sql, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { type DatabaseFile, failingWith, sqliteFailure } from './sqlite-failure';

/** Brings a database one version forward: SQL, or what SQL cannot say. It runs inside a transaction. */
export type Migration = string | ((db: DatabaseSync) => void);

/** Only the owner: these files hold sealed keys, and who asked for what. */
const OWNER_ONLY = 0o600;

/** Texts of statements kept prepared: far more than the node has; those with lists come in many lengths. */
const STATEMENTS_KEPT = 500;

/** Presents node:sqlite in the shape that Kysely's own SqliteDialect expects, which runs one statement at a time. */
function nodeSqlite(db: DatabaseSync, place: DatabaseFile): SqliteDialect {
  const kept = new Map<string, SqliteStatement>();
  const database: SqliteDatabase = {
    close: () => {
      kept.clear();
      db.close();
    },
    prepare: (text: string): SqliteStatement => {
      const known = kept.get(text);
      if (known !== undefined) return known;
      if (kept.size >= STATEMENTS_KEPT) kept.clear();
      const statement = prepared(db, place, text);
      kept.set(text, statement);
      return statement;
    },
  };
  return new SqliteDialect({ database });
}

function prepared(db: DatabaseSync, place: DatabaseFile, text: string): SqliteStatement {
  const statement = failingWith(place, () => db.prepare(text));
  // Kysely passes only what its typed queries were given; node:sqlite checks each value again
  const bind = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => failingWith(place, () => statement.all(...bind(parameters))),
    run: (parameters) => failingWith(place, () => statement.run(...bind(parameters))),
    iterate: (parameters) => failingWith(place, () => statement.iterate(...bind(parameters))),
  };
}

/**
 * What a loss of power may take. `every-commit`: nothing that was reported written. `derived`: the last commits, whole ones
 * only; right where content and checkpoint are written together and can be had again, and an fsync less for every block.
 * @remarks Source: sqlite.org/pragma.html#pragma_synchronous, FULL and NORMAL in WAL mode.
 */
export type Durability = 'every-commit' | 'derived';

/**
 * Opens a SQLite file, for its owner alone, and brings it to `migrations.length` by running the missing ones, in one
 * transaction. What is deleted in it is overwritten with zeros (sqlite.org/pragma.html#pragma_secure_delete).
 * @throws {@link DomainError} `DATABASE_UNUSABLE`, `STORAGE_FULL` — details name the file, the cause and what may be done about it.
 */
export function openDatabase<Tables>(
  place: DatabaseFile,
  migrations: readonly Migration[],
  durability: Durability = 'every-commit',
): Kysely<Tables> {
  let db: DatabaseSync | undefined;
  try {
    assertOwnerOnly(place.file);
    db = new DatabaseSync(place.file, { timeout: 5_000 });
    bringForward(db, migrations, durability);
    return new Kysely<Tables>({ dialect: nodeSqlite(db, place) });
  } catch (error) {
    db?.close();
    throw sqliteFailure(error, place);
  }
}

/** Makes the file before SQLite does, which would let everybody read it; SQLite gives its -wal and -shm the mode of the file. */
function assertOwnerOnly(file: string): void {
  if (file === ':memory:') return;
  closeSync(openSync(file, 'a', OWNER_ONLY));
  // those that an earlier version made
  for (const each of [file, `${file}-wal`, `${file}-shm`].filter((path) => existsSync(path))) chmodSync(each, OWNER_ONLY);
}

function bringForward(db: DatabaseSync, migrations: readonly Migration[], durability: Durability): void {
  const synchronous = durability === 'derived' ? 'NORMAL' : 'FULL';
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON`);
  const present = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (present > migrations.length) throw new NewerDatabase(present, migrations.length);
  if (present === migrations.length) return;
  db.exec('BEGIN');
  for (const migration of migrations.slice(present)) {
    if (typeof migration === 'string') db.exec(migration);
    else migration(db);
  }
  db.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`);
  // pages that were freed before anything was overwritten still hold what stood in them
  if (present > 0) db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
}

/** A file of a version that is not known yet. */
export class NewerDatabase extends Error {
  constructor(
    readonly present: number,
    readonly known: number,
  ) {
    super(`the database was written by a newer version (schema ${present}, known ${known})`);
  }
}

/** Brings what was deleted out of the write-ahead log too, which keeps old pages until it is written over. */
export async function forgetDeleted<Tables>(db: Kysely<Tables>): Promise<void> {
  await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db);
}
