import { headerTimeMillis } from './proposal-header';

const AT = 1_768_464_000; // seconds
const field = (number: number, bytes: readonly number[]): readonly number[] => [(number << 3) | 2, bytes.length, ...bytes];
const varint = (value: number): number[] => (value < 128 ? [value] : [128 + (value % 128), ...varint(Math.floor(value / 128))]);
const seconds = (value: number): readonly number[] => [0x08, ...varint(value)];
const nanos = (value: number): readonly number[] => [0x10, ...varint(value)];
const time = (...parts: readonly (readonly number[])[]): readonly number[] => field(3, parts.flat());
const TYPE = [0x08, 3];
const CHANNEL = field(4, [0x65, 0x6d, 0x72]);
const header = (...parts: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(parts.flat());

describe('the time of a channel header', () => {
  it.each([
    ['with nanoseconds, in whole milliseconds', [TYPE, time(seconds(AT), nanos(123_999_999)), CHANNEL], AT * 1_000 + 123],
    ['of a whole second', [TYPE, time(seconds(AT)), CHANNEL], AT * 1_000],
    ['beside a field that this program does not know', [TYPE, time(seconds(AT)), CHANNEL, field(15, [0])], AT * 1_000],
    ['before a field that this program does not know', [time(seconds(AT), nanos(0), [0x18, 1]), CHANNEL], AT * 1_000],
  ])('is read %s', (_how, parts, millis) => {
    expect(headerTimeMillis(header(...parts))).toBe(millis);
  });

  it.each<readonly [string, readonly (readonly number[])[]]>([
    ['in two pieces', [TYPE, time(nanos(999_000_000)), time(seconds(AT)), CHANNEL]],
    ['twice', [TYPE, time(seconds(AT)), time(seconds(AT)), CHANNEL]],
    ['twice, the second time elsewhere', [TYPE, time(seconds(AT)), CHANNEL, time(seconds(AT))]],
    ['and nothing in its place once more', [TYPE, time(seconds(AT)), field(3, []), CHANNEL]],
    ['out of its place', [TYPE, CHANNEL, time(seconds(AT))]],
    ['with two numbers of seconds', [TYPE, time(seconds(AT), seconds(AT)), CHANNEL]],
    ['with the nanoseconds first', [TYPE, time(nanos(1), seconds(AT)), CHANNEL]],
    ['with seconds that are bytes', [TYPE, time(field(1, [1])), CHANNEL]],
    ['with nanoseconds that are bytes', [TYPE, time(seconds(AT), field(2, [1])), CHANNEL]],
    ['as a number', [TYPE, [0x18, 1], CHANNEL]],
    ['in a longer spelling', [TYPE, time([0x08, 0x81, 0x00]), CHANNEL]],
    ['with a longer spelling of a length', [TYPE, [0x1a, 0x82, 0x00, ...seconds(1)], CHANNEL]],
    ['before 1970', [TYPE, time([0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), CHANNEL]],
    ['with more nanoseconds than a second has', [TYPE, time(seconds(AT), nanos(1_000_000_000)), CHANNEL]],
    ['of the last day that an instant can say', [TYPE, time(seconds(253_402_214_400)), CHANNEL]],
    ['beside a field of eight bytes', [TYPE, time(seconds(AT)), [0x21, 0, 0, 0, 0, 0, 0, 0, 0]]],
    ['beside a group', [TYPE, time(seconds(AT)), [0x7b, 0x7c]]],
    ['beside a field without a number', [[0x02, 0], time(seconds(AT))]],
    ['that is cut off', [TYPE, [0x1a, 8, 0x08]]],
    ['in a header that is cut off', [TYPE, time(seconds(AT)), [0x22, 4, 0x65]]],
    ['that does not end', [TYPE, time([0x08, 0x80])]],
    ['of which there is none', [TYPE, CHANNEL]],
    ['of which only nanoseconds are there', [TYPE, time(nanos(5)), CHANNEL]],
  ])('is none %s', (_how, parts) => {
    expect(headerTimeMillis(header(...parts))).toBeUndefined();
  });

  it('is none where there is no header', () => {
    expect(headerTimeMillis(new Uint8Array(0))).toBeUndefined();
  });
});
