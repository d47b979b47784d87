import { ledger, marshal, sha256OfBytes } from '@lianyi/fabric-protocol';
import { type StagedPrivateData } from '../ledger/block-store';
import { type Version } from '../ledger/committed-state';
import { sortedByKey } from './key-order';
import { newKvRead, newVersion } from './range-info';

const { kvrwset } = ledger.rwset;
type RangeQueryInfo = ledger.rwset.kvrwset.RangeQueryInfo;
type Metadata = ReadonlyMap<string, Buffer>;

class CollectionSets {
  readonly reads = new Map<string, ledger.rwset.kvrwset.KVReadHash>();
  readonly hashedWrites = new Map<string, ledger.rwset.kvrwset.KVWriteHash>();
  readonly hashedMetadata = new Map<string, ledger.rwset.kvrwset.KVMetadataWriteHash>();
  readonly writes = new Map<string, ledger.rwset.kvrwset.KVWrite>();
  readonly metadata = new Map<string, ledger.rwset.kvrwset.KVMetadataWrite>();

  constructor(readonly name: string) {}

  get hasPrivateWrites(): boolean {
    return this.writes.size + this.metadata.size > 0;
  }

  privateRwset(): Buffer {
    const set = new kvrwset.KVRWSet();
    set.setWritesList(sortedByKey(this.writes));
    set.setMetadataWritesList(sortedByKey(this.metadata));
    return marshal(set);
  }

  hashedRwset(): Buffer {
    const set = new kvrwset.HashedRWSet();
    set.setHashedReadsList(sortedByKey(this.reads));
    set.setHashedWritesList(sortedByKey(this.hashedWrites));
    set.setMetadataWritesList(sortedByKey(this.hashedMetadata));
    return marshal(set);
  }
}

class NamespaceSets {
  readonly reads = new Map<string, ledger.rwset.kvrwset.KVRead>();
  readonly writes = new Map<string, ledger.rwset.kvrwset.KVWrite>();
  readonly metadata = new Map<string, ledger.rwset.kvrwset.KVMetadataWrite>();
  readonly ranges = new Map<string, RangeQueryInfo>();
  readonly collections = new Map<string, CollectionSets>();

  constructor(readonly name: string) {}

  collection(name: string): CollectionSets {
    return getOrAdd(this.collections, name, () => new CollectionSets(name));
  }

  publicRwset(): Buffer {
    const set = new kvrwset.KVRWSet();
    set.setReadsList(sortedByKey(this.reads));
    set.setWritesList(sortedByKey(this.writes));
    set.setMetadataWritesList(sortedByKey(this.metadata));
    set.setRangeQueriesInfoList([...this.ranges.values()]);
    return marshal(set);
  }
}

export interface SimulationSets {
  /** Marshalled TxReadWriteSet. */
  readonly publicRwset: Buffer;
  readonly privateData: readonly StagedPrivateData[];
  /** Namespaces of the public set, sorted. */
  readonly namespaces: readonly string[];
}

/**
 * Collects what one transaction reads and writes; repeated entries of a key replace each other.
 * @remarks Source: core/ledger/kvledger/txmgmt/rwsetutil/rwset_builder.go.
 */
export class RwsetBuilder {
  readonly #namespaces = new Map<string, NamespaceSets>();

  addRead(namespace: string, key: string, version: Version | undefined): void {
    this.#namespace(namespace).reads.set(key, newKvRead(key, version));
  }

  /** An empty value deletes. */
  addWrite(namespace: string, key: string, value: Buffer): void {
    this.#namespace(namespace).writes.set(key, newKvWrite(key, value));
  }

  addMetadataWrite(namespace: string, key: string, metadata: Metadata): void {
    const write = new kvrwset.KVMetadataWrite();
    write.setKey(key);
    write.setEntriesList(metadataEntries(metadata));
    this.#namespace(namespace).metadata.set(key, write);
  }

