import { createHash } from 'node:crypto';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { canonicalJson, DomainError, encodeBase64url, hashOfJson, type Sha256, sha256Schema } from '@lianyi/domain';
import { type DatabaseFile, sqliteFailure } from './sqlite-failure';
import { indexMigrations } from './migrations';
import { type IndexTables } from './tables';

/** What one peer's chain has said, as it stands in the database. */
export interface ChainDigest {
  readonly mspId: string;
  /** How many blocks of it were followed. */
  readonly height: number;
  /** The same at every member's node that has followed the same blocks of whichever peer. */
  readonly chain: Sha256;
}

/** What a node's database holds, at a height of the own chain. */
export interface IndexDigest extends ChainDigest {
  /** Over all of this but {@link others}. */
  readonly digest: Sha256;
  /** What the node has concluded from the own chain, table by table: here two digests that differ show where. */
  readonly judged: Readonly<Record<string, Sha256>>;
  /** Of the chains of other organisations' peers that are followed; they may be some blocks behind. */
  readonly others: readonly ChainDigest[];
}

/** What a peer has said; every other table is what the node has concluded. */
const chainTables: readonly string[] = ['block', 'checkpoint', 'ledger_event', 'ledger_transaction'] satisfies (keyof IndexTables)[];
/** By when a node has read what a peer has said: nothing that it has concluded, and of each node its own. */
const clockTables: readonly string[] = ['block_clock'] satisfies (keyof IndexTables)[];

/**
 * A digest of what an index holds: the same for the same content, in whatever order it was written, wherever it lies in the file.
 *
 * Each row is a line of canonical JSON (RFC 8785), bytes in it base64url; the lines of a table stand in the order of its primary key. A running node
 * goes on writing: one moment is looked at, and its height told.
 *
 * @param file - the database of a node of this version, which may be running
 * @param ownMspId - the organisation whose node it is
 * @throws {@link DomainError} `DATABASE_UNUSABLE` — there is none, it cannot be read, or a node of this version has not opened it yet
 */
export function digestOfIndex(file: string, ownMspId: string): IndexDigest {
  const place: DatabaseFile = { file, content: 'rebuilt' };
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    // a read transaction: all that follows is of one moment (sqlite.org/isolation.html)
    db.exec('BEGIN');
    assertThisVersion(db, file);
    return digestIn(db, ownMspId);
  } catch (error) {
    throw sqliteFailure(error, place);
  } finally {
    db?.close();
  }
}

function digestIn(db: DatabaseSync, ownMspId: string): IndexDigest {
  const chains = db
    .prepare('SELECT source, next_block FROM checkpoint ORDER BY source')
    .all()
    .map((row) => chainOf(db, row));
  const own = chains.find(({ mspId }) => mspId === ownMspId) ?? chainOf(db, { source: ownMspId, next_block: 0 });
  const judged = Object.fromEntries(judgedTables(db).map((table) => [table, digestOfTable(db, table)]));
  const digest = hashOfJson({ t: 'lianyi/index-digest/v1', ...own, judged });
  return { ...own, digest, judged, others: chains.filter(({ mspId }) => mspId !== ownMspId) };
}

function judgedTables(db: DatabaseSync): readonly string[] {
  const rows = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return rows.map(({ name }) => String(name)).filter((name) => ![...chainTables, ...clockTables].includes(name));
}

function chainOf(db: DatabaseSync, { source, next_block: height }: Readonly<Record<string, SQLOutputValue>>): ChainDigest {
  const mspId = String(source);
  const tables = Object.fromEntries(chainTables.map((table) => [table, digestOfTable(db, table, mspId)]));
  return { mspId, height: Number(height), chain: hashOfJson(tables) };
}

/** @param source - whose rows, of a table that has several peers' words; whose they are is not in the digest */
function digestOfTable(db: DatabaseSync, table: string, source?: string): Sha256 {
  const hash = createHash('sha256');
  const where = source === undefined ? '' : 'WHERE source = ?';
  const order = keyColumns(db, table)
    .map((column) => `"${column}"`)
    .join(', ');
  const rows = db.prepare(`SELECT * FROM ${table} ${where} ORDER BY ${order}`).iterate(...(source === undefined ? [] : [source]));
  for (const row of rows) {
    const said = Object.entries(row).filter(([column]) => source === undefined || column !== 'source');
    hash.update(`${canonicalJson(Object.fromEntries(said.map(([column, value]) => [column, plain(value)])))}\n`);
  }
  return sha256Schema.parse(hash.digest('base64url'));
}

function keyColumns(db: DatabaseSync, table: string): readonly string[] {
  const rows = db.prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk').all(table);
  return rows.map(({ name }) => String(name));
}

function plain(value: SQLOutputValue): string | number | null {
  if (value instanceof Uint8Array) return encodeBase64url(value);
  return typeof value === 'bigint' ? value.toString() : value;
}

/** What an earlier version has written may stand in other tables; the node brings it forward when it starts. */
function assertThisVersion(db: DatabaseSync, file: string): void {
  const present = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (present === indexMigrations.length) return;
  const cause = `it is of schema ${present}, and this program reads ${indexMigrations.length}`;
  throw new DomainError('DATABASE_UNUSABLE', undefined, { file, cause, remedy: 'start the node with this version once' });
}
