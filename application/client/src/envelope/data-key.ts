import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonicalJson, encodeBase64url, type MspId, type RecordId, type Sha256, sha256Schema } from '@lianyi/domain';
import { type ByteSource } from './blocks';
import { KEY_BYTES } from './cobblestone';

/** Which version of which record a sealed object is; the object opens as nothing else. */
export type ObjectIdentity = {
  recordId: RecordId;
  /** 1 for the anchored record, then one more for each amendment. */
  version: number;
  /** The hospital that keeps the record. */
  custodianMspId: MspId;
  /** Media type of the plaintext, for example `application/fhir+json`. */
  contentType: string;
};

/** A data key for one version of one record; never used for another (security.md §3.1). */
export function newDataKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** A salt of a commitment; destroying every copy of it makes the commitment say nothing (security.md F11). */
export function newSalt(): Buffer {
  return randomBytes(32);
}

/** The context a record's object is sealed under: a ciphertext moved to another record, version or hospital does not open. */
export function objectContext(identity: ObjectIdentity): Buffer {
  const { recordId, version, custodianMspId, contentType } = identity;
  return Buffer.from(canonicalJson({ t: 'lianyi/object/v1', recordId, version, custodianMspId, contentType }));
}

/**
 * The commitment to a data key that the ledger holds.
 *
 * A cheating sealer could otherwise hand out a second key under which the object reads differently (security.md §3.1).
 */
export function dekCommitment(dataKey: Uint8Array, recordId: RecordId): Sha256 {
  return sha256Schema.parse(encodeBase64url(createHmac('sha256', dataKey).update('lianyi/dek-commit/v1').update(recordId).digest()));
}

/** Tells whether a data key is the one the ledger committed to. */
export function isCommittedKey(dataKey: Uint8Array, recordId: RecordId, commitment: Sha256): boolean {
  return timingSafeEqual(Buffer.from(dekCommitment(dataKey, recordId)), Buffer.from(commitment));
}

/** The salted commitment to a document's own bytes; without the 32-byte salt it cannot be tried against guesses. */
export async function contentCommitment(salt: Uint8Array, content: ByteSource): Promise<Sha256> {
  const mac = createHmac('sha256', salt).update('lianyi/content-commit/v1');
  for await (const piece of content) {
    mac.update(piece);
  }
  return sha256Schema.parse(encodeBase64url(mac.digest()));
}
