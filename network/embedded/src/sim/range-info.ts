import { createHash } from 'node:crypto';
import { ledger, marshal } from '@lianyi/fabric-protocol';
import { type Version } from '../ledger/committed-state';

type KVRead = ledger.rwset.kvrwset.KVRead;
const { kvrwset } = ledger.rwset;

/** @remarks Source: core/ledger/kvledger/txmgmt/txmgr/query_executor.go maxDegreeQueryReadsHashing. */
const maxDegree = 50;

export function newKvRead(key: string, version: Version | undefined): KVRead {
  const read = new kvrwset.KVRead();
  read.setKey(key);
  if (version !== undefined) read.setVersion(newVersion(version));
  return read;
}

export function newVersion(version: Version): ledger.rwset.kvrwset.Version {
  const message = new kvrwset.Version();
  message.setBlockNum(version.blockNumber);
  message.setTxNum(version.txIndex);
  return message;
}

/**
 * Tree of hashes over the results of one range query, built while they are read; levels above the first hash at most
 * 51 hashes of the level below.
 * @remarks Source: core/ledger/kvledger/txmgmt/rwsetutil/query_results_helper.go.
 */
class MerkleTree {
  readonly #levels = new Map<number, Buffer[]>();
  #maxLevel = 1;

  get isEmpty(): boolean {
    return this.#maxLevel === 1 && this.#at(1).length === 0;
  }

  add(leaf: Buffer): void {
    this.#at(1).push(leaf);
    for (let level = 1; this.#at(level).length > maxDegree; level += 1) this.#fold(level);
  }

  finish(): ledger.rwset.kvrwset.QueryReadsMerkleSummary {
    for (let level = 1; level < this.#maxLevel; level += 1) {
      const hashes = this.#at(level);
      if (hashes.length === 0) continue;
      if (hashes.length > 1) this.#fold(level);
      else this.#lift(level, hashes);
    }
    if (this.#at(this.#maxLevel).length > maxDegree) this.#fold(this.#maxLevel);
    const summary = new kvrwset.QueryReadsMerkleSummary();
    summary.setMaxDegree(maxDegree);
    summary.setMaxLevel(this.#maxLevel);
    summary.setMaxLevelHashesList(this.#at(this.#maxLevel));
    return summary;
  }

  #fold(level: number): void {
    const combined = createHash('sha256');
    for (const hash of this.#at(level)) combined.update(hash);
    this.#lift(level, [combined.digest()]);
  }

  #lift(level: number, hashes: readonly Buffer[]): void {
    this.#levels.delete(level);
    this.#at(level + 1).push(...hashes);
    this.#maxLevel = Math.max(this.#maxLevel, level + 1);
  }

  #at(level: number): Buffer[] {
    const found = this.#levels.get(level);
    if (found !== undefined) return found;
    const created: Buffer[] = [];
    this.#levels.set(level, created);
    return created;
  }
}

/** What a transaction has seen of one key range, for the phantom check at commit. */
export class RangeInfo {
  #pending: KVRead[] = [];
  readonly #tree = new MerkleTree();
  #endKey = '';
  #exhausted = false;

  constructor(
    private readonly startKey: string,
    private readonly requestedEndKey: string,
  ) {}

  addResult(key: string, version: Version): void {
    this.#pending.push(newKvRead(key, version));
    this.#endKey = key;
    if (this.#pending.length > maxDegree) this.#hashPending();
  }

  exhaust(): void {
    this.#exhausted = true;
    this.#endKey = this.requestedEndKey;
  }

  /** Neither raw reads nor hashes for an empty range: Go leaves the oneof unset (seen on the recorded chain). */
  finish(): ledger.rwset.kvrwset.RangeQueryInfo {
    const info = new kvrwset.RangeQueryInfo();
    info.setStartKey(this.startKey);
    info.setEndKey(this.#endKey);
    info.setItrExhausted(this.#exhausted);
    if (!this.#tree.isEmpty) {
      if (this.#pending.length > 0) this.#hashPending();
      info.setReadsMerkleHashes(this.#tree.finish());
    } else if (this.#pending.length > 0) {
      info.setRawReads(this.#takePending());
    }
    return info;
  }

  #hashPending(): void {
    this.#tree.add(createHash('sha256').update(marshal(this.#takePending())).digest());
  }

  #takePending(): ledger.rwset.kvrwset.QueryReads {
    const reads = new kvrwset.QueryReads();
    reads.setKvReadsList(this.#pending);
    this.#pending = [];
    return reads;
  }
}
