import { sha256Of } from '#crypto';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url';
import { canonicalJson } from '../encoding/canonical-json';
import { type PublicKey, type Sha256, sha256Schema } from '../encoding/values';

/** SHA-256 of bytes, or of the UTF-8 of a text, as base64url. */
export function sha256(data: Uint8Array | string): Sha256 {
  return sha256Schema.parse(encodeBase64url(sha256Of(typeof data === 'string' ? new TextEncoder().encode(data) : data)));
}

/** SHA-256 of a value's canonical JSON; what `requestHash` and `transientSha256` are. */
export function hashOfJson(value: unknown): Sha256 {
  return sha256(canonicalJson(value));
}

/** The hash by which the ledger knows a public key: SHA-256 of its SPKI DER. */
export function hashOfKey(publicKey: PublicKey): Sha256 {
  const spki = decodeBase64url(publicKey);
  if (spki === undefined) throw new TypeError('a public key that its schema has not parsed');
  return sha256(spki);
}
