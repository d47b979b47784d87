import { type CollectionRwSet, keyHashOf, type NamespaceRwSet, type RangeQuery, type Read, type RwVersion } from '@lianyi/fabric-protocol';
import { compareKeys, sortedKeys } from '../ledger/keys';
import { RangeSummary } from '../ledger/range-summary';
import { type LedgerState } from '../ledger/state-reader';
import { type Update, type UpdateBatch } from '../ledger/update-batch';
import { type Version } from '../ledger/committed-state';
import { Code } from './code';

/**
 * Whether what a transaction read is still so, after the committed state and the valid transactions before it in the block.
 * @remarks Source: core/ledger/kvledger/txmgmt/validation/validator.go.
 */
export function checkReads(rwSet: readonly NamespaceRwSet[], batch: UpdateBatch, state: LedgerState): Code {
  for (const { namespace, reads, rangeQueries, collections } of rwSet) {
    const isCurrent = (read: Read): boolean =>
      batch.getPublic(namespace, read.key) === undefined && sameVersion(state.getState(namespace, read.key)?.version, read.version);
    if (!reads.every(isCurrent)) return Code.MVCC_READ_CONFLICT;
    if (!rangeQueries.every((query) => isRangeUnchanged(query, namespace, batch, state))) return Code.PHANTOM_READ_CONFLICT;
    if (!collections.every((collection) => areHashesCurrent(collection, namespace, batch, state))) return Code.MVCC_READ_CONFLICT;
  }
  return Code.VALID;
}

function areHashesCurrent({ collection, reads }: CollectionRwSet, namespace: string, batch: UpdateBatch, state: LedgerState): boolean {
  return reads.every(
    (read) =>
      batch.getHashed(namespace, collection, read.key) === undefined &&
      sameVersion(state.getPrivateHash(namespace, collection, keyHashOf(read.key))?.version, read.version),
  );
}

function sameVersion(committed: Version | undefined, read: RwVersion | undefined): boolean {
  if (!committed || !read) return committed === read;
  return committed.blockNumber === read.blockNumber && committed.txIndex === read.txIndex;
}

interface Result {
  readonly key: string;
  readonly version: Version;
}

function isRangeUnchanged(query: RangeQuery, namespace: string, batch: UpdateBatch, state: LedgerState): boolean {
  const results = currentResults(query, namespace, batch, state);
  return query.merkle ? matchesSummary(query, results) : matchesReads(query.reads, results);
}

function matchesReads(reads: readonly Read[], results: IterableIterator<Result>): boolean {
  for (const read of reads) {
    const result = results.next();
    if (result.done === true || result.value.key !== read.key || !sameVersion(result.value.version, read.version)) return false;
  }
  return results.next().done === true;
}

function matchesSummary({ merkle }: RangeQuery, results: IterableIterator<Result>): boolean {
  if (!merkle || merkle.maxDegree < 2) return false;
  const summary = new RangeSummary(merkle.maxDegree);
  for (const { key, version } of results) summary.add(key, version);
  const current = summary.finish();
  return (
    current?.maxLevel === merkle.maxLevel &&
    current.maxLevelHashes.length === merkle.maxLevelHashes.length &&
    current.maxLevelHashes.every((hash, index) => merkle.maxLevelHashes[index]?.equals(hash))
  );
}

/** The range as it is now. A reader that stopped early recorded the last key it saw as the end, so that key belongs to it. */
function* currentResults(query: RangeQuery, namespace: string, batch: UpdateBatch, state: LedgerState): IterableIterator<Result> {
  const { startKey, endKey } = query;
  const updates = batch.public.get(namespace) ?? new Map<string, Update>();
  const changed = sortedKeys(updates).filter((key) => compareKeys(key, startKey) >= 0 && (endKey === '' || compareKeys(key, endKey) < 0));
  yield* merge(state.scanState(namespace, startKey, endKey), changed, updates);
  if (query.isExhausted) return;
  const update = updates.get(endKey);
  const committed = state.getState(namespace, endKey);
  if (update) yield* liveResult(endKey, update);
  else if (committed) yield { key: endKey, version: committed.version };
}

function* liveResult(key: string, update: Update | undefined): IterableIterator<Result> {
  if (update?.value) yield { key, version: update.version };
}

/** Both sides are in key order; an update hides the committed value. */
function* merge(
  committed: IterableIterator<Result>,
  changed: readonly string[],
  updates: ReadonlyMap<string, Update>,
): IterableIterator<Result> {
  let position = 0;
  for (const { key, version } of committed) {
    for (let next = changed[position]; next !== undefined && compareKeys(next, key) < 0; next = changed[position]) {
      yield* liveResult(next, updates.get(next));
      position++;
    }
    if (changed[position] === key) {
      yield* liveResult(key, updates.get(key));
      position++;
    } else {
      yield { key, version };
    }
  }
  for (const key of changed.slice(position)) yield* liveResult(key, updates.get(key));
}
