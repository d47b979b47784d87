import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';

/** Raised whenever the tables change: a data directory of another version is refused, never guessed at. */
const SCHEMA_VERSION = 1;

/** `msp` names the peer that holds private data (ports.ts holderOf). Keys are BLOBs, so that SQLite compares them byte by byte as Fabric's LevelDB does. */
const SCHEMA = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE block (number INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL) STRICT;
CREATE TABLE tx (id TEXT PRIMARY KEY, block INTEGER NOT NULL, position INTEGER NOT NULL, code INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE state (
  namespace TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, metadata BLOB, block INTEGER NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY (namespace, key)) STRICT, WITHOUT ROWID;
CREATE TABLE hash (
  namespace TEXT NOT NULL, collection TEXT NOT NULL, key_hash BLOB NOT NULL, value_hash BLOB NOT NULL, metadata BLOB,
  block INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (namespace, collection, key_hash)) STRICT, WITHOUT ROWID;
CREATE TABLE history (
  namespace TEXT NOT NULL, key BLOB NOT NULL, block INTEGER NOT NULL, position INTEGER NOT NULL, tx_id TEXT NOT NULL, value BLOB NOT NULL,
  timestamp_millis INTEGER NOT NULL, is_delete INTEGER NOT NULL, PRIMARY KEY (namespace, key, block, position)) STRICT, WITHOUT ROWID;
CREATE TABLE private (
  msp TEXT NOT NULL, namespace TEXT NOT NULL, collection TEXT NOT NULL, key BLOB NOT NULL, key_hash BLOB NOT NULL, value BLOB NOT NULL,
  block INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (msp, namespace, collection, key)) STRICT, WITHOUT ROWID;
CREATE INDEX private_by_hash ON private (namespace, collection, key_hash);
CREATE TABLE private_write (
  block INTEGER NOT NULL, position INTEGER NOT NULL, msp TEXT NOT NULL, namespace TEXT NOT NULL, collection TEXT NOT NULL,
  rwset BLOB NOT NULL, PRIMARY KEY (block, position, msp, namespace, collection)) STRICT, WITHOUT ROWID;
CREATE INDEX private_write_by_collection ON private_write (namespace, collection);
CREATE TABLE expiry (
  at_block INTEGER NOT NULL, namespace TEXT NOT NULL, collection TEXT NOT NULL, key_hash BLOB NOT NULL, written_block INTEGER NOT NULL,
  PRIMARY KEY (at_block, namespace, collection, key_hash, written_block)) STRICT, WITHOUT ROWID;
CREATE TABLE staged (
  tx_id TEXT NOT NULL, msp TEXT NOT NULL, namespace TEXT NOT NULL, collection TEXT NOT NULL, rwset BLOB NOT NULL, height INTEGER NOT NULL,
  PRIMARY KEY (tx_id, msp, namespace, collection)) STRICT, WITHOUT ROWID;
CREATE TABLE pending (sequence INTEGER PRIMARY KEY AUTOINCREMENT, envelope BLOB NOT NULL) STRICT;
PRAGMA user_version = ${String(SCHEMA_VERSION)};
`;

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** A column that the schema says is a BLOB. */
export function blob(row: Row, column: string): Buffer {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new Error(`the ledger database is damaged: ${column} is not bytes`);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

export function optionalBlob(row: Row, column: string): Buffer | undefined {
  return row[column] === null ? undefined : blob(row, column);
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`the ledger database is damaged: ${column} is not a number`);
  return value;
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`the ledger database is damaged: ${column} is not text`);
  return value;
}

/** A prepared statement whose rows are plain records. */
export interface Statement {
  get(...parameters: SQLInputValue[]): Row | undefined;
  all(...parameters: SQLInputValue[]): readonly Row[];
  run(...parameters: SQLInputValue[]): void;
}

/** The channel's SQLite file. */
export class LedgerDatabase {
  readonly #database: DatabaseSync;

  /** `dir` is created for its owner only: it holds private data. */
  constructor(dir: string) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.#database = new DatabaseSync(join(dir, 'channel.sqlite'));
    // WAL with NORMAL keeps every committed transaction when this process dies at any point
    this.#database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA locking_mode = EXCLUSIVE',
    );
    const version = integer(this.prepare('PRAGMA user_version').get() ?? {}, 'user_version');
    if (version === 0)
      this.transaction(() => {
        this.#database.exec(SCHEMA);
      });
    else if (version !== SCHEMA_VERSION) {
      this.#database.close();
      throw new Error(
        `${dir} was written by another version of this program (schema ${String(version)}, this one reads ${String(SCHEMA_VERSION)})`,
      );
    }
  }

  prepare(sql: string): Statement {
    const statement = this.#database.prepare(sql);
    return {
      get: (...parameters) => statement.get(...parameters),
      all: (...parameters) => statement.all(...parameters),
      run: (...parameters) => {
        statement.run(...parameters);
      },
    };
  }

  /** All of `work` or nothing. */
  transaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (fault) {
      this.#database.exec('ROLLBACK');
      throw fault;
    }
  }

  close(): void {
    this.#database.close();
  }
}
