import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';

/** Presents node:sqlite in the shape that Kysely's own SqliteDialect expects. */
function nodeSqlite(db: DatabaseSync): SqliteDialect {
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
 * What a loss of power may take. `every-commit`: nothing that was reported written. `derived`: the last commits, whole ones
 * only; right where content and checkpoint are written together and can be had again, and an fsync less for every block.
 * @remarks Source: sqlite.org/pragma.html#pragma_synchronous, FULL and NORMAL in WAL mode.
 */
export type Durability = 'every-commit' | 'derived';

/** Opens a SQLite file and brings it to `migrations.length` by running the missing ones, each in a transaction of its own. */
export function openDatabase<Tables>(file: string, migrations: readonly string[], durability: Durability = 'every-commit'): Kysely<Tables> {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  const synchronous = durability === 'derived' ? 'NORMAL' : 'FULL';
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON`);
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
