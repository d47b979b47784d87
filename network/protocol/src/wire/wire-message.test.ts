import { WireMessage } from './wire-message';

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const message = (hex: string): WireMessage => new WireMessage(bytes(hex));

describe('WireMessage', () => {
  it('reads bytes, text, numbers and truth', () => {
    const read = message('0a 02 6869 10 9601 18 01');
    expect([read.text(1), read.integer(2, 32), read.isTrue(3), read.isTrue(4)]).toEqual(['hi', 150n, true, false]);
    expect(read.bytes(9)).toHaveLength(0);
  });

  it('takes the last of several values, and each of a repeated field', () => {
    const read = message('0a 01 61 10 01 0a 01 62 10 02');
    expect([read.text(1), read.integer(2, 64)]).toEqual(['b', 2n]);
    expect([...read.each(1)].map((each) => Buffer.from(each).toString())).toEqual(['a', 'b']);
    expect(read.countFields()).toBe(4);
  });

  it('takes a message that stands in several pieces for one, as a peer does', () => {
    const pieces = message('0a 03 0a 01 61 0a 00 0a 02 10 05');
    expect([pieces.message(1).text(1), pieces.message(1).integer(2, 32)]).toEqual(['a', 5n]);
  });

  it.each([
    ['a number where bytes are expected', '08 05 0a 01 61'],
    ['a number of fixed length', '0d 01020304 0a 01 61 09 0102030405060708'],
    ['a group, with fields in it', '0b 0a 01 62 13 14 0c 0a 01 61'],
    ['a group with fields of numbers that no field outside of one may have', '0b 80 80 80 80 10 05 82 80 80 80 10 01 62 0c 0a 01 61'],
    ['a field of an unknown number', 'fa ff ff ff 0f 01 62 0a 01 61'],
  ])('passes over %s', (_what, hex) => {
    expect(message(hex).text(1)).toBe('a');
  });

  it('cuts numbers to the size of their field', () => {
    const read = message('08 ff ff ff ff ff ff ff ff ff 01 10 83 80 80 80 10');
    expect([read.integer(1, 32), read.integer(1, 64), read.integer(2, 32)]).toEqual([-1n, -1n, 3n]);
  });

  it.each([
    ['a field longer than the message', '0a 05 61'],
    ['a length of more bits than a number here is exact to', '0a 81 80 80 80 80 80 80 10 61'],
    ['a length that no memory has', '0a ff ff ff ff ff ff ff ff ff 01'],
    ['a number that does not end', '08 ff'],
    ['a number of more than 64 bits', '08 ff ff ff ff ff ff ff ff ff 02'],
    ['a number of eleven bytes', '08 80 80 80 80 80 80 80 80 80 80 00'],
    ['field 0', '02 01 61'],
    ['a field above 2^29', '80 80 80 80 10 05'],
    ['a field above 2^31 in a group', '0b 80 80 80 80 40 05 0c'],
    ['a wire type that there is not', '0f'],
    ['a group that does not end', '0b 0a 01 61'],
    ['the end of another group', '0b 14'],
    ['the end of no group', '0c'],
    ['four bytes of which three are there', '0d 010203'],
  ])('refuses %s', (_what, hex) => {
    const read = message(hex);
    expect(() => read.bytes(1)).toThrow();
    expect(() => read.integer(1, 64)).toThrow();
    expect(() => read.message(1)).toThrow();
    expect(() => [...read.each(1)]).toThrow();
    expect(() => read.countFields()).toThrow();
  });
});
