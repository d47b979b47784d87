import { createHash, randomBytes } from 'node:crypto';
import { primitives } from '#crypto';
import { collectBytes } from './cobblestone';
import {
  CHUNK_BYTES,
  chunkNonce,
  HEADER_BYTES,
  openBytes,
  openStream,
  SALT_BYTES,
  sealBytes,
  SEALED_CHUNK_BYTES,
  sealedSize,
  sealStream,
  sealStreamWithSalt,
} from './cobblestone';

const isDeep = process.env['LIANYI_DEEP'] === '1';
const seal = { key: randomBytes(32), context: Buffer.from('record 1') };
// three chunks: two whole ones and a short one
const plaintext = randomBytes(2 * CHUNK_BYTES + 100);

/** Opens as far as it goes. */
async function open(sealed: Uint8Array, as = seal): Promise<{ released: Buffer; code: unknown }> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of openStream(as, [sealed])) pieces.push(piece);
  } catch (error) {
    return { released: Buffer.concat(pieces), code: (error as { code?: unknown }).code };
  }
  return { released: Buffer.concat(pieces), code: 'opened' };
}

/** Header and the three sealed chunks. */
function parts(sealed: Buffer): [Buffer, Buffer, Buffer, Buffer] {
  const end = HEADER_BYTES + 2 * SEALED_CHUNK_BYTES;
  return [
    sealed.subarray(0, HEADER_BYTES),
    sealed.subarray(HEADER_BYTES, HEADER_BYTES + SEALED_CHUNK_BYTES),
    sealed.subarray(HEADER_BYTES + SEALED_CHUNK_BYTES, end),
    sealed.subarray(end),
  ];
}

describe('a sealed object', () => {
  it.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 100_000])(
    'of %d bytes comes back and has the announced size',
    async (size) => {
      const content = randomBytes(size);
      const sealed = await sealBytes(seal, content);
      expect(sealed).toHaveLength(sealedSize(size));
      expect(content.equals(await openBytes(seal, sealed))).toBe(true);
    },
  );

  it('is another one each time', async () => {
    expect(primitives.equalBytes(await sealBytes(seal, plaintext), await sealBytes(seal, plaintext))).toBe(false);
  });

  it('opens the same however the stream is cut', async () => {
    const sealed = await sealBytes(seal, plaintext);
    const crumbs = function* (): Generator<Uint8Array> {
      for (let offset = 0; offset < sealed.length; offset += 997) yield sealed.subarray(offset, offset + 997);
    };
    const pieces: Uint8Array[] = [];
    for await (const piece of openStream(seal, crumbs())) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(plaintext)).toBe(true);
  });

  it('passes through sealing and opening in bounded memory', async () => {
    // 64 MiB through a pipe of generators: what is held at once is counted by the producer running ahead of the consumer
    let produced = 0;
    let furthestAhead = 0;
    const source = function* (): Generator<Buffer> {
      for (let index = 0; index < 1024; index += 1) {
        produced += 65_536;
        yield Buffer.alloc(65_536, index);
      }
    };
    let opened = 0;
    for await (const piece of openStream(seal, sealStream(seal, source()))) {
      opened += piece.length;
      furthestAhead = Math.max(furthestAhead, produced - opened);
    }
    expect(opened).toBe(64 * 1024 * 1024);
    expect(furthestAhead).toBeLessThan(256 * 1024);
  });
});

