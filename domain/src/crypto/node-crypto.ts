import { createHash, createPublicKey, verify } from 'node:crypto';
import { LastUsed } from '../encoding/last-used';
import { type CryptoForm } from './crypto-form';

export const sha256Of: CryptoForm['sha256Of'] = (data) => new Uint8Array(createHash('sha256').update(data).digest());

export const verifyP256: CryptoForm['verifyP256'] = (spki, message, signature) => {
  const bytes = Buffer.from(spki);
  const key = imported.of(bytes.toString('latin1'), () => importPoint(bytes));
  return key !== undefined && verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
};

type Key = ReturnType<typeof createPublicKey>;

/** By their bytes: to import a key takes longer than to verify with it, and staff sign with the same key again. */
const imported = new LastUsed<Key>(1_000);

/** The caller has checked every byte before the point, so this is no other spelling of the key; OpenSSL refuses what is off the curve. */
function importPoint(bytes: Buffer): Key | undefined {
  try {
    return createPublicKey({ key: bytes, format: 'der', type: 'spki' });
  } catch {
    return undefined; // not a key: to the outside the same as a bad signature
  }
}
