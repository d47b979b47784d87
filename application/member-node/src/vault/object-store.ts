import { type ByteSource } from '@lianyi/client';
import { type Sha256 } from '@lianyi/domain';

/** A sealed object by the hash of its bytes; the ledger holds the same hash, so a store need not be trusted. */
export type StoredObject = { sha256: Sha256; sizeBytes: number };

/** An object opened for reading. */
export type ReadableObject = StoredObject & {
  /**
   * The bytes, once, in pieces. They had the hash when the object was opened; should they have changed since, it fails with
   * `HASH_MISMATCH` after the last.
   */
  bytes: AsyncIterable<Buffer>;
  /** To be called by whoever does not read all bytes; may be called again. */
  close(): Promise<void>;
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
  /**
   * Opens an object, of which it has looked at every byte by then without holding them in memory.
   * @throws {@link DomainError} `NOT_FOUND` — the object is not here; `HASH_MISMATCH` — it was changed.
   */
  get(sha256: Sha256): Promise<ReadableObject>;
  /**
   * Keeps an object only as long as it is read, on the disk and under no name.
   * @throws as {@link put}
   */
  spool(source: ByteSource, options: PutOptions): Promise<ReadableObject>;
  has(sha256: Sha256): Promise<boolean>;
  /** Tells whether there was something to delete. */
  delete(sha256: Sha256): Promise<boolean>;
  list(): AsyncIterable<Sha256>;
}
