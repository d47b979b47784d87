import { decodeText, encodeText } from './charset';

const hex = (text: string): string => Buffer.from(encodeText('gb18030', text)).toString('hex');

describe('GB 18030', () => {
  it.each([
    // GB 18030-2022, and where the platform has them: two bytes, four bytes, beyond the basic plane
    ['A', '41'],
    ['张', 'd5c5'],
    ['㐀', '8139ee39'],
    ['é', 'a8a6'],
    ['ü', 'a8b9'],
    ['ö', '81308b32'],
    ['😀', '9439fc36'],
    ['𠀀', '95328236'],
  ])('writes %s as %s, and reads it again', (text, expected) => {
    expect(hex(text)).toBe(expected);
    expect(decodeText('gb18030', Buffer.from(expected, 'hex'))).toBe(text);
  });

  it('writes every character that it reads so that it reads it again', () => {
    // of private use none is a text's: the edition of 2022 has moved some away
    const all = Array.from({ length: 0xffff }, (_, point) => String.fromCharCode(point)).filter((character) =>
      /[^\p{Co}\p{Cs}]/u.test(character),
    );
    const lost = all.filter((character) => decodeText('gb18030', encodeText('gb18030', character)) !== character);
    expect(lost).toEqual([]);
  });

  it('is refused where a byte is of no character', () => {
    expect(decodeText('gb18030', Uint8Array.of(0xff))).toBeUndefined();
    expect(decodeText('gb18030', Uint8Array.of(0x81))).toBeUndefined();
    expect(decodeText('ascii', Uint8Array.of(0x80))).toBeUndefined();
    expect(decodeText('utf-8', Uint8Array.of(0xc0, 0x80))).toBeUndefined();
  });

  it('what ASCII does not have is a question mark there', () => {
    expect(Buffer.from(encodeText('ascii', '张a')).toString()).toBe('?a');
  });
});
