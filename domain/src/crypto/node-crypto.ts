import { createHash, createPublicKey, verify } from 'node:crypto';
import { type CryptoForm } from './crypto-form';

export const sha256Of: CryptoForm['sha256Of'] = (data) => new Uint8Array(createHash('sha256').update(data).digest());

export const verifyP256: CryptoForm['verifyP256'] = (spki, message, signature) => {
  const key = importPoint(spki);
  return key !== undefined && verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
};

/** The caller has checked every byte before the point, so this is no other spelling of the key; OpenSSL refuses what is off the curve. */
function importPoint(spki: Uint8Array): ReturnType<typeof createPublicKey> | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined; // not a key: to the outside the same as a bad signature
  }
}
