import fc from 'fast-check';
import { decodeBase64url, encodeBase64url } from './base64url';

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
