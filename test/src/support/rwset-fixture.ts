import { createHash } from 'node:crypto';
import { type Version } from '@lianyi/embedded-network/testing';
import { ledger, marshal } from '@lianyi/fabric-protocol';

export function sha256(value: string | Buffer): Buffer {
  return createHash('sha256').update(value).digest();
}

/** Private writes of one collection; `null` deletes, 'purge' deletes and purges. */
export interface CollectionSpec {
  readonly writes?: Readonly<Record<string, string | null | { readonly purge: true }>>;
  readonly reads?: Readonly<Record<string, Version | undefined>>;
  readonly policies?: Readonly<Record<string, Buffer>>;
}
export interface NamespaceSpec {
  readonly reads?: Readonly<Record<string, Version | undefined>>;
  readonly writes?: Readonly<Record<string, string | Buffer | null>>;
  /** Writes that share a key, in order. */
  readonly repeatedWrites?: readonly (readonly [string, string])[];
  readonly policies?: Readonly<Record<string, Buffer>>;
  /** Keys of which it says who endorses, as often as they stand here. */
  readonly repeatedPolicies?: readonly string[];
  readonly ranges?: readonly InstanceType<typeof ledger.rwset.kvrwset.RangeQueryInfo>[];
  readonly collections?: Readonly<Record<string, CollectionSpec>>;
}
export type RwSpec = Readonly<Record<string, NamespaceSpec>>;

const { kvrwset } = ledger.rwset;

export function newVersion(version: Version): InstanceType<typeof kvrwset.Version> {
  const message = new kvrwset.Version();
  message.setBlockNum(version.blockNumber);
  message.setTxNum(version.txIndex);
  return message;
}

function policyEntry(policy: Buffer): InstanceType<typeof kvrwset.KVMetadataEntry> {
  const entry = new kvrwset.KVMetadataEntry();
  entry.setName('VALIDATION_PARAMETER');
  entry.setValue(policy);
  return entry;
}

function kvSet(spec: NamespaceSpec): Buffer {
  const set = new kvrwset.KVRWSet();
  for (const [key, version] of Object.entries(spec.reads ?? {})) {
    const read = new kvrwset.KVRead();
    read.setKey(key);
    if (version) read.setVersion(newVersion(version));
    set.addReads(read);
  }
  set.setRangeQueriesInfoList([...(spec.ranges ?? [])]);
  for (const [key, value] of [...Object.entries(spec.writes ?? {}), ...(spec.repeatedWrites ?? [])]) {
    const write = new kvrwset.KVWrite();
    write.setKey(key);
    if (value === null) write.setIsDelete(true);
    else write.setValue(Buffer.from(value as string) /* a Buffer or text: both are taken */);
    set.addWrites(write);
  }
  const repeated = (spec.repeatedPolicies ?? []).map((key) => [key, Buffer.from('a policy')] as const);
  for (const [key, policy] of [...Object.entries(spec.policies ?? {}), ...repeated]) {
    const write = new kvrwset.KVMetadataWrite();
    write.setKey(key);
    write.addEntries(policyEntry(policy));
    set.addMetadataWrites(write);
  }
  return marshal(set);
}

/** The private side of a collection: what the endorser hands to the peers. */
export function privateWrites(spec: CollectionSpec): Buffer {
  const set = new kvrwset.KVRWSet();
  for (const [key, value] of Object.entries(spec.writes ?? {})) {
    const write = new kvrwset.KVWrite();
    write.setKey(key);
    if (typeof value === 'string') write.setValue(Buffer.from(value));
    else write.setIsDelete(true);
    set.addWrites(write);
  }
  return marshal(set);
}

function hashedSet(spec: CollectionSpec): Buffer {
  const set = new kvrwset.HashedRWSet();
  for (const [key, version] of Object.entries(spec.reads ?? {})) {
    const read = new kvrwset.KVReadHash();
    read.setKeyHash(sha256(key));
    if (version) read.setVersion(newVersion(version));
    set.addHashedReads(read);
  }
  for (const [key, value] of Object.entries(spec.writes ?? {})) {
    const write = new kvrwset.KVWriteHash();
    write.setKeyHash(sha256(key));
    if (typeof value === 'string') write.setValueHash(sha256(value));
    else write.setIsDelete(true);
    if (typeof value === 'object' && value !== null) write.setIsPurge(true);
    set.addHashedWrites(write);
  }
  for (const [key, policy] of Object.entries(spec.policies ?? {})) {
    const write = new kvrwset.KVMetadataWriteHash();
    write.setKeyHash(sha256(key));
    write.addEntries(policyEntry(policy));
    set.addMetadataWrites(write);
  }
  return marshal(set);
}

export function buildRwSet(spec: RwSpec): Buffer {
  const set = new ledger.rwset.TxReadWriteSet();
  for (const [namespace, content] of Object.entries(spec)) {
    const entry = new ledger.rwset.NsReadWriteSet();
    entry.setNamespace(namespace);
    entry.setRwset(kvSet(content));
    for (const [name, collection] of Object.entries(content.collections ?? {})) {
      const hashed = new ledger.rwset.CollectionHashedReadWriteSet();
      hashed.setCollectionName(name);
      hashed.setHashedRwset(hashedSet(collection));
      if (collection.writes) hashed.setPvtRwsetHash(sha256(privateWrites(collection)));
      entry.addCollectionHashedRwset(hashed);
    }
    set.addNsRwset(entry);
  }
  return marshal(set);
}
