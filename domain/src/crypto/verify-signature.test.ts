import fc from 'fast-check';
import { createHash, generateKeyPairSync, verify, createPublicKey, sign } from 'node:crypto';
import { decodeBase64url, encodeBase64url, hashOfKey, sha256, toLowS, verifySignature } from '../index';
import { newKey, signText } from '../signing.fixture';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const key = newKey();
const signature = signText('message', key);
const bytes = decodeBase64url(signature) ?? new Uint8Array();

/** (r, N−s): the same signature to a lenient verifier. */
function twin(): Uint8Array {
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).toString('hex')}`);
  return new Uint8Array([...bytes.subarray(0, 32), ...Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex')]);
}

describe('verifySignature', () => {
  it('accepts the signature of the key over the text', () => {
    expect(verifySignature(key.publicKey, 'message', signature)).toBe(true);
    expect(verifySignature(key.publicKey, Buffer.from('message'), signature)).toBe(true);
  });
  it('refuses another text and another key', () => {
    expect(verifySignature(key.publicKey, 'massage', signature)).toBe(false);
    expect(verifySignature(newKey().publicKey, 'message', signature)).toBe(false);
  });
  it('refuses the high-S twin, which Node alone accepts', () => {
    const spki = createPublicKey({ key: Buffer.from(key.publicKey, 'base64url'), format: 'der', type: 'spki' });
    expect(verify('sha256', Buffer.from('message'), { key: spki, dsaEncoding: 'ieee-p1363' }, twin())).toBe(true);
    expect(verifySignature(key.publicKey, 'message', encodeBase64url(twin()))).toBe(false);
  });
  it('refuses trailing and missing bytes', () => {
    expect(verifySignature(key.publicKey, 'message', encodeBase64url(new Uint8Array([...bytes, 0])))).toBe(false);
    expect(verifySignature(key.publicKey, 'message', encodeBase64url(bytes.subarray(0, 63)))).toBe(false);
    expect(verifySignature(key.publicKey, 'message', '')).toBe(false);
  });
  it('refuses other spellings of the same bytes', () => {
    const last = signature.at(-1) ?? '';
    const strayBits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const respelled = signature.slice(0, -1) + strayBits.charAt(strayBits.indexOf(last) + 1);
    expect(Buffer.from(respelled, 'base64url').equals(bytes)).toBe(true);
    for (const text of [respelled, `${signature}==`, `${signature}\n`, Buffer.from(bytes).toString('base64')]) {
      expect(verifySignature(key.publicKey, 'message', text)).toBe(false);
    }
  });
  it('refuses r and s that are zero or out of range', () => {
    const zero = new Uint8Array(32);
    const order = Buffer.from(ORDER.toString(16), 'hex');
    for (const [r, s] of [
      [zero, bytes.subarray(32)],
      [bytes.subarray(0, 32), zero],
      [order, bytes.subarray(32)],
      [zero, zero],
    ] as const) {
      expect(verifySignature(key.publicKey, 'message', encodeBase64url(new Uint8Array([...r, ...s])))).toBe(false);
    }
  });
  it('refuses any flipped bit of the signature', () => {
    fc.assert(
      fc.property(fc.nat(511), (bit) => {
        const flipped = Uint8Array.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return !verifySignature(key.publicKey, 'message', encodeBase64url(flipped));
      }),
    );
  });
  it('refuses a good signature of a curve of the same size', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const spki = encodeBase64url(publicKey.export({ format: 'der', type: 'spki' }));
    // sixteen random signatures: about half have an s in the lower half, so the curve is what decides
    for (let count = 0; count < 16; count += 1) {
      const foreign = sign('sha256', Buffer.from('message'), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      expect(verifySignature(spki, 'message', encodeBase64url(foreign))).toBe(false);
    }
  });
  it('refuses keys that are not P-256, not keys, or spelled otherwise', () => {
    const p384 = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey.export({ format: 'der', type: 'spki' });
    const trailing = new Uint8Array([...(decodeBase64url(key.publicKey) ?? []), 0]);
    for (const other of [encodeBase64url(p384), encodeBase64url(trailing), 'AAAA', '', '*', `${key.publicKey}=`]) {
      expect(verifySignature(other, 'message', signature)).toBe(false);
    }
  });
});

describe('toLowS', () => {
  it('turns the twin back and leaves a low S alone', () => {
    expect(toLowS(twin())).toEqual(bytes);
    expect(toLowS(bytes)).toBe(bytes);
  });
});

describe('hashes', () => {
  it('are SHA-256 in base64url', () => {
    // FIPS 180-2 appendix B.1
    expect(sha256('abc')).toBe(
      Buffer.from('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'hex').toString('base64url'),
    );
    expect(hashOfKey(key.publicKey)).toBe(createHash('sha256').update(Buffer.from(key.publicKey, 'base64url')).digest('base64url'));
  });
});
