import { parseStoredJson } from './stored-json';
import { StrictJsonError } from './strict-json';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('what the value of a ledger key says', () => {
  it('is strict JSON in UTF-8', () => {
    expect(parseStoredJson(bytes('{"name":"病"}'))).toEqual({ name: '病' });
    expect(() => parseStoredJson(bytes('{"a":1,"a":2}'))).toThrow(StrictJsonError);
  });
  it.each([
    ['a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf, 0x31)],
    ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['a character cut off', Uint8Array.of(0x22, 0xe7, 0x97, 0x22)],
  ])('is nothing with %s', (_what, value) => {
    expect(() => parseStoredJson(value)).toThrow();
  });
  it('is 256 KiB and 32 levels at most', () => {
    const long = (length: number): Uint8Array => bytes(`"${'x'.repeat(length - 2)}"`);
    const deep = (levels: number): Uint8Array => bytes('['.repeat(levels) + ']'.repeat(levels));
    expect(() => parseStoredJson(long(262_144))).not.toThrow();
    expect(() => parseStoredJson(deep(32))).not.toThrow();
    expect(() => parseStoredJson(long(262_145))).toThrow('TOO_LARGE');
    expect(() => parseStoredJson(deep(33))).toThrow('TOO_DEEP');
  });
});
