import { createECDH, createPrivateKey, hkdfSync, type KeyObject } from 'node:crypto';
import { type Pseudonym } from '@lianyi/domain';

/** The order of P-256 (SP 800-186 §3.2.1.3). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** 64 bits more than the order, so that the remainder's bias is negligible (FIPS 186-5 §A.2.1, "extra random bits"). */
const CANDIDATE_BYTES = 40;

/**
 * The one-time key of a pseudonym at a counter.
 *
 * Derived by hashing, never from a public parent: one leaked key tells nothing of the others, and two pseudonyms' keys have
 * nothing in common (security.md §3.5).
 */
export function oneTimeKey(seed: Uint8Array, pseudonym: Pseudonym, counter: number): KeyObject {
  // a pseudonym has no NUL, so the parts cannot be read another way
  const info = `lianyi/one-time-key/v1\0${pseudonym}\0${counter}`;
  const candidate = BigInt(`0x${Buffer.from(hkdfSync('sha256', seed, Buffer.alloc(0), info, CANDIDATE_BYTES)).toString('hex')}`);
  return privateKeyOfScalar((candidate % (P256_ORDER - 1n)) + 1n);
}

function privateKeyOfScalar(scalar: bigint): KeyObject {
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(d);
  const point = curve.getPublicKey();
  const x = point.subarray(1, 33).toString('base64url');
  const y = point.subarray(33).toString('base64url');
  return createPrivateKey({ key: { kty: 'EC', crv: 'P-256', d: d.toString('base64url'), x, y }, format: 'jwk' });
}
