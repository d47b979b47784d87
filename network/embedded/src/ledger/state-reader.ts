import { decodeMetadata } from '@lianyi/fabric-protocol';
import { type CommittedState, type HistoryEntry, type KeyedValue, type Version, type VersionedValue } from './committed-state';
import { blob, integer, type LedgerDatabase, optionalBlob, type Row, type Statement, text } from './database';

/** Rows fetched at once: an iterator must survive other reads, so it holds no open statement. */
const PAGE = 250;

/** What validation asks of the committed state beyond {@link CommittedState}. */
export interface LedgerState extends CommittedState {
  /** Marshalled metadata of a public key, `collection` empty, or of a private key's hash. */
  getRawMetadata(namespace: string, collection: string, key: string | Buffer): Buffer | undefined;
}

function versioned(row: Row | undefined, column: string): VersionedValue | undefined {
  return row && { value: blob(row, column), version: versionOf(row) };
}

function versionOf(row: Row): Version {
  return { blockNumber: integer(row, 'block'), txIndex: integer(row, 'position') };
}

function entryOf(row: Row): KeyedValue {
  return { key: blob(row, 'key').toString(), value: blob(row, 'value'), version: versionOf(row) };
}

/** Pages through a range of keys; `from` is inclusive on the first page and exclusive after it. */
function* pages(
  first: (from: Buffer) => readonly Row[],
  next: (after: Buffer) => readonly Row[],
  startKey: string,
): IterableIterator<KeyedValue> {
  let rows = first(Buffer.from(startKey));
  while (rows.length > 0) {
    for (const row of rows) yield entryOf(row);
    const last = rows.at(-1);
    rows = last && rows.length === PAGE ? next(blob(last, 'key')) : [];
  }
}

export class SqliteState implements LedgerState {
  readonly #statements: StateStatements;

  constructor(
    database: LedgerDatabase,
    private readonly currentHeight: () => number,
  ) {
    this.#statements = prepareStatements(database);
  }

  get height(): number {
    return this.currentHeight();
  }

  getState(namespace: string, key: string): VersionedValue | undefined {
    return versioned(this.#statements.state.get(namespace, Buffer.from(key)), 'value');
  }

  getStateMetadata(namespace: string, key: string): ReadonlyMap<string, Buffer> | undefined {
    const metadata = this.getRawMetadata(namespace, '', key);
    return metadata && decodeMetadata(metadata);
  }

  getRawMetadata(namespace: string, collection: string, key: string | Buffer): Buffer | undefined {
    const bytes = typeof key === 'string' ? Buffer.from(key) : key;
    const row = collection === '' ? this.#statements.state.get(namespace, bytes) : this.#statements.hash.get(namespace, collection, bytes);
    return row && optionalBlob(row, 'metadata');
  }

  scanState(namespace: string, startKey: string, endKey: string): IterableIterator<KeyedValue> {
    const { scan, scanTo, scanAfter, scanAfterTo } = this.#statements;
    const end = Buffer.from(endKey);
    if (endKey === '')
      return pages(
        (from) => scan.all(namespace, from, PAGE),
        (after) => scanAfter.all(namespace, after, PAGE),
        startKey,
      );
    return pages(
      (from) => scanTo.all(namespace, from, end, PAGE),
      (after) => scanAfterTo.all(namespace, after, end, PAGE),
      startKey,
    );
  }

  getPrivateHash(namespace: string, collection: string, keyHash: Buffer): VersionedValue | undefined {
    return versioned(this.#statements.hash.get(namespace, collection, keyHash), 'value_hash');
  }

  getPrivateMetadata(namespace: string, collection: string, keyHash: Buffer): ReadonlyMap<string, Buffer> | undefined {
    const metadata = this.getRawMetadata(namespace, collection, keyHash);
    return metadata && decodeMetadata(metadata);
  }

  getPrivate(holder: string, namespace: string, collection: string, key: string): VersionedValue | undefined {
    return versioned(this.#statements.private.get(holder, namespace, collection, Buffer.from(key)), 'value');
  }

  scanPrivate(holder: string, namespace: string, collection: string, startKey: string, endKey: string): IterableIterator<KeyedValue> {
    const { privateScan, privateScanTo, privateScanAfter, privateScanAfterTo } = this.#statements;
    const where = [holder, namespace, collection];
    const end = Buffer.from(endKey);
    if (endKey === '') {
      return pages(
        (from) => privateScan.all(...where, from, PAGE),
        (after) => privateScanAfter.all(...where, after, PAGE),
        startKey,
      );
    }
    return pages(
      (from) => privateScanTo.all(...where, from, end, PAGE),
      (after) => privateScanAfterTo.all(...where, after, end, PAGE),
      startKey,
    );
  }

  *history(namespace: string, key: string): IterableIterator<HistoryEntry> {
    for (const row of this.#statements.history.all(namespace, Buffer.from(key))) {
      yield {
        txId: text(row, 'tx_id'),
        value: blob(row, 'value'),
        timestampMillis: integer(row, 'timestamp_millis'),
        isDelete: integer(row, 'is_delete') === 1,
      };
    }
  }
}

type StateStatements = Readonly<
  Record<
    | 'state'
    | 'hash'
    | 'private'
    | 'history'
    | 'scan'
    | 'scanTo'
    | 'scanAfter'
    | 'scanAfterTo'
    | 'privateScan'
    | 'privateScanTo'
    | 'privateScanAfter'
    | 'privateScanAfterTo',
    Statement
  >
>;

function prepareStatements(database: LedgerDatabase): StateStatements {
  const scan = (table: string, where: string, comparison: string): Statement =>
    database.prepare(`SELECT key, value, block, position FROM ${table} WHERE ${where} AND ${comparison} ORDER BY key LIMIT ?`);
  const ofPublic = 'namespace = ?';
  const ofPrivate = 'msp = ? AND namespace = ? AND collection = ?';
  return {
    state: database.prepare('SELECT value, metadata, block, position FROM state WHERE namespace = ? AND key = ?'),
    hash: database.prepare(
      'SELECT value_hash, metadata, block, position FROM hash WHERE namespace = ? AND collection = ? AND key_hash = ?',
    ),
    private: database.prepare('SELECT value, block, position FROM private WHERE msp = ? AND namespace = ? AND collection = ? AND key = ?'),
    history: database.prepare(
      'SELECT tx_id, value, timestamp_millis, is_delete FROM history WHERE namespace = ? AND key = ? ORDER BY block DESC, position DESC',
    ),
    scan: scan('state', ofPublic, 'key >= ?'),
    scanTo: scan('state', ofPublic, 'key >= ? AND key < ?'),
    scanAfter: scan('state', ofPublic, 'key > ?'),
    scanAfterTo: scan('state', ofPublic, 'key > ? AND key < ?'),
    privateScan: scan('private', ofPrivate, 'key >= ?'),
    privateScanTo: scan('private', ofPrivate, 'key >= ? AND key < ?'),
    privateScanAfter: scan('private', ofPrivate, 'key > ?'),
    privateScanAfterTo: scan('private', ofPrivate, 'key > ? AND key < ?'),
  };
}
