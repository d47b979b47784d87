import { createHash } from 'node:crypto';
import { bytesOf, ledger, type MerkleSummary } from '@lianyi/fabric-protocol';
import { type Version } from './committed-state';

const { kvrwset } = ledger.rwset;

function sha256Of(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/**
 * The Merkle summary of the results of a range query, for checking one that a transaction brought.
 * @remarks Source: core/ledger/kvledger/txmgmt/rwsetutil/query_results_helper.go. Separate from the simulator's builder
 * on purpose: the two check each other.
 */
export class RangeSummary {
  #pending: ledger.rwset.kvrwset.KVRead[] = [];
  readonly #levels = new Map<number, Buffer[]>();
  #maxLevel = 1;

  /** `maxDegree` below 2 cannot make a tree. */
  constructor(private readonly maxDegree: number) {}

  add(key: string, { blockNumber, txIndex }: Version): void {
    const version = new kvrwset.Version();
    version.setBlockNum(blockNumber);
    version.setTxNum(txIndex);
    const read = new kvrwset.KVRead();
    read.setKey(key);
    read.setVersion(version);
    this.#pending.push(read);
    if (this.#pending.length > this.maxDegree) this.#hashPending();
  }

  /** `undefined` when there were too few results to hash. */
  finish(): MerkleSummary | undefined {
    if (this.#levels.size === 0) return undefined;
    if (this.#pending.length > 0) this.#hashPending();
    for (let level = 1; level < this.#maxLevel; level++) {
      const hashes = this.#levels.get(level) ?? [];
      const [only] = hashes;
      if (only) this.#lift(level, hashes.length === 1 ? only : sha256Of(...hashes));
    }
    const top = this.#levels.get(this.#maxLevel) ?? [];
    if (top.length > this.maxDegree) this.#lift(this.#maxLevel, sha256Of(...top));
    return { maxDegree: this.maxDegree, maxLevel: this.#maxLevel, maxLevelHashes: this.#levels.get(this.#maxLevel) ?? [] };
  }

  #hashPending(): void {
    const reads = new kvrwset.QueryReads();
    reads.setKvReadsList(this.#pending);
    this.#pending = [];
    this.#append(1, sha256Of(bytesOf(reads.serializeBinary())));
    for (let level = 1; ; level++) {
      const hashes = this.#levels.get(level) ?? [];
      if (hashes.length <= this.maxDegree) return;
      this.#lift(level, sha256Of(...hashes));
    }
  }

  #lift(level: number, hash: Buffer): void {
    this.#levels.delete(level);
    this.#append(level + 1, hash);
    this.#maxLevel = Math.max(this.#maxLevel, level + 1);
  }

  #append(level: number, hash: Buffer): void {
    this.#levels.set(level, [...(this.#levels.get(level) ?? []), hash]);
  }
}
