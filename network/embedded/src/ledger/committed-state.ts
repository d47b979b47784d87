export interface Version {
  readonly blockNumber: number;
  readonly txIndex: number;
}

export interface VersionedValue {
  readonly value: Buffer;
  readonly version: Version;
}

export interface KeyedValue extends VersionedValue {
  readonly key: string;
}

export interface HistoryEntry {
  readonly txId: string;
  readonly value: Buffer;
  readonly timestampMillis: number;
  readonly isDelete: boolean;
}

/** Committed state of one channel. Keys compare in UTF-8 byte order. Everything is synchronous (node:sqlite). */
export interface CommittedState {
  /** Number of blocks; the newest block is `height - 1`. */
  readonly height: number;
  getState(namespace: string, key: string): VersionedValue | undefined;
  getStateMetadata(namespace: string, key: string): ReadonlyMap<string, Buffer> | undefined;
  /** `startKey` inclusive, `endKey` exclusive; '' = open end. */
  scanState(namespace: string, startKey: string, endKey: string): IterableIterator<KeyedValue>;
  /** The value is the SHA-256 of the private value. */
  getPrivateHash(namespace: string, collection: string, keyHash: Buffer): VersionedValue | undefined;
  getPrivateMetadata(namespace: string, collection: string, keyHash: Buffer): ReadonlyMap<string, Buffer> | undefined;
  /** What one peer holds (its {@link holderOf} name); may lag behind or be missing where the hash exists. */
  getPrivate(holder: string, namespace: string, collection: string, key: string): VersionedValue | undefined;
  scanPrivate(holder: string, namespace: string, collection: string, startKey: string, endKey: string): IterableIterator<KeyedValue>;
  /** Newest first. */
  history(namespace: string, key: string): IterableIterator<HistoryEntry>;
}
