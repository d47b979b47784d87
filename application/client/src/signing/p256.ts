import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { encodeBase64url, type PublicKey, publicKeySchema, type Signature, signatureSchema, toLowS } from '@lianyi/domain';

/** The uncompressed point is the last 65 bytes of a P-256 SPKI (RFC 5480 §2.2). */
const POINT_BYTES = 65;

/** Makes a P-256 key: a signing key, a key to wrap data keys to, or the ephemeral key of a ticket; never one for two uses. */
export function newPrivateKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** The public half in the one spelling the ledger takes: base64url of the SPKI DER. */
export function publicKeyOf(privateKey: KeyObject): PublicKey {
  return publicKeySchema.parse(encodeBase64url(createPublicKey(privateKey).export({ format: 'der', type: 'spki' })));
}

/** Signs as the ledger verifies: ECDSA P-256/SHA-256, r‖s of 64 bytes, s in the lower half, base64url. */
export function signText(privateKey: KeyObject, text: string): Signature {
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return signatureSchema.parse(encodeBase64url(toLowS(signature)));
}

/** The public point as HPKE spells it (RFC 9180 §7.1.1). */
export function rawPublicKey(publicKey: PublicKey): Buffer {
  return Buffer.from(publicKey, 'base64url').subarray(-POINT_BYTES);
}

/** The private scalar as HPKE spells it, 32 bytes (RFC 9180 §7.1.2). */
export function rawPrivateKey(privateKey: KeyObject): Buffer {
  const { d } = privateKey.export({ format: 'jwk' });
  if (d === undefined) {
    throw new TypeError('not a private key');
  }
  return Buffer.from(d, 'base64url');
}
