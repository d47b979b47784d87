import { type z } from 'zod';
import { encodeBase64url } from './base64url';
import * as values from './values';

const text = (length: number, byte = 0xa5): string => encodeBase64url(new Uint8Array(length).fill(byte));
/** A fault of a value, as those who sent it are told. */
const messageOf = (schema: z.ZodType, value: unknown): string | undefined => schema.safeParse(value).error?.issues.at(-1)?.message;

describe('bytes in base64url', () => {
  it.each<readonly [string, z.ZodType, number, number, string | undefined]>([
    ['a hash', values.sha256Schema, 32, 32, 'SHA-256, base64url'],
    ['a signature', values.signatureSchema, 64, 64, 'signature, r‖s, base64url'],
    ['a salt', values.saltSchema, 16, 32, 'salt, base64url'],
    ['a long salt', values.longSaltSchema, 32, 32, 'salt of 32 bytes, base64url'],
    ['the nonce of an id', values.idNonceSchema, 16, 16, 'nonce of an id, base64url'],
    ['the nonce of a card token', values.tokenNonceSchema, 16, 16, 'nonce of a card token, base64url'],
    ['a sealed note', values.sealedNoteSchema, 594, 594, 'sealed note, base64url'],
    ['a sealed share', values.sealedShareSchema, 114, 114, 'sealed share, base64url'],
    ['a sealed seed', values.sealedSeedSchema, 60, 60, 'sealed seed, base64url'],
    ['sealed bytes', values.sealedBytesSchema, 1, 4096, undefined],
    ['an element of the group', values.groupElementSchema, 32, 32, 'element of ristretto255, base64url'],
    ['a proof of equality', values.possessionSchema.shape.proof, 64, 64, 'proof of RFC 9497 §2.2, base64url'],
    ['a tag of two hospitals', values.matchTagSchema, 32, 32, 'tag of a number between two hospitals, base64url'],
    ['a secret of two hospitals', values.matchSecretSchema, 32, 32, 'secret of a number between two hospitals, base64url'],
    ['a proof of knowing a number', values.matchProofSchema, 32, 32, 'proof of knowing a number, base64url'],
    ['the MAC of a PIN', values.termsMacSchema, 32, 32, 'MAC of a PIN’s terms, base64url'],
    ['a sealed slot', values.sealedSlotSchema, 1024, 1024, 'sealed slot, 1,024 bytes, base64url'],
  ])('are, for %s, as many as they should be, under their title', (_what, schema, least, most, title) => {
    expect([least - 1, least, most, most + 1].map((length) => schema.safeParse(text(length)).success)).toEqual([false, true, true, false]);
    expect(messageOf(schema, text(least - 1))).toBe('not base64url of the right length');
    expect(messageOf(schema, `${text(most).slice(0, -1)}=`)).toBe('not base64url of the right length');
    expect(schema.meta()?.['title']).toBe(title);
  });
  it('are the sizes that the sealing takes', () => {
    const { SEALED_NOTE_BYTES, SEALED_SHARE_BYTES, SEALED_SEED_BYTES, SLOT_BYTES } = values;
    expect([SEALED_NOTE_BYTES, SEALED_SHARE_BYTES, SEALED_SEED_BYTES, SLOT_BYTES]).toEqual([594, 114, 60, 1024]);
  });
  it('are not read where the text is too long for them', () => {
    expect(values.saltSchema.safeParse('A'.repeat(44)).error?.issues[0]).toMatchObject({ code: 'too_big', maximum: 43 });
  });
  it('are a key only if they are a point', () => {
    expect(messageOf(values.publicKeySchema, text(91))).toBe('not a P-256 public key: an uncompressed point of the curve in DER');
    expect([90, 92].map((length) => isTaken(values.publicKeySchema, text(length)))).toEqual([false, false]);
    expect(messageOf(values.publicKeySchema, '!')).toBe('not a P-256 public key: an uncompressed point of the curve in DER');
    expect(values.publicKeySchema.meta()?.['title']).toBe('P-256 public key, SPKI, base64url');
  });
});

describe('parts of an evaluation', () => {
  const [element, proof] = [text(32), text(64)];

  it('are an element and the proof that it was dealt', () => {
    expect(values.possessionSchema.safeParse({ evaluated: element, proof }).success).toBe(true);
    expect(
      [{ evaluated: element }, { proof }, { evaluated: element, proof, more: 1 }].map((of) => isTaken(values.possessionSchema, of)),
    ).toEqual([false, false, false]);
  });
  it('are 1 to 64 elements under one proof', () => {
    const many = (count: number): object => ({ evaluated: Array(count).fill(element), proof });
    expect([0, 1, 64, 65].map((count) => isTaken(values.evaluatedPartSchema, many(count)))).toEqual([false, true, true, false]);
    expect(isTaken(values.evaluatedPartSchema, { evaluated: [element] })).toBe(false);
  });
});

describe('a list', () => {
  const page = values.pageOf(values.cursorSchema);

  it('goes on at an opaque position of 1 to 512 characters', () => {
    expect(['', 'a', 'Az09_-', 'a'.repeat(512), 'a'.repeat(513)].map((cursor) => isTaken(values.cursorSchema, cursor))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(['a b', 'a=', '=a', 'a\n', 'é', 'a\u0000'].filter((cursor) => isTaken(values.cursorSchema, cursor))).toEqual([]);
  });
  it('has pages of 1 to 100', () => {
    expect([0, 1, 100, 101, 1.5].map((limit) => isTaken(values.pageFields.limit, limit))).toEqual([false, true, true, false, false]);
  });
  it('says where it goes on and what was unreadable, where there is any', () => {
    expect(
      [{ items: [] }, { items: ['a'], next: 'n', unreadable: 1 }, { items: [], unreadable: 100 }].map((of) => isTaken(page, of)),
    ).toEqual([true, true, true]);
    const refused = [{}, { items: [1] }, { items: [], unreadable: 0 }, { items: [], unreadable: 101 }, { items: [], more: true }];
    expect(refused.filter((of) => isTaken(page, of))).toEqual([]);
  });
});

describe('a set', () => {
  const set = values.setOf(values.cursorSchema, 1, 3);

  it('has different values, as many as allowed', () => {
    expect([[], ['a'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd']].map((of) => isTaken(set, of))).toEqual([false, true, true, false]);
  });
  it('has no value twice', () => {
    expect(messageOf(set, ['a', 'b', 'a'])).toBe('repeated value');
  });
});

function isTaken(schema: z.ZodType, value: unknown): boolean {
  return schema.safeParse(value).success;
}
