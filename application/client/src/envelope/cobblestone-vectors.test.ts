import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { collectBytes } from './cobblestone';
import { openBytes, openStream, SALT_BYTES, sealStreamWithSalt } from './cobblestone';
import { publishedVectors } from './published-vectors.fixture';

type Vector = {
  tcId: number;
  comment: string;
  key: string;
  ctx: string;
  ct: string;
  result: string;
  msgLength?: number;
  msgSha512?: string;
};
// the file is the published one, byte for byte; its schema is known
const file = publishedVectors('cobblestone-256.json') as { testGroups: { tests: Vector[] }[] } | undefined;
const vectors = file?.testGroups.flatMap((group) => group.tests) ?? [];

const sha512 = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex');

async function releasedBefore(failure: AsyncIterable<Uint8Array>): Promise<{ released: Buffer; failed: boolean }> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of failure) pieces.push(piece);
  } catch {
    return { released: Buffer.concat(pieces), failed: true };
  }
  return { released: Buffer.concat(pieces), failed: false };
}

describe('Cobblestone-256 against the published vectors', () => {
  if (file === undefined) {
    it.skip('opens and refuses as published (needs the published vectors: LIANYI_VECTORS)', () => undefined);
    return;
  }
  it('has all 35 vectors', () => {
    expect(vectors).toHaveLength(35);
  });

  describe.each(vectors.map((vector) => [`tc${vector.tcId} ${vector.result}: ${vector.comment}`, vector] as const))(
    '%s',
    (_name, vector) => {
      const seal = { key: Buffer.from(vector.key, 'hex'), context: Buffer.from(vector.ctx, 'hex') };
      const sealed = inflateSync(Buffer.from(vector.ct, 'hex'));

      if (vector.result === 'valid') {
        it('opens to the message, and sealing that with its salt gives the same bytes', async () => {
          const message = await openBytes(seal, sealed);
          expect({ length: message.length, sha512: sha512(message) }).toEqual({ length: vector.msgLength, sha512: vector.msgSha512 });
          const again = await collectBytes(sealStreamWithSalt(seal, [message], sealed.subarray(0, SALT_BYTES)));
          expect(sealed.equals(again)).toBe(true);
        });
      } else {
        it('is refused, after releasing exactly the whole chunks that were good', async () => {
          await expect(openBytes(seal, sealed)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
          const { released, failed } = await releasedBefore(openStream(seal, [sealed]));
          expect(failed).toBe(true);
          expect(released.length).toBe(vector.msgLength ?? 0);
          if (vector.msgSha512 !== undefined) expect(sha512(released)).toBe(vector.msgSha512);
        });
      }
    },
  );
});
