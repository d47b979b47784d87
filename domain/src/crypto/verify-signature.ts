import { verifyP256 } from '#crypto';
import { decodeBase64url } from '../encoding/base64url';
import { scalarAt, WORDS } from '../encoding/p256-key';

/** The order of P-256 (FIPS 186-5, SP 800-186 §3.2.1.3). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * All of a P-256 SPKI before the coordinates of its point (RFC 5480 §2): SEQUENCE { SEQUENCE { id-ecPublicKey, secp256r1 }, BIT STRING
 * with no unused bits }, and the 4 of an uncompressed point (SEC 1 §2.3.3).
 */
const SPKI_PREFIX = [
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
  0x03, 0x42, 0x00, 0x04,
];
const SPKI_BYTES = SPKI_PREFIX.length + 64;

/**
 * Verifies an ECDSA P-256/SHA-256 signature in its one accepted spelling.
 *
 * r‖s of 64 bytes in strict base64url, r and s in range, s in the lower half: a lenient verifier, such as Node's, also accepts the twin
 * (r, N−s), and then one signature has two spellings. The key must be the uncompressed SPKI DER of a P-256 point. Every failure is just
 * `false`.
 */
export function verifySignature(publicKey: string, message: Uint8Array | string, signature: string): boolean {
  const bytes = decodeBase64url(signature);
  const spki = decodeBase64url(publicKey);
  if (bytes?.length !== 64 || spki === undefined || !isCanonicalScalarPair(bytes) || !isUncompressedP256(spki)) return false;
  return verifyP256(spki, typeof message === 'string' ? new TextEncoder().encode(message) : message, bytes);
}

function isUncompressedP256(spki: Uint8Array): boolean {
  return spki.length === SPKI_BYTES && SPKI_PREFIX.every((byte, index) => spki[index] === byte);
}

/** Tells whether r and s lie in their range and s in its lower half. */
function isCanonicalScalarPair(bytes: Uint8Array): boolean {
  const r = scalarAt(bytes, 0);
  const s = scalarAt(bytes, 32);
  return r > 0n && r < P256_ORDER && s > 0n && s <= P256_ORDER / 2n;
}

/** Turns an s of the upper half into its twin of the lower; for signers, whose library does not (Node's does not). */
export function toLowS(signature: Uint8Array): Uint8Array {
  const s = scalarAt(signature, 32);
  if (s <= P256_ORDER / 2n) return signature;
  const low = Uint8Array.from(signature);
  writeScalar(low, 32, P256_ORDER - s);
  return low;
}

function writeScalar(bytes: Uint8Array, offset: number, value: bigint): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, 32);
  for (const at of WORDS) view.setBigUint64(at, (value >> BigInt(8 * (24 - at))) & 0xffffffffffffffffn);
}
