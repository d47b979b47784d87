import { ledger, marshal, type NamespaceRwSet, parsePrivateWrites, sha256OfBytes } from '@lianyi/fabric-protocol';
import { type StagedPrivateData } from './block-store';
import { type Version } from './committed-state';
import { blob, integer, type LedgerDatabase, type Row, type Statement, text } from './database';
import { type Keepers } from './keepers';
import { type Purge, type UpdateBatch } from './update-batch';

/** Staged write sets whose transaction never came are dropped after so many blocks (core.yaml transientstoreMaxBlockRetention). */
const STAGED_RETENTION_BLOCKS = 1000;

/** A valid transaction of the block being committed. */
interface CommittedTransaction {
  readonly txId: string;
  readonly txIndex: number;
  readonly rwSet: readonly NamespaceRwSet[];
}

/** Private values of all peers of this ledger: staged at endorsement, stored at commit, gone by expiry or purge. */
export class PrivateData {
  readonly #statements: ReturnType<typeof prepareAll>;

  constructor(
    database: LedgerDatabase,
    private readonly keepers: Keepers,
  ) {
    this.#statements = prepareAll(database);
  }

  stage(txId: string, holder: string, data: readonly StagedPrivateData[], height: number): void {
    for (const { namespace, collection, kvRwSet } of data) {
      this.#statements.stage.run(txId, holder, namespace, collection, kvRwSet, height);
    }
  }

  /** Runs inside the block's database transaction, after the key hashes were written. */
  commit(blockNumber: number, transactions: readonly CommittedTransaction[], batch: UpdateBatch): void {
    for (const transaction of transactions) this.#storeStaged(blockNumber, transaction, batch);
    this.#followMetadataWrites(batch);
    for (const purge of batch.purges.values()) this.#purge(purge);
  }

  forgetStaged(txIds: readonly string[], height: number): void {
    for (const txId of txIds) this.#statements.unstage.run(txId);
    this.#statements.dropOldStaged.run(height - STAGED_RETENTION_BLOCKS);
  }

  /** Removes what a key that expires with this block still has, if nothing newer replaced it. */
  expire(namespace: string, collection: string, keyHash: Buffer, writtenBlock: number): void {
    this.#statements.removeWrittenIn.run(namespace, collection, keyHash, writtenBlock);
    this.#statements.dropWritesOf.run(writtenBlock, namespace, collection);
  }

  #storeStaged(blockNumber: number, { txId, txIndex, rwSet }: CommittedTransaction, batch: UpdateBatch): void {
    const collections = rwSet.flatMap(({ namespace, collections: all }) => all.map((each) => ({ namespace, ...each })));
    for (const { namespace, collection, privateRwSetHash } of collections) {
      if (privateRwSetHash.length === 0) continue;
      const staged = this.#statements.staged.all(txId, namespace, collection);
      // an endorser may be given another set than the endorsed one; only the endorsed one counts
      const endorsed = staged.filter((row) => sha256OfBytes(blob(row, 'rwset')).equals(privateRwSetHash));
      const [first] = endorsed;
      if (first === undefined) continue;
      const kvRwSet = blob(first, 'rwset');
      const inHand = endorsed.map((row) => text(row, 'msp'));
      for (const holder of this.keepers.recipients(namespace, collection, inHand)) {
        this.#statements.keepWrites.run(blockNumber, txIndex, holder, namespace, collection, kvRwSet);
        this.#storeWrites(holder, { namespace, collection, kvRwSet }, batch);
      }
    }
  }

  /**
   * Gives a peer the write sets it missed and others who are up hold.
   * @remarks Source: gossip/privdata/reconcile.go; a real peer looks every minute, and when it catches up after a stop.
   */
  reconcile(holder: string): void {
    for (const { namespace, collection } of this.#collectionsHeld()) {
      if (!this.keepers.isEligible(holder, namespace, collection)) continue;
      for (const row of this.#statements.missed.all(namespace, collection, holder, holder)) {
        if (!this.keepers.isRunning(text(row, 'msp'))) continue;
        this.addMissed(holder, integer(row, 'block'), integer(row, 'position'), { namespace, collection, kvRwSet: blob(row, 'rwset') });
      }
    }
  }

  /** Keeps a write set of a block committed earlier; its values count unless newer ones replaced them. */
  addMissed(holder: string, block: number, position: number, { namespace, collection, kvRwSet }: StagedPrivateData): void {
    this.#statements.keepWrites.run(block, position, holder, namespace, collection, kvRwSet);
    for (const { key, value } of parsePrivateWrites(kvRwSet)) {
      const keyBytes = Buffer.from(key);
      const keyHash = sha256OfBytes(keyBytes);
      const current = this.#statements.currentHash.get(namespace, collection, keyHash);
      if (current === undefined) this.#statements.remove.run(holder, namespace, collection, keyBytes);
      else if (sha256OfBytes(value).equals(blob(current, 'value_hash'))) {
        const [number, txIndex] = [integer(current, 'block'), integer(current, 'position')];
        this.#statements.put.run(holder, namespace, collection, keyBytes, keyHash, value, number, txIndex);
      }
    }
  }

  #collectionsHeld(): readonly { readonly namespace: string; readonly collection: string }[] {
    return this.#statements.collections.all().map((row) => ({ namespace: text(row, 'namespace'), collection: text(row, 'collection') }));
  }

  #storeWrites(holder: string, { namespace, collection, kvRwSet }: StagedPrivateData, batch: UpdateBatch): void {
    for (const { key, value, isDelete } of parsePrivateWrites(kvRwSet)) {
      const keyBytes = Buffer.from(key);
      const keyHash = sha256OfBytes(keyBytes);
      const latest = batch.getHashed(namespace, collection, keyHash.toString('latin1'));
      // a later transaction of the block may have replaced, deleted or purged the key
      const isLatest = latest?.value !== undefined && sha256OfBytes(value).equals(latest.value);
      if (isDelete || !isLatest) this.#statements.remove.run(holder, namespace, collection, keyBytes);
      else {
        const { blockNumber, txIndex } = latest.version;
        this.#statements.put.run(holder, namespace, collection, keyBytes, keyHash, value, blockNumber, txIndex);
      }
    }
  }

  /**
   * A metadata-only write moves the version of the key's hash; the stored value moves with it, or it would look stale
   * (txmgmt/validation/batch_preparer.go incrementPvtdataVersionIfNeeded).
   */
  #followMetadataWrites(batch: UpdateBatch): void {
    for (const [namespace, collections] of batch.hashed) {
      for (const [collection, updates] of collections) {
        for (const [keyHash, { value, version }] of updates) {
          if (value) this.#moveVersion(namespace, collection, Buffer.from(keyHash, 'latin1'), { value, version });
        }
      }
    }
  }

  #moveVersion(namespace: string, collection: string, keyHash: Buffer, { value, version }: { value: Buffer; version: Version }): void {
    for (const row of this.#statements.byHash.all(namespace, collection, keyHash)) {
      if (!sha256OfBytes(blob(row, 'value')).equals(value)) continue;
      this.#statements.move.run(version.blockNumber, version.txIndex, text(row, 'msp'), namespace, collection, blob(row, 'key'));
    }
  }

  /** Value and every stored write set lose the key, also at peers that did not endorse the purge. */
  #purge({ namespace, collection, keyHash, version }: Purge): void {
    const { blockNumber, txIndex } = version;
    this.#statements.removeUpTo.run(namespace, collection, keyHash, blockNumber, blockNumber, txIndex);
    for (const row of this.#statements.writesUpTo.all(namespace, collection, blockNumber, blockNumber, txIndex))
      this.#trim(row, namespace, collection, keyHash);
  }

  #trim(row: Row, namespace: string, collection: string, keyHash: Buffer): void {
    const set = ledger.rwset.kvrwset.KVRWSet.deserializeBinary(blob(row, 'rwset'));
    const kept = set.getWritesList().filter((write) => !sha256OfBytes(Buffer.from(write.getKey())).equals(keyHash));
    if (kept.length === set.getWritesList().length) return;
    set.setWritesList(kept);
    this.#statements.keepWrites.run(integer(row, 'block'), integer(row, 'position'), text(row, 'msp'), namespace, collection, marshal(set));
  }
}

