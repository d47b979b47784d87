import { createPublicKey, verify } from 'node:crypto';
import { decodeBase64url } from '../encoding/base64url';

/** The order of P-256 (FIPS 186-5, SP 800-186 §3.2.1.3). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * Verifies an ECDSA P-256/SHA-256 signature in its one accepted spelling.
 *
 * r‖s of 64 bytes in strict base64url, r and s in range, s in the lower half: Node alone accepts the twin (r, N−s)
 * (security.md E5, §3.6). The key must be the uncompressed SPKI DER of a P-256 point. Every failure is just `false`.
 */
export function verifySignature(publicKey: string, message: Uint8Array | string, signature: string): boolean {
  const bytes = decodeBase64url(signature);
  const spki = decodeBase64url(publicKey);
  if (bytes?.length !== 64 || spki === undefined || !isCanonicalScalarPair(bytes)) return false;
  const key = importP256(spki);
  const data = typeof message === 'string' ? new TextEncoder().encode(message) : message;
  return key !== undefined && verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, bytes);
}

/** Tells whether r and s lie in their range and s in its lower half. */
function isCanonicalScalarPair(bytes: Uint8Array): boolean {
  const r = toBigInt(bytes.subarray(0, 32));
  const s = toBigInt(bytes.subarray(32));
  return r > 0n && r < P256_ORDER && s > 0n && s <= P256_ORDER / 2n;
}

/** Turns an s of the upper half into its twin of the lower; for signers, whose library does not (Node's does not). */
export function toLowS(signature: Uint8Array): Uint8Array {
  const s = toBigInt(signature.subarray(32));
  if (s <= P256_ORDER / 2n) return signature;
  const low = Buffer.from((P256_ORDER - s).toString(16).padStart(64, '0'), 'hex');
  return new Uint8Array([...signature.subarray(0, 32), ...low]);
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function importP256(spki: Uint8Array): ReturnType<typeof createPublicKey> | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    const isP256 = key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
    // re-encode and compare: OpenSSL tolerates other spellings of the same key, and the hash of a key must be one
    return isP256 && key.export({ format: 'der', type: 'spki' }).equals(spki) ? key : undefined;
  } catch {
    return undefined; // not a key: to the outside the same as a bad signature
  }
}
