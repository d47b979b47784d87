import { keyHashOf, type NamespaceRwSet } from '@lianyi/fabric-protocol';
import { type ChaincodeDefinitions } from './chaincode-definition';
import { blob, integer, type LedgerDatabase, type Statement, text } from './database';
import { type PrivateData } from './private-data';
import { type UpdateBatch } from './update-batch';

interface TransactionToCommit {
  readonly txId: string;
  readonly txIndex: number;
  readonly code: number;
  readonly timestampMillis: number;
  /** Absent unless the transaction is a valid endorser transaction. */
  readonly rwSet?: readonly NamespaceRwSet[];
}

interface BlockToCommit {
  readonly number: number;
  readonly hash: Buffer;
  readonly bytes: Buffer;
  readonly transactions: readonly TransactionToCommit[];
  readonly batch: UpdateBatch;
  readonly commitHash: Buffer;
  /** Marshalled common.Config, when the block changed it. */
  readonly config?: Buffer;
  /** How many envelopes waiting for ordering this block took. */
  readonly pendingTaken: readonly number[];
}

/** Writes one block and everything it changes in one database transaction: a crash leaves all of it or nothing. */
export class BlockCommitter {
  readonly #statements: Readonly<Record<StatementName, Statement>>;

  constructor(
    private readonly database: LedgerDatabase,
    private readonly privateData: PrivateData,
    private readonly definitions: ChaincodeDefinitions,
  ) {
    this.#statements = prepareAll(database);
  }

  commit(block: BlockToCommit): void {
    this.database.transaction(() => {
      this.#writeBlock(block);
      this.#writePublic(block.batch);
      this.#writeHashes(block.number, block.batch);
      this.#writeHistory(block);
      const valid = block.transactions.flatMap(({ rwSet, ...transaction }) => (rwSet ? [{ ...transaction, rwSet }] : []));
      this.privateData.commit(block.number, valid, block.batch);
      this.#expire(block);
      this.privateData.forgetStaged(
        block.transactions.map(({ txId }) => txId),
        block.number + 1,
      );
      for (const sequence of block.pendingTaken) this.#statements.takePending.run(sequence);
    });
  }

  #writeBlock({ number, hash, bytes, transactions, commitHash, config }: BlockToCommit): void {
    this.#statements.block.run(number, hash, bytes);
    // an id used twice keeps its first status (core/ledger/kvledger blkstorage GetTxValidationCode)
    for (const { txId, txIndex, code } of transactions) if (txId !== '') this.#statements.tx.run(txId, number, txIndex, code);
    this.#statements.meta.run('commitHash', commitHash);
    if (!config) return;
    this.#statements.meta.run('config', config);
    this.#statements.meta.run('configBlock', Buffer.from(String(number)));
  }

  #writePublic({ public: updates }: UpdateBatch): void {
    for (const [namespace, keys] of updates) {
      for (const [key, { value, metadata, version }] of keys) {
        const bytes = Buffer.from(key);
        if (!value) this.#statements.deleteState.run(namespace, bytes);
        else this.#statements.putState.run(namespace, bytes, value, metadata ?? null, version.blockNumber, version.txIndex);
      }
    }
  }

  #writeHashes(blockNumber: number, { hashed }: UpdateBatch): void {
    for (const [namespace, collections] of hashed) {
      for (const [collection, updates] of collections) {
        const blockToLive = this.definitions.collection(namespace, collection)?.blockToLive ?? 0;
        for (const [key, { value, metadata, version }] of updates) {
          const keyHash = keyHashOf(key);
          if (!value) this.#statements.deleteHash.run(namespace, collection, keyHash);
          else this.#statements.putHash.run(namespace, collection, keyHash, value, metadata ?? null, version.blockNumber, version.txIndex);
          // pvtdatapolicy/btlpolicy.go GetExpiringBlock
          if (blockToLive > 0) this.#statements.schedule.run(blockNumber + blockToLive + 1, namespace, collection, keyHash, blockNumber);
        }
      }
    }
  }

  #writeHistory({ number, transactions }: BlockToCommit): void {
    for (const { txId, txIndex, timestampMillis, rwSet = [] } of transactions) {
      for (const { namespace, writes } of rwSet) {
        for (const { key, value, isDelete } of writes) {
          this.#statements.history.run(namespace, Buffer.from(key), number, txIndex, txId, value, timestampMillis, isDelete ? 1 : 0);
        }
      }
    }
  }

  /** pvtstatepurgemgmt/purge_mgr.go: a key hash expires whether or not any peer held the value, unless rewritten since. */
  #expire({ number, batch }: BlockToCommit): void {
    for (const row of this.#statements.expiring.all(number)) {
      const namespace = text(row, 'namespace');
      const collection = text(row, 'collection');
      const keyHash = blob(row, 'key_hash');
      const writtenBlock = integer(row, 'written_block');
      if (!batch.getHashed(namespace, collection, keyHash.toString('latin1'))) {
        this.#statements.expireHash.run(namespace, collection, keyHash, writtenBlock);
      }
      this.privateData.expire(namespace, collection, keyHash, writtenBlock);
    }
    this.#statements.unschedule.run(number);
  }
}

type StatementName =
  | 'block'
  | 'tx'
  | 'meta'
  | 'putState'
  | 'deleteState'
  | 'putHash'
  | 'deleteHash'
  | 'expireHash'
  | 'history'
  | 'schedule'
  | 'expiring'
  | 'unschedule'
  | 'takePending';

function prepareAll(database: LedgerDatabase): Readonly<Record<StatementName, Statement>> {
  const ofKeyHash = 'namespace = ? AND collection = ? AND key_hash = ?';
  return {
    block: database.prepare('INSERT INTO block (number, hash, bytes) VALUES (?, ?, ?)'),
    tx: database.prepare('INSERT OR IGNORE INTO tx (id, block, position, code) VALUES (?, ?, ?, ?)'),
    meta: database.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)'),
    putState: database.prepare('INSERT OR REPLACE INTO state (namespace, key, value, metadata, block, position) VALUES (?, ?, ?, ?, ?, ?)'),
    deleteState: database.prepare('DELETE FROM state WHERE namespace = ? AND key = ?'),
    putHash: database.prepare(
      'INSERT OR REPLACE INTO hash (namespace, collection, key_hash, value_hash, metadata, block, position) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    deleteHash: database.prepare(`DELETE FROM hash WHERE ${ofKeyHash}`),
    expireHash: database.prepare(`DELETE FROM hash WHERE ${ofKeyHash} AND block = ?`),
    history: database.prepare(
      'INSERT OR REPLACE INTO history (namespace, key, block, position, tx_id, value, timestamp_millis, is_delete) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    schedule: database.prepare(
      'INSERT OR IGNORE INTO expiry (at_block, namespace, collection, key_hash, written_block) VALUES (?, ?, ?, ?, ?)',
    ),
    expiring: database.prepare('SELECT namespace, collection, key_hash, written_block FROM expiry WHERE at_block = ?'),
    unschedule: database.prepare('DELETE FROM expiry WHERE at_block = ?'),
    takePending: database.prepare('DELETE FROM pending WHERE sequence = ?'),
  };
}
