import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { encodeBase64url, type PublicKey, publicKeySchema, type Signature, signatureSchema, toLowS } from './index';

/** A P-256 key of the tests. */
export type TestKey = { readonly publicKey: PublicKey; readonly privateKey: KeyObject };

export function newKey(): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return { publicKey: publicKeySchema.parse(encodeBase64url(publicKey.export({ format: 'der', type: 'spki' }))), privateKey };
}

export function signText(text: string, key: TestKey): Signature {
  const bytes = sign('sha256', Buffer.from(text), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return signatureSchema.parse(encodeBase64url(toLowS(bytes)));
}
