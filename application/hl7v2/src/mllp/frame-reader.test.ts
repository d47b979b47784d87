import * as fc from 'fast-check';
import { framed, FrameReader, type Framed, type Room } from './frame-reader';
import { SenderPlaces } from './sender-places';

/** Room of a fixed size, of one who has spoken. */
function roomOf(roomBytes: number): () => Room {
  const places = new SenderPlaces({ places: 8, placesOfOne: 8, roomBytes, roomBytesOfOne: roomBytes });
  return () => {
    const place = places.enter('a', () => undefined);
    if (place === undefined) throw new Error('no place');
    place.spoke();
    // so that no place gives way to another
    if (!place.isNamed('certificate')) throw new Error('no place');
    return place;
  };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (part: Framed): string => ('fault' in part ? `!${part.fault}` : new TextDecoder().decode(part.frame));

/** Pushes in pieces, and says what came out; at the end, what was begun. */
function readInPieces(stream: Uint8Array, cuts: readonly number[], { max = 1_000, room = roomOf(100_000)() } = {}): readonly string[] {
  const reader = new FrameReader(max, room);
  const places = [0, ...cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b), stream.length];
  const parts = places.slice(1).flatMap((end, at) => [...reader.push(stream.subarray(places[at] ?? 0, end))]);
  const fault = reader.end();
  return [...parts.map(text), ...(fault === undefined ? [] : [`!${fault}`])];
}

const content = fc
  .uint8Array({ minLength: 1, maxLength: 60 })
  .map((raw) => raw.map((byte) => (byte === 0x0b || byte === 0x1c ? 0x41 : byte)));
const separator = fc.constantFrom('', '\r', '\n', '\r\n', '\u001c\r', '\u001c');

describe('a reader of frames', () => {
  it('hands on every message whole, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(content, separator), { maxLength: 5 }),
        fc.array(fc.nat(1_000), { maxLength: 12 }),
        (messages, cuts) => {
          const stream = Buffer.concat(messages.flatMap(([message, after]) => [framed(message), bytes(after)]));
          expect(readInPieces(stream, cuts)).toEqual(messages.map(([message]) => text({ frame: message })));
        },
      ),
    );
  });

  it('comes to the same of any bytes at all, however they are cut', () => {
    const anything = fc.array(fc.oneof(fc.constantFrom(0x0b, 0x1c, 0x0d, 0x0a), fc.integer({ min: 0, max: 255 })), { maxLength: 80 });
    fc.assert(
      fc.property(anything, fc.array(fc.nat(100), { maxLength: 12 }), (raw, cuts) => {
        const stream = Uint8Array.from(raw);
        expect(readInPieces(stream, cuts, { max: 20 })).toEqual(readInPieces(stream, [], { max: 20 }));
      }),
    );
  });

  it('gives back all the room that it took, whatever came', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0x0b, 0x1c, 0x0d, 0x41), { maxLength: 60 }), (raw) => {
        let held = 0;
        const room: Room = { take: (wanted) => (held += wanted) <= 64 || ((held -= wanted), false), give: (given) => (held -= given) };
        readInPieces(Uint8Array.from(raw), [3, 9], { max: 40, room });
        expect(held).toBe(0);
      }),
    );
  });

  it.each<readonly [string, string, readonly string[]]>([
    ['a start said twice', '\u000b\u000bMSH\u001c\r', ['MSH']],
    ['an end without its carriage return', '\u000bA\u001c\u000bB\u001c\r', ['A', 'B']],
    ['an end said twice', '\u000bA\u001c\r\u001c\r\u000bB\u001c\r', ['A', 'B']],
    ['line ends between frames', '\u000bA\u001c\r\r\n\n\u000bB\u001c\r', ['A', 'B']],
    ['a frame that begins where one should have ended', '\u000bA\u000bB\u001c\r', ['!no-end', 'B']],
    ['a frame that never ends', '\u000bA', ['!no-end']],
    ['nothing in a frame', '\u000b\u001c\r\u000bB\u001c\r', ['!empty', 'B']],
    ['a message without a frame, told of once', 'MSH|x\r\u000bB\u001c\r', ['!no-start', 'B']],
    ['more than is taken, told of once, and what comes after it', `\u000b${'A'.repeat(21)}\u001c\r\u000bB\u001c\r`, ['!too-large', 'B']],
    ['as much as is taken', `\u000b${'A'.repeat(20)}\u001c\r`, ['A'.repeat(20)]],
  ])('tells of %s', (_what, stream, expected) => {
    expect(readInPieces(bytes(stream), [1, 4], { max: 20 })).toEqual(expected);
  });

  it('holds no more than all may hold together', () => {
    const room = roomOf(5_000);
    const [one, other] = [new FrameReader(9_000, room()), new FrameReader(9_000, room())];
    expect([...one.push(bytes(`\u000b${'A'.repeat(4_000)}`))]).toEqual([]);
    expect([...other.push(bytes(`\u000b${'B'.repeat(4_000)}`))]).toEqual([{ fault: 'no-room' }]);
    expect(one.end()).toBe('no-end');
    expect([...other.push(bytes('\u001c\r\u000bC\u001c'))].map(text)).toEqual(['C']);
  });
});
