import { primitives } from '#crypto';
import { canonicalJson, encodeBase64url, type MspId, type RecordId, type Sha256, sha256Schema } from '@lianyi/domain';
import { utf8 } from '../crypto/bytes';
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

/** A data key for one version of one record; never used for another. */
export function newDataKey(): Uint8Array {
  return primitives.randomBytes(KEY_BYTES);
}

/** A salt of a commitment; destroying every copy of it makes the commitment say nothing. */
export function newSalt(): Uint8Array {
  return primitives.randomBytes(32);
}

/** The context a record's object is sealed under: a ciphertext moved to another record, version or hospital does not open. */
export function objectContext(identity: ObjectIdentity): Uint8Array {
  const { recordId, version, custodianMspId, contentType } = identity;
  return utf8(canonicalJson({ t: 'lianyi/object/v1', recordId, version, custodianMspId, contentType }));
}

/**
 * The commitment to a data key that the ledger holds.
 *
 * A cheating sealer could otherwise hand out a second key under which the object reads differently.
 */
export function dekCommitment(dataKey: Uint8Array, recordId: RecordId): Sha256 {
  const mac = primitives.hmac('sha256', dataKey).update(utf8('lianyi/dek-commit/v1')).update(utf8(recordId));
  return sha256Schema.parse(encodeBase64url(mac.digest()));
}

/** Tells whether a data key is the one the ledger committed to. */
export function isCommittedKey(dataKey: Uint8Array, recordId: RecordId, commitment: Sha256): boolean {
  return primitives.equalBytes(utf8(dekCommitment(dataKey, recordId)), utf8(commitment));
}

/** The salted commitment to a document's own bytes; without the 32-byte salt it cannot be tried against guesses. */
export async function contentCommitment(salt: Uint8Array, content: ByteSource): Promise<Sha256> {
  const mac = primitives.hmac('sha256', salt).update(utf8('lianyi/content-commit/v1'));
  for await (const piece of content) {
    mac.update(piece);
  }
  return sha256Schema.parse(encodeBase64url(mac.digest()));
}
