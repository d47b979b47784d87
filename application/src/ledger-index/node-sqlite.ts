import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';

/** Presents node:sqlite in the shape that Kysely's own SqliteDialect expects. */
export function nodeSqlite(db: DatabaseSync): SqliteDialect {
  const database: SqliteDatabase = {
    close: () => {
      db.close();
    },
    prepare: (sql: string): SqliteStatement => {
      const statement = db.prepare(sql);
      // Kysely passes only what its typed queries were given; node:sqlite checks each value again
      const bind = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...bind(parameters)),
        run: (parameters) => statement.run(...bind(parameters)),
        iterate: (parameters) => statement.iterate(...bind(parameters)),
      };
    },
  };
  return new SqliteDialect({ database });
}

/**
 * Opens a SQLite file and brings it to `migrations.length` by running the missing ones, each in a transaction of its own.
 * FULL synchronisation: a checkpoint or a journal entry that was reported written survives a loss of power.
 */
export function openDatabase<Tables>(file: string, migrations: readonly string[]): Kysely<Tables> {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  const present = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (present > migrations.length) {
    db.close();
    throw new Error(`the database was written by a newer version (schema ${present}, known ${migrations.length})`);
  }
  migrations.slice(present).forEach((migration, index) => {
    db.exec(`BEGIN; ${migration}; PRAGMA user_version = ${present + index + 1}; COMMIT`);
  });
  return new Kysely<Tables>({ dialect: nodeSqlite(db) });
}
