import { primitives } from '#crypto';
import {
  canonicalJson,
  encodeBase64url,
  hashOfVersion,
  type MspId,
  type Sha256,
  sha256Schema,
  type VersionIdentity,
  versionIdentityOf,
} from '@lianyi/domain';
import { contentTypeOf } from '@lianyi/documents/media-type';
import { utf8 } from '../crypto/bytes';
import { type ByteSource } from './cobblestone';
import { KEY_BYTES } from './cobblestone';

/** Which version of which record of whom a sealed object is; the object opens as nothing else. */
export type ObjectIdentity = VersionIdentity & {
  /** The hospital that keeps the record. */
  custodianMspId: MspId;
  /** Media type of the plaintext, for example `application/fhir+json`. */
  contentType: string;
};

/** The media type a format's objects are sealed under. */
export const contentTypes: ReadonlyMap<string, string> = new Map(Object.entries(contentTypeOf));

/** A data key for one version of one record; never used for another. */
export function newDataKey(): Uint8Array {
  return primitives.randomBytes(KEY_BYTES);
}

/** A salt of a commitment; destroying every copy of it makes the commitment say nothing. */
export function newSalt(): Uint8Array {
  return primitives.randomBytes(32);
}

/**
 * The context a record's object is sealed under: a ciphertext moved to another patient, record, version, hospital or channel does not open.
 * Without the patient in it, a custodian could anchor one object for two of them.
 */
export function objectContext(identity: ObjectIdentity): Uint8Array {
  const { custodianMspId, contentType } = identity;
  return utf8(canonicalJson({ t: 'lianyi/object/v1', ...versionIdentityOf(identity, identity), custodianMspId, contentType }));
}

/**
 * The commitment to the data key of one version that the ledger holds.
 *
 * A cheating sealer could otherwise hand out a second key under which the object reads differently.
 */
export function dekCommitment(dataKey: Uint8Array, version: VersionIdentity): Sha256 {
  const mac = primitives
    .hmac('sha256', dataKey)
    .update(utf8('lianyi/dek-commit/v1'))
    .update(utf8(hashOfVersion(version)));
  return sha256Schema.parse(encodeBase64url(mac.digest()));
}

/** Tells whether a data key is the one the ledger committed to for this version. */
export function isCommittedKey(dataKey: Uint8Array, version: VersionIdentity, commitment: Sha256): boolean {
  return primitives.equalBytes(utf8(dekCommitment(dataKey, version)), utf8(commitment));
}

/**
 * The salted commitment to the bytes of the document of one version; without the 32-byte salt it cannot be tried against guesses.
 * Copied to another record it commits to nothing.
 */
export async function contentCommitment(salt: Uint8Array, version: VersionIdentity, content: ByteSource): Promise<Sha256> {
  const mac = primitives
    .hmac('sha256', salt)
    .update(utf8('lianyi/content-commit/v1'))
    .update(utf8(hashOfVersion(version)));
  for await (const piece of content) {
    mac.update(piece);
  }
  return sha256Schema.parse(encodeBase64url(mac.digest()));
}

/**
 * A salt of 32 bytes under a pad of the data key of one version, or without it again: who has the key has the salt. A key is made for one version
 * and covers one salt, so no pad is used twice; a changed one is found by what the salt opens.
 */
export function saltUnderPad(dataKey: Uint8Array, version: VersionIdentity, salt: Uint8Array): Uint8Array {
  const pad = primitives
    .hmac('sha256', dataKey)
    .update(utf8('lianyi/salt-pad/v1'))
    .update(utf8(hashOfVersion(version)))
    .digest();
  if (salt.length !== pad.length) throw new RangeError('the salt is not of 32 bytes');
  return pad.map((byte, index) => byte ^ (salt[index] ?? 0));
}