function prepareAll(database: LedgerDatabase): Readonly<Record<StatementName, Statement>> {
  const ofKeyHash = 'namespace = ? AND collection = ? AND key_hash = ?';
  const upTo = '(block < ? OR (block = ? AND position <= ?))';
  return {
    stage: database.prepare('INSERT OR REPLACE INTO staged (tx_id, msp, namespace, collection, rwset, height) VALUES (?, ?, ?, ?, ?, ?)'),
    staged: database.prepare('SELECT msp, rwset FROM staged WHERE tx_id = ? AND namespace = ? AND collection = ?'),
    unstage: database.prepare('DELETE FROM staged WHERE tx_id = ?'),
    dropOldStaged: database.prepare('DELETE FROM staged WHERE height < ?'),
    keepWrites: database.prepare(
      'INSERT OR REPLACE INTO private_write (block, position, msp, namespace, collection, rwset) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    dropWritesOf: database.prepare('DELETE FROM private_write WHERE block = ? AND namespace = ? AND collection = ?'),
    collections: database.prepare('SELECT DISTINCT namespace, collection FROM private_write'),
    missed: database.prepare(
      `SELECT block, position, msp, rwset FROM private_write AS held WHERE namespace = ? AND collection = ? AND msp <> ? AND NOT EXISTS (
        SELECT 1 FROM private_write AS own WHERE own.block = held.block AND own.position = held.position AND own.msp = ?
          AND own.namespace = held.namespace AND own.collection = held.collection)`,
    ),
    currentHash: database.prepare(`SELECT value_hash, block, position FROM hash WHERE ${ofKeyHash}`),
    writesUpTo: database.prepare(
      `SELECT block, position, msp, rwset FROM private_write WHERE namespace = ? AND collection = ? AND ${upTo}`,
    ),
    put: database.prepare(
      'INSERT OR REPLACE INTO private (msp, namespace, collection, key, key_hash, value, block, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    remove: database.prepare('DELETE FROM private WHERE msp = ? AND namespace = ? AND collection = ? AND key = ?'),
    removeUpTo: database.prepare(`DELETE FROM private WHERE ${ofKeyHash} AND ${upTo}`),
    removeWrittenIn: database.prepare(`DELETE FROM private WHERE ${ofKeyHash} AND block = ?`),
    byHash: database.prepare(`SELECT msp, key, value FROM private WHERE ${ofKeyHash}`),
    move: database.prepare('UPDATE private SET block = ?, position = ? WHERE msp = ? AND namespace = ? AND collection = ? AND key = ?'),
  };
}

type StatementName =
  | 'stage'
  | 'staged'
  | 'unstage'
  | 'dropOldStaged'
  | 'keepWrites'
  | 'dropWritesOf'
  | 'collections'
  | 'missed'
  | 'currentHash'
  | 'writesUpTo'
  | 'put'
  | 'remove'
  | 'removeUpTo'
  | 'removeWrittenIn'
  | 'byHash'
  | 'move';