  /** The first of several equal ranges counts. */
  addRange(namespace: string, info: RangeQueryInfo): void {
    const identity = JSON.stringify([info.getStartKey(), info.getEndKey(), info.getItrExhausted()]);
    getOrAdd(this.#namespace(namespace).ranges, identity, () => info);
  }

  addHashedRead(namespace: string, collection: string, key: string, version: Version | undefined): void {
    const read = new kvrwset.KVReadHash();
    read.setKeyHash(sha256OfBytes(key));
    if (version !== undefined) read.setVersion(newVersion(version));
    this.#namespace(namespace).collection(collection).reads.set(key, read);
  }

  addPrivateWrite(namespace: string, collection: string, key: string, value: Buffer): void {
    const sets = this.#namespace(namespace).collection(collection);
    sets.writes.set(key, newKvWrite(key, value));
    sets.hashedWrites.set(key, newKvWriteHash(key, value));
  }

  addPrivatePurge(namespace: string, collection: string, key: string): void {
    const sets = this.#namespace(namespace).collection(collection);
    const hashed = newKvWriteHash(key, Buffer.alloc(0));
    hashed.setIsPurge(true);
    sets.writes.set(key, newKvWrite(key, Buffer.alloc(0)));
    sets.hashedWrites.set(key, hashed);
  }

  /** The private set names only the key, so that its version moves with the hash's. */
  addPrivateMetadataWrite(namespace: string, collection: string, key: string, metadata: Metadata): void {
    const sets = this.#namespace(namespace).collection(collection);
    const named = new kvrwset.KVMetadataWrite();
    named.setKey(key);
    sets.metadata.set(key, named);
    const hashed = new kvrwset.KVMetadataWriteHash();
    hashed.setKeyHash(sha256OfBytes(key));
    hashed.setEntriesList(metadataEntries(metadata));
    sets.hashedMetadata.set(key, hashed);
  }

  build(): SimulationSets {
    const ordered = sortedByKey(this.#namespaces);
    const set = new ledger.rwset.TxReadWriteSet();
    set.setDataModel(ledger.rwset.TxReadWriteSet.DataModel.KV);
    const privateData: StagedPrivateData[] = [];
    set.setNsRwsetList(ordered.map((sets) => buildNamespace(sets, privateData)));
    return { publicRwset: marshal(set), privateData, namespaces: ordered.map((sets) => sets.name) };
  }

  #namespace(name: string): NamespaceSets {
    return getOrAdd(this.#namespaces, name, () => new NamespaceSets(name));
  }
}

function buildNamespace(sets: NamespaceSets, privateData: StagedPrivateData[]): ledger.rwset.NsReadWriteSet {
  const namespace = new ledger.rwset.NsReadWriteSet();
  namespace.setNamespace(sets.name);
  namespace.setRwset(sets.publicRwset());
  namespace.setCollectionHashedRwsetList(
    sortedByKey(sets.collections).map((collection) => {
      const hashed = new ledger.rwset.CollectionHashedReadWriteSet();
      hashed.setCollectionName(collection.name);
      hashed.setHashedRwset(collection.hashedRwset());
      if (collection.hasPrivateWrites) {
        const kvRwSet = collection.privateRwset();
        privateData.push({ namespace: sets.name, collection: collection.name, kvRwSet });
        hashed.setPvtRwsetHash(sha256OfBytes(kvRwSet));
      }
      return hashed;
    }),
  );
  return namespace;
}

/** @remarks Source: rwset_proto_util.go newKVWrite: an empty value is a delete. */
function newKvWrite(key: string, value: Buffer): ledger.rwset.kvrwset.KVWrite {
  const write = new kvrwset.KVWrite();
  write.setKey(key);
  write.setIsDelete(value.length === 0);
  write.setValue(value);
  return write;
}

function newKvWriteHash(key: string, value: Buffer): ledger.rwset.kvrwset.KVWriteHash {
  const write = new kvrwset.KVWriteHash();
  write.setKeyHash(sha256OfBytes(key));
  write.setIsDelete(value.length === 0);
  if (value.length > 0) write.setValueHash(sha256OfBytes(value));
  return write;
}

function metadataEntries(metadata: Metadata): ledger.rwset.kvrwset.KVMetadataEntry[] {
  return sortedByKey(
    new Map(
      [...metadata].map(([name, value]) => {
        const entry = new kvrwset.KVMetadataEntry();
        entry.setName(name);
        entry.setValue(value);
        return [name, entry];
      }),
    ),
  );
}

function getOrAdd<T>(map: Map<string, T>, key: string, create: () => T): T {
  const found = map.get(key);
  if (found !== undefined) return found;
  const created = create();
  map.set(key, created);
  return created;
}