describe('a tampered object releases nothing of the tampered chunk', () => {
  let sealed: Buffer;
  beforeAll(async () => {
    sealed = Buffer.from(await sealBytes(seal, plaintext));
  });

  /** Near an edge of header, chunk or object, or one of a sample of the bytes between; `npm run test:deep` takes each. */
  const isTried = (index: number): boolean => {
    const inChunk = (index - HEADER_BYTES) % SEALED_CHUNK_BYTES;
    const nearEdge = index < HEADER_BYTES || inChunk < 32 || inChunk >= SEALED_CHUNK_BYTES - 32 || index >= sealed.length - 32;
    return isDeep || nearEdge || index % 61 === 0;
  };

  it('with one bit flipped, near every edge and all over a three-chunk object', async () => {
    const releases = new Set<string>();
    const changed = Buffer.from(sealed);
    for (const index of [...sealed.keys()].filter(isTried)) {
      changed[index] = (sealed[index] ?? 0) ^ (1 << (index % 8));
      const { released, code } = await open(changed);
      const wholeChunks = index < HEADER_BYTES ? 0 : Math.floor((index - HEADER_BYTES) / SEALED_CHUNK_BYTES);
      releases.add(`${String(code)} ${released.equals(plaintext.subarray(0, wholeChunks * CHUNK_BYTES))}`);
      changed[index] = sealed[index] ?? 0;
    }
    expect([...releases]).toEqual(['SEAL_BROKEN true']);
  }, 180_000);

  it('with two chunks swapped', async () => {
    const [header, first, second, last] = parts(sealed);
    expect(await open(Buffer.concat([header, second, first, last]))).toEqual({ released: Buffer.alloc(0), code: 'SEAL_BROKEN' });
  });

  it('with a chunk dropped', async () => {
    const [header, first, second, last] = parts(sealed);
    expect(await open(Buffer.concat([header, second, last]))).toEqual({ released: Buffer.alloc(0), code: 'SEAL_BROKEN' });
    expect(await open(Buffer.concat([header, first, last]))).toEqual({ released: plaintext.subarray(0, CHUNK_BYTES), code: 'SEAL_BROKEN' });
  });

  it('with a chunk duplicated', async () => {
    const [header, first, second, last] = parts(sealed);
    expect(await open(Buffer.concat([header, first, first, second, last]))).toEqual({
      released: plaintext.subarray(0, CHUNK_BYTES),
      code: 'SEAL_BROKEN',
    });
    const twice = await open(Buffer.concat([header, first, second, last, last]));
    expect(twice).toEqual({ released: plaintext.subarray(0, 2 * CHUNK_BYTES), code: 'SEAL_BROKEN' });
  });

  it.each([
    ['in the salt', 10, 0],
    ['after the salt', 24, 0],
    ['after the header', HEADER_BYTES, 0],
    ['in the first chunk', HEADER_BYTES + 100, 0],
    ['after the first chunk', HEADER_BYTES + SEALED_CHUNK_BYTES, 1],
    ['after the second chunk', HEADER_BYTES + 2 * SEALED_CHUNK_BYTES, 2],
    ['in the last tag', HEADER_BYTES + 2 * SEALED_CHUNK_BYTES + 100 + 15, 2],
    ['before everything', 0, 0],
  ])('truncated %s', async (_where, length, wholeChunks) => {
    expect(await open(sealed.subarray(0, length))).toEqual({
      released: plaintext.subarray(0, wholeChunks * CHUNK_BYTES),
      code: 'SEAL_BROKEN',
    });
  });

  it('truncated at every length, one by one near each boundary', async () => {
    for (const boundary of [HEADER_BYTES, HEADER_BYTES + SEALED_CHUNK_BYTES, HEADER_BYTES + 2 * SEALED_CHUNK_BYTES, sealed.length]) {
      for (let length = boundary - 20; length < Math.min(boundary + 20, sealed.length); length += 1) {
        expect((await open(sealed.subarray(0, length))).code).toBe('SEAL_BROKEN');
      }
    }
  });

  it('with a byte appended', async () => {
    expect((await open(Buffer.concat([sealed, Buffer.of(0)]))).code).toBe('SEAL_BROKEN');
  });

  it('with a chunk of another object of the same key and context spliced in', async () => {
    const [header, first, , last] = parts(sealed);
    const [, , foreign] = parts(Buffer.from(await sealBytes(seal, randomBytes(plaintext.length))));
    expect(await open(Buffer.concat([header, first, foreign, last]))).toEqual({
      released: plaintext.subarray(0, CHUNK_BYTES),
      code: 'SEAL_BROKEN',
    });
  });

  it('with the header of another object', async () => {
    const [, ...chunks] = parts(sealed);
    const [header] = parts(Buffer.from(await sealBytes(seal, plaintext)));
    expect(await open(Buffer.concat([header, ...chunks]))).toEqual({ released: Buffer.alloc(0), code: 'SEAL_BROKEN' });
  });

  it.each([
    ['another context', { ...seal, context: Buffer.from('record 2') }],
    ['no context', { ...seal, context: Buffer.alloc(0) }],
    ['another key', { ...seal, key: randomBytes(32) }],
    ['a key of the wrong length', { ...seal, key: seal.key.subarray(0, 16) }],
  ])('opened with %s', async (_what, wrong) => {
    expect(await open(sealed, wrong)).toEqual({ released: Buffer.alloc(0), code: 'SEAL_BROKEN' });
  });
});

describe('the nonce of a chunk', () => {
  const base = Buffer.from('000102030405060708090a0b', 'hex');
  it.each([
    [0, '000102030405060708090a0b'],
    [255, '000102030405060708090af4'],
    [2 ** 32 - 1, '0001020304050607f7f6f5f4'],
    [2 ** 32, '000102030405060608090a0b'],
    [2 ** 38 - 1, '0001020304050638f7f6f5f4'],
  ])('number %d is the base nonce XOR the number', (number, expected) => {
    expect(Buffer.from(chunkNonce(base, number)).toString('hex')).toBe(expected);
  });

  it('does not exist beyond 2^38 chunks', () => {
    expect(() => chunkNonce(base, 2 ** 38)).toThrow('does not open');
  });
});

describe('the format', () => {
  const bytes = (length: number, step: number): Buffer => Buffer.from(Array.from({ length }, (_none, index) => (index * step + 7) % 256));

  it('gives the bytes it gave when it was compared with the published vectors', async () => {
    const fixed = { key: bytes(32, 3), context: bytes(20, 5) };
    const sealed = await collectBytes(sealStreamWithSalt(fixed, [bytes(40_000, 11)], bytes(SALT_BYTES, 13)));
    const sealedSha256 = createHash('sha256').update(sealed).digest('hex');
    expect(sealedSha256).toBe('69380351eb6178262fd9bb8ee4b4859cfb155f5a31969ce94de2f1c4e0e8800d');
    expect(bytes(40_000, 11).equals(await openBytes(fixed, sealed))).toBe(true);
  });
});
