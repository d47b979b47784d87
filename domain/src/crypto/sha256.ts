import { sha256Of } from '#crypto';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url';
import { canonicalJson } from '../encoding/canonical-json';
import { type PublicKey, type Sha256 } from '../encoding/values';

const utf8 = new TextEncoder();

/** SHA-256 of bytes, or of the UTF-8 of a text, as base64url. */
export function sha256(data: Uint8Array | string): Sha256 {
  // it is what its schema asks for by how it is made: 32 bytes in their one spelling
  return encodeBase64url(sha256Of(typeof data === 'string' ? utf8.encode(data) : data)) as Sha256;
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
