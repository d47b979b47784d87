import { common, envelopesOf } from '@lianyi/fabric-protocol';
import { type BlockStore, type PrivateWrite, type StoredTransaction } from './block-store';
import { blob, integer, type LedgerDatabase, type Row, type Statement, text } from './database';

/** Committed blocks and the index of transaction ids. */
export class SqliteBlocks implements BlockStore {
  readonly #byNumber: Statement;
  readonly #byHash: Statement;
  readonly #newest: Statement;
  readonly #byTxId: Statement;
  readonly #privateWrites: Statement;
  readonly #allOfHolder: Statement;

  constructor(database: LedgerDatabase) {
    this.#byNumber = database.prepare('SELECT bytes FROM block WHERE number = ?');
    this.#byHash = database.prepare('SELECT number FROM block WHERE hash = ?');
    this.#newest = database.prepare('SELECT number, hash FROM block ORDER BY number DESC LIMIT 1');
    this.#byTxId = database.prepare('SELECT block, position, code FROM tx WHERE id = ?');
    this.#privateWrites = database.prepare(
      'SELECT block, position, namespace, collection, rwset FROM private_write WHERE block = ? AND msp = ? ORDER BY position, namespace, collection',
    );
    this.#allOfHolder = database.prepare(
      'SELECT block, position, namespace, collection, rwset FROM private_write WHERE msp = ? ORDER BY block, position, namespace, collection',
    );
  }

  get height(): number {
    const row = this.#newest.get();
    return row ? integer(row, 'number') + 1 : 0;
  }

  get lastBlockHash(): Buffer {
    const row = this.#newest.get();
    return row ? blob(row, 'hash') : Buffer.alloc(0);
  }

  getBlock(blockNumber: number): Buffer | undefined {
    const row = this.#byNumber.get(blockNumber);
    return row && blob(row, 'bytes');
  }

  getBlockNumberByHash(blockHash: Buffer): number | undefined {
    const row = this.#byHash.get(blockHash);
    return row && integer(row, 'number');
  }

  getBlockNumberByTxId(txId: string): number | undefined {
    const row = this.#byTxId.get(txId);
    return row && integer(row, 'block');
  }

  hasTransaction(txId: string): boolean {
    return this.#byTxId.get(txId) !== undefined;
  }

  getTransaction(txId: string): StoredTransaction | undefined {
    const row = this.#byTxId.get(txId);
    const bytes = row && this.getBlock(integer(row, 'block'));
    if (!bytes) return undefined;
    const txIndex = integer(row, 'position');
    const envelope = envelopesOf(common.Block.deserializeBinary(bytes))[txIndex];
    return envelope && { envelope, validationCode: integer(row, 'code'), blockNumber: integer(row, 'block'), txIndex };
  }

  getPrivateWrites(holder: string, blockNumber: number): readonly PrivateWrite[] {
    return this.#privateWrites.all(blockNumber, holder).map(privateWriteOf);
  }

  allPrivateWrites(holder: string): readonly PrivateWrite[] {
    return this.#allOfHolder.all(holder).map(privateWriteOf);
  }
}

function privateWriteOf(row: Row): PrivateWrite {
  return {
    blockNumber: integer(row, 'block'),
    txIndex: integer(row, 'position'),
    namespace: text(row, 'namespace'),
    collection: text(row, 'collection'),
    kvRwSet: blob(row, 'rwset'),
  };
}
