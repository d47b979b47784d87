import { primitives } from '#crypto';
import { encodeBase64url, type PublicKey, publicKeySchema, type Signature, signatureSchema, toLowS } from '@lianyi/domain';
import { base64urlBytes, concatBytes, utf8 } from '../crypto/bytes';
import { type PrivateKey } from '../crypto/private-key';

/** The uncompressed point is the last 65 bytes of a P-256 SPKI (RFC 5480 §2.2). */
const POINT_BYTES = 65;
/** What stands before the point in the SPKI DER of a P-256 key: SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING }. */
const SPKI_PREFIX = Uint8Array.of(
  ...[0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01],
  ...[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00],
);

/** Makes a P-256 key: a signing key, a key to wrap data keys to, or the ephemeral key of a ticket; never one for two uses. */
export function newPrivateKey(): PrivateKey {
  return primitives.newPrivateKey();
}

/** The public half in the one spelling the ledger takes: base64url of the SPKI DER. */
export function publicKeyOf(privateKey: PrivateKey): PublicKey {
  return publicKeySchema.parse(encodeBase64url(concatBytes([SPKI_PREFIX, primitives.publicPointOf(privateKey)])));
}

/** Signs as the ledger verifies: ECDSA P-256/SHA-256, r‖s of 64 bytes, s in the lower half, base64url. */
export function signText(privateKey: PrivateKey, text: string): Signature {
  return signatureSchema.parse(encodeBase64url(toLowS(primitives.signP256(privateKey, utf8(text)))));
}

/** The public point as HPKE spells it (RFC 9180 §7.1.1). */
export function rawPublicKey(publicKey: PublicKey): Uint8Array {
  return base64urlBytes(publicKey).subarray(-POINT_BYTES);
}
