import fc from 'fast-check';
import { cursorSchema, decodeBase64url, encodeBase64url, publicKeySchema, saltSchema, sha256Schema, signatureSchema } from '../index';
import { newKey } from '../signing.fixture';

const bytes = fc.uint8Array({ maxLength: 200 });

describe('base64url', () => {
  it('writes what Node writes', () => {
    fc.assert(fc.property(bytes, (value) => encodeBase64url(value) === Buffer.from(value).toString('base64url')));
  });
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(decodeBase64url(encodeBase64url(value))).toEqual(Uint8Array.from(value));
      }),
    );
  });
  it('reads no text that it would not write', () => {
    const text = fc.string({
      unit: fc.constantFrom('A', 'B', 'C', 'D', 'w', 'z', '0', '9', '-', '_', '+', '/', '=', ' ', '\n'),
      maxLength: 12,
    });
    fc.assert(
      fc.property(text, (spelling) => {
        const decoded = decodeBase64url(spelling);
        return decoded === undefined || encodeBase64url(decoded) === spelling;
      }),
    );
  });
  it.each(['A', 'AAAAA', 'AB', 'AAB', 'AA==', 'A+', 'A/', 'AA A', 'AAAA\n', 'ÄAAA', '😀AA'])('refuses %j', (text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  });
});

describe('values', () => {
  const spelled = (length: number): string => encodeBase64url(new Uint8Array(length).fill(7));

  it('take hashes of 32 bytes only', () => {
    expect([31, 32, 33].map((length) => sha256Schema.safeParse(spelled(length)).success)).toEqual([false, true, false]);
  });
  it('take signatures of 64 bytes only', () => {
    expect([63, 64, 65].map((length) => signatureSchema.safeParse(spelled(length)).success)).toEqual([false, true, false]);
  });
  it('take salts of 16 to 32 bytes', () => {
    expect([15, 16, 32, 33].map((length) => saltSchema.safeParse(spelled(length)).success)).toEqual([false, true, true, false]);
  });
  it('take the SPKI of P-256 keys', () => {
    expect(publicKeySchema.safeParse(newKey().publicKey).success).toBe(true);
    expect([90, 92].map((length) => publicKeySchema.safeParse(spelled(length)).success)).toEqual([false, false]);
  });
  it('take cursors without anything a key could end with', () => {
    expect(['abc_-', '', 'a b', 'a\u0000', 'x'.repeat(513)].map((text) => cursorSchema.safeParse(text).success)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
