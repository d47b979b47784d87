import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type CryptoForm } from './crypto-form';

/** The uncompressed point is the last 65 bytes of a P-256 SPKI (RFC 5480 §2.2). */
const POINT_BYTES = 65;

/** @public the browser form of `#crypto` */
export const sha256Of: CryptoForm['sha256Of'] = (data) => sha256(data);

/** @public the browser form of `#crypto` */
export const verifyP256: CryptoForm['verifyP256'] = (spki, message, signature) => {
  try {
    return p256.verify(signature, message, spki.subarray(-POINT_BYTES), { prehash: true, lowS: true, format: 'compact' });
  } catch {
    return false; // not a point of the curve: to the outside the same as a bad signature
  }
};
