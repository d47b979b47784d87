import { createHash, createPublicKey, verify } from 'node:crypto';
import { type CryptoForm } from './crypto-form';

export const sha256Of: CryptoForm['sha256Of'] = (data) => new Uint8Array(createHash('sha256').update(data).digest());

export const verifyP256: CryptoForm['verifyP256'] = (spki, message, signature) => {
  const key = importP256(spki);
  return key !== undefined && verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
};

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
