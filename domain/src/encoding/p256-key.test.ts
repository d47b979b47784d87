import { ECDH, generateKeyPairSync } from 'node:crypto';
import { encodeBase64url } from './base64url';
import { isP256PublicKey } from './p256-key';
import { publicKeySchema } from './values';

const fresh = (namedCurve = 'P-256'): Buffer => generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'der', type: 'spki' });
const key = fresh();
const [prefix, x, y] = [key.subarray(0, 27), key.subarray(27, 59), key.subarray(59)];
const P = Buffer.from('ffffffff00000001000000000000000000000000ffffffffffffffffffffffff', 'hex');
const zero = Buffer.alloc(32);
/** The two points whose x is zero; a lenient parser takes p for zero, so each has a second spelling of the same length. */
const yOfZero = (sign: 2 | 3): Buffer => {
  const point = ECDH.convertKey(Buffer.concat([Buffer.of(sign), zero]), 'prime256v1', undefined, undefined, 'uncompressed');
  return Buffer.from(point as Buffer).subarray(33);
};
const spelled = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat([prefix, ...parts]);
const changed = (at: number, byte: number): Buffer => Buffer.concat([key.subarray(0, at), Buffer.of(byte), key.subarray(at + 1)]);

describe('a P-256 public key', () => {
  it('is every key that is generated', () => {
    for (let tried = 0; tried < 100; tried++) expect(isP256PublicKey(fresh())).toBe(true);
  });

  it.each([2, 3] as const)('is a point whose x is zero, by its own spelling (%d)', (sign) => {
    expect(isP256PublicKey(spelled(zero, yOfZero(sign)))).toBe(true);
  });

  it.each([
    ['a point beside the curve', changed(90, (key[90] ?? 0) ^ 1)],
    ['the coordinates the other way round', spelled(y, x)],
    ['zeros, as the point at infinity might be written', spelled(zero, zero)],
    ['a first coordinate of p instead of zero', spelled(P, yOfZero(2))],
    ['a first coordinate of p instead of zero, with the other sign', spelled(P, yOfZero(3))],
    ['coordinates that are all ones', spelled(Buffer.alloc(64, 0xff))],
    ['random bytes of the right length', Buffer.alloc(91, 0x5a)],
    ['the hybrid form of a point', changed(26, 6)],
    ['the compressed form, filled up', spelled(x, zero)],
    ['another curve of the same size', fresh('secp256k1')],
    ['a curve named by another object identifier', changed(22, 8)],
    ['a bit string with unused bits', changed(25, 1)],
    ['a byte behind it', Buffer.concat([key, Buffer.of(0)])],
    ['nothing', Buffer.alloc(0)],
  ])('is not %s', (_, bytes) => {
    expect(isP256PublicKey(bytes)).toBe(false);
    expect(publicKeySchema.safeParse(encodeBase64url(bytes)).success).toBe(false);
  });

  it('is taken by the schema of every request, in its one spelling of base64url', () => {
    const text = encodeBase64url(key);
    expect(publicKeySchema.parse(text)).toBe(text);
    // 91 bytes leave four bits of the last character unused: the other spellings of the same bytes are refused
    expect(publicKeySchema.safeParse(text.replace(/.$/, '_')).success).toBe(false);
    expect(publicKeySchema.safeParse(`${text}=`).success).toBe(false);
  });
});
