import { type ByteSource } from '@lianyi/client';
import { type Sha256 } from '@lianyi/domain';

/** A sealed object by the hash of its bytes; the ledger holds the same hash, so a store need not be trusted. */
export type StoredObject = { sha256: Sha256; sizeBytes: number };

/** An object opened for reading. */
export type ReadableObject = StoredObject & {
  /** The bytes, once. Fails at its end with `HASH_MISMATCH` when they are not what the hash promised. */
  bytes: AsyncIterable<Buffer>;
};

export type PutOptions = {
  /** Refuse anything else; without it the store says what the hash is. */
  expectedSha256?: Sha256;
  /** Inclusive. */
  maxBytes?: number;
};

/** Where sealed objects are kept: a directory here, an S3 bucket elsewhere. */
export interface ObjectStore {
  /**
   * Stores an object whole or not at all; storing it again is no error and repairs a damaged copy.
   *
   * @throws {@link DomainError} `HASH_MISMATCH` · `OBJECT_TOO_LARGE` · `STORAGE_FULL`; nothing is kept then.
   */
  put(source: ByteSource, options?: PutOptions): Promise<StoredObject>;
  /** @throws {@link DomainError} `NOT_FOUND` — the object is not here. */
  get(sha256: Sha256): Promise<ReadableObject>;
  has(sha256: Sha256): Promise<boolean>;
  /** Tells whether there was something to delete. */
  delete(sha256: Sha256): Promise<boolean>;
  list(): AsyncIterable<Sha256>;
}
