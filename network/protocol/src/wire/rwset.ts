import { tryDecode } from './decode';
import { bytesOf, ledger } from './proto';

const { kvrwset } = ledger.rwset;

/** A read or write set, unpacked (core/ledger/kvledger/txmgmt/rwsetutil/rwset_proto_util.go). */
export interface RwVersion {
  readonly blockNumber: number;
  readonly txIndex: number;
}
export interface Read {
  readonly key: string;
  /** Absent: the key did not exist. */
  readonly version?: RwVersion;
}
export interface Write {
  readonly key: string;
  readonly value: Buffer;
  readonly isDelete: boolean;
}
export interface MetadataWrite {
  readonly key: string;
  /** Marshalled KVMetadataWrite without key; absent when there are no entries, which deletes the metadata. */
  readonly metadata?: Buffer;
}
export interface MerkleSummary {
  readonly maxDegree: number;
  readonly maxLevel: number;
  readonly maxLevelHashes: readonly Buffer[];
}
export interface RangeQuery {
  readonly startKey: string;
  readonly endKey: string;
  readonly isExhausted: boolean;
  readonly reads: readonly Read[];
  readonly merkle?: MerkleSummary;
}
interface HashedWrite extends Write {
  readonly isPurge: boolean;
}
/** Key hashes are latin1 strings here, so that they serve as map keys; {@link keyHashOf} gives the bytes back. */
export interface CollectionRwSet {
  readonly collection: string;
  readonly reads: readonly Read[];
  readonly writes: readonly HashedWrite[];
  readonly metadataWrites: readonly MetadataWrite[];
  readonly privateRwSetHash: Buffer;
}
export interface NamespaceRwSet {
  readonly namespace: string;
  readonly reads: readonly Read[];
  readonly rangeQueries: readonly RangeQuery[];
  readonly writes: readonly Write[];
  readonly metadataWrites: readonly MetadataWrite[];
  readonly collections: readonly CollectionRwSet[];
}

export function keyHashOf(latin1: string): Buffer {
  return Buffer.from(latin1, 'latin1');
}

function latin1(bytes: Uint8Array): string {
  return bytesOf(bytes).toString('latin1');
}

function versionOf(version: ledger.rwset.kvrwset.Version | undefined): { version?: RwVersion } {
  return version ? { version: { blockNumber: version.getBlockNum(), txIndex: version.getTxNum() } } : {};
}

function readOf(read: ledger.rwset.kvrwset.KVRead): Read {
  return { key: read.getKey(), ...versionOf(read.getVersion()) };
}

/** A write of nothing is a delete (rwset_proto_util.go IsKVWriteDelete). */
function writeOf(write: ledger.rwset.kvrwset.KVWrite): Write {
  const value = bytesOf(write.getValue_asU8());
  return { key: write.getKey(), value, isDelete: write.getIsDelete() || value.length === 0 };
}

function metadataOf(entries: readonly ledger.rwset.kvrwset.KVMetadataEntry[]): { metadata?: Buffer } {
  return entries.length === 0
    ? {}
    : { metadata: encodeMetadata(entries.map((entry) => [entry.getName(), bytesOf(entry.getValue_asU8())])) };
}

/** core/ledger/kvledger/txmgmt/storageutil/metadata.go SerializeMetadata. */
function encodeMetadata(entries: readonly (readonly [string, Buffer])[]): Buffer {
  const write = new kvrwset.KVMetadataWrite();
  for (const [name, value] of entries) {
    const entry = new kvrwset.KVMetadataEntry();
    entry.setName(name);
    entry.setValue(value);
    write.addEntries(entry);
  }
  return bytesOf(write.serializeBinary());
}

export function decodeMetadata(bytes: Buffer): ReadonlyMap<string, Buffer> {
  const entries = kvrwset.KVMetadataWrite.deserializeBinary(bytes).getEntriesList();
  return new Map(entries.map((entry) => [entry.getName(), bytesOf(entry.getValue_asU8())]));
}

function rangeQueryOf(info: ledger.rwset.kvrwset.RangeQueryInfo): RangeQuery {
  const merkle = info.getReadsMerkleHashes();
  return {
    startKey: info.getStartKey(),
    endKey: info.getEndKey(),
    isExhausted: info.getItrExhausted(),
    reads: (info.getRawReads()?.getKvReadsList() ?? []).map(readOf),
    ...(merkle
      ? {
          merkle: {
            maxDegree: merkle.getMaxDegree(),
            maxLevel: merkle.getMaxLevel(),
            maxLevelHashes: merkle.getMaxLevelHashesList_asU8().map((hash) => bytesOf(hash)),
          },
        }
      : {}),
  };
}

function collectionOf(message: ledger.rwset.CollectionHashedReadWriteSet): CollectionRwSet | undefined {
  const hashed = tryDecode(kvrwset.HashedRWSet, message.getHashedRwset_asU8());
  if (!hashed) return undefined;
  return {
    collection: message.getCollectionName(),
    privateRwSetHash: bytesOf(message.getPvtRwsetHash_asU8()),
    reads: hashed.getHashedReadsList().map((read) => ({ key: latin1(read.getKeyHash_asU8()), ...versionOf(read.getVersion()) })),
    writes: hashed.getHashedWritesList().map(hashedWriteOf),
    metadataWrites: hashed
      .getMetadataWritesList()
      .map((write) => ({ key: latin1(write.getKeyHash_asU8()), ...metadataOf(write.getEntriesList()) })),
  };
}

/** SHA-256 of nothing: a hashed write of the empty value deletes too (rwset_proto_util.go IsKVWriteHashDelete). */
const EMPTY_VALUE_HASH = Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex');

function hashedWriteOf(write: ledger.rwset.kvrwset.KVWriteHash): HashedWrite {
  const value = bytesOf(write.getValueHash_asU8());
  const isPurge = write.getIsPurge();
  const isDelete = write.getIsDelete() || value.length === 0 || value.equals(EMPTY_VALUE_HASH);
  return { key: latin1(write.getKeyHash_asU8()), value, isDelete, isPurge };
}

function namespaceOf(message: ledger.rwset.NsReadWriteSet): NamespaceRwSet | undefined {
  const kv = tryDecode(kvrwset.KVRWSet, message.getRwset_asU8());
  const collections = message.getCollectionHashedRwsetList().map(collectionOf);
  const readable = collections.filter((collection) => collection !== undefined);
  if (!kv || readable.length !== collections.length) return undefined;
  return {
    namespace: message.getNamespace(),
    reads: kv.getReadsList().map(readOf),
    rangeQueries: kv.getRangeQueriesInfoList().map(rangeQueryOf),
    writes: kv.getWritesList().map(writeOf),
    metadataWrites: kv.getMetadataWritesList().map((write) => ({ key: write.getKey(), ...metadataOf(write.getEntriesList()) })),
    collections: readable,
  };
}

/** Unpacks marshalled rwset.TxReadWriteSet; `undefined` if any part of it is unreadable. */
export function parseRwSet(bytes: Buffer): readonly NamespaceRwSet[] | undefined {
  const message = tryDecode(ledger.rwset.TxReadWriteSet, bytes);
  if (!message) return undefined;
  const namespaces = message.getNsRwsetList().map(namespaceOf);
  const readable = namespaces.filter((namespace) => namespace !== undefined);
  return readable.length === namespaces.length ? readable : undefined;
}

/** Unpacks the private write set of one collection. */
export function parsePrivateWrites(kvRwSet: Buffer): readonly Write[] {
  return kvrwset.KVRWSet.deserializeBinary(kvRwSet).getWritesList().map(writeOf);
}
