import { type CollectionRwSet, keyHashOf, type MetadataWrite, type NamespaceRwSet, type Write } from '@lianyi/fabric-protocol';
import { type Version } from './committed-state';
import { type LedgerState } from './state-reader';

/** The last state of a key within a block. */
export interface Update {
  /** Absent: deleted. */
  readonly value?: Buffer;
  readonly metadata?: Buffer;
  readonly version: Version;
}

/** Flags add up instead of being joined, as in Fabric (txmgmt/validation/tx_ops.go): a key written twice by one transaction shows it. */
const UPSERT = 1;
const METADATA_UPDATE = 2;
const METADATA_DELETE = 4;
const DELETE = 8;

interface KeyOperation {
  readonly namespace: string;
  readonly collection: string;
  readonly key: string;
  flags: number;
  value?: Buffer;
  metadata?: Buffer | undefined;
}

class TransactionOperations {
  readonly all = new Map<string, KeyOperation>();

  write(namespace: string, collection: string, { key, value, isDelete }: Write): void {
    const operation = this.#operation(namespace, collection, key);
    operation.flags = (operation.flags + (isDelete ? DELETE : UPSERT)) & 0xff;
    if (!isDelete) operation.value = value;
  }

  writeMetadata(namespace: string, collection: string, { key, metadata }: MetadataWrite): void {
    const operation = this.#operation(namespace, collection, key);
    operation.flags = (operation.flags + (metadata ? METADATA_UPDATE : METADATA_DELETE)) & 0xff;
    if (metadata) operation.metadata = metadata;
  }

  #operation(namespace: string, collection: string, key: string): KeyOperation {
    const id = `${namespace}\u0000${collection}\u0000${key}`;
    const known = this.all.get(id);
    if (known) return known;
    const added: KeyOperation = { namespace, collection, key, flags: 0 };
    this.all.set(id, added);
    return added;
  }
}

export interface Purge {
  readonly namespace: string;
  readonly collection: string;
  readonly keyHash: Buffer;
  readonly version: Version;
}

type Updates = Map<string, Map<string, Update>>;

/** The merged writes of the valid transactions of one block (txmgmt/privacyenabledstate UpdateBatch). */
export class UpdateBatch {
  /** Namespace → key → update. */
  readonly public: Updates = new Map();
  /** Namespace → collection → latin1 key hash → update. */
  readonly hashed = new Map<string, Updates>();
  readonly purges = new Map<string, Purge>();

  getPublic(namespace: string, key: string): Update | undefined {
    return this.public.get(namespace)?.get(key);
  }

  getHashed(namespace: string, collection: string, keyHash: string): Update | undefined {
    return this.hashed.get(namespace)?.get(collection)?.get(keyHash);
  }

  /** Adds a valid transaction's writes; metadata and value complete each other from the batch or the state. */
  apply(rwSet: readonly NamespaceRwSet[], version: Version, state: LedgerState): void {
    const operations = new TransactionOperations();
    for (const { namespace, writes, metadataWrites, collections } of rwSet) {
      for (const write of writes) operations.write(namespace, '', write);
      for (const write of metadataWrites) operations.writeMetadata(namespace, '', write);
      for (const collection of collections) this.#applyCollection(operations, namespace, collection, version);
    }
    for (const operation of operations.all.values()) this.#put(operation, version, state);
  }

  #applyCollection(operations: TransactionOperations, namespace: string, rwSet: CollectionRwSet, version: Version): void {
    const { collection } = rwSet;
    for (const write of rwSet.writes) {
      operations.write(namespace, collection, write);
      if (!write.isPurge) continue;
      const purge = { namespace, collection, keyHash: keyHashOf(write.key), version };
      this.purges.set(`${namespace}\u0000${collection}\u0000${write.key}`, purge);
    }
    for (const write of rwSet.metadataWrites) operations.writeMetadata(namespace, collection, write);
  }

  /** txmgmt/validation/tx_ops.go prepareTxOps. */
  #put(operation: KeyOperation, version: Version, state: LedgerState): void {
    const { flags } = operation;
    if ((flags & DELETE) !== 0) {
      this.#set(operation, { version });
    } else if ((flags & UPSERT) !== 0 && (flags & (METADATA_UPDATE | METADATA_DELETE)) !== 0) {
      this.#set(operation, merged(operation.value, operation.metadata, version));
    } else if (flags === UPSERT) {
      this.#set(operation, merged(operation.value, this.#latestMetadata(operation, state), version));
    } else {
      const value = this.#latestValue(operation, state);
      if (value) this.#set(operation, merged(value, operation.metadata, version)); // metadata of an absent key is dropped
    }
  }

  #latest({ namespace, collection, key }: KeyOperation): Update | undefined {
    return collection === '' ? this.getPublic(namespace, key) : this.getHashed(namespace, collection, key);
  }

  #latestMetadata(operation: KeyOperation, state: LedgerState): Buffer | undefined {
    const { namespace, collection, key } = operation;
    const preceding = this.#latest(operation);
    return preceding ? preceding.metadata : state.getRawMetadata(namespace, collection, collection === '' ? key : keyHashOf(key));
  }

  #latestValue(operation: KeyOperation, state: LedgerState): Buffer | undefined {
    const { namespace, collection, key } = operation;
    const preceding = this.#latest(operation);
    if (preceding) return preceding.value;
    return collection === '' ? state.getState(namespace, key)?.value : state.getPrivateHash(namespace, collection, keyHashOf(key))?.value;
  }

  #set({ namespace, collection, key }: KeyOperation, update: Update): void {
    if (collection === '') {
      nested(this.public, namespace, () => new Map<string, Update>()).set(key, update);
      return;
    }
    const collections = nested(this.hashed, namespace, () => new Map<string, Map<string, Update>>());
    nested(collections, collection, () => new Map<string, Update>()).set(key, update);
  }
}

function merged(value: Buffer | undefined, metadata: Buffer | undefined, version: Version): Update {
  return { version, ...(value ? { value } : {}), ...(metadata ? { metadata } : {}) };
}

function nested<T>(map: Map<string, T>, key: string, create: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const added = create();
  map.set(key, added);
  return added;
}
