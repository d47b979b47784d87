/** What stands before the point in the one DER of a P-256 key: SubjectPublicKeyInfo (RFC 5480) with the named curve and an uncompressed point. */
const PREFIX = [
  ...[0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08],
  ...[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04],
];
const COORDINATE_BYTES = 32;
/** Where the words of 64 bits begin in a number of 32 bytes. */
export const WORDS = [0, 8, 16, 24] as const;

/** Of the curve y² = x³ - 3x + b over the field of p elements (SP 800-186, 3.2.1.3). */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/**
 * Whether bytes are a P-256 public key in its one encoding.
 *
 * A key that is no point opens nothing that is sealed to it, and a key that has two spellings has two hashes. The check uses no library
 * of cryptography, so that chaincode, nodes and browsers agree on it; it needs no constant time, because the key is public.
 *
 * @returns true for an uncompressed point of the curve; the point at infinity has no such encoding
 */
export function isP256PublicKey(spki: Uint8Array): boolean {
  if (spki.length !== PREFIX.length + 2 * COORDINATE_BYTES || PREFIX.some((byte, index) => spki[index] !== byte)) return false;
  const x = scalarAt(spki, PREFIX.length);
  const y = scalarAt(spki, PREFIX.length + COORDINATE_BYTES);
  return x < P && y < P && (y * y - (x * x * x - 3n * x + B)) % P === 0n;
}

/** A big-endian number of 32 bytes: a coordinate, or half of a signature. */
export function scalarAt(bytes: Uint8Array, offset: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, COORDINATE_BYTES);
  return WORDS.reduce((value, at) => (value << 64n) | view.getBigUint64(at), 0n);
}
