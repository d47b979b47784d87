import { cardIdSchema, hashOfKey, mspIdSchema, pseudonymSchema, sha256 } from '@lianyi/domain';
import { publicKeyOf } from '../signing/p256';
import { cardTokenKey, earlierRelationshipNonce, oneTimeKey, relationshipNonce, slotKey, slotSealKey } from './derived-keys';
import { ownSlotId } from './summary-slot';

const genesis = sha256('block 0');
const hospitals = ['HospitalAMSP', 'HospitalBMSP', 'HospitalA', '1HospitalAMSP'].map((mspId) => mspIdSchema.parse(mspId));
const people = ['p', 'q'].map((letter) => pseudonymSchema.parse(letter.repeat(43)));
const other = { genesis: sha256('block 0 of another network') };

describe('what follows from a seed', () => {
  it('is different for every use, number, position, channel and seed', () => {
    const seeds = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const made = seeds.flatMap((seed) => {
      const places = [genesis, other.genesis].flatMap((of) => [0, 1, 10, 11].map((index) => ({ genesis: of, index })));
      const nonces = [0, 1, 10, 11].flatMap((index) => [
        earlierRelationshipNonce(seed, index),
        ...hospitals.flatMap((mspId) => [
          relationshipNonce(seed, { index, mspId }),
          ...people.map((pseudonym) => relationshipNonce(seed, { index, mspId, pseudonym })),
        ]),
      ]);
      const hex = (key: { scalar(): Uint8Array }): string => Buffer.from(key.scalar()).toString('hex');
      return [
        ...nonces,
        ...nonces.flatMap((nonce) => [0, 1, 10].map((counter) => hex(oneTimeKey(seed, nonce, counter)))),
        ...places.flatMap((place) => [0, 1, 10].map((writes) => hex(slotKey(seed, place, writes)))),
        ...places.map((place) => Buffer.from(slotSealKey(seed, place)).toString('hex')),
        ...places.map((place) => ownSlotId(seed, place)),
        ...['card-1', 'card-2'].map((id) => hex(cardTokenKey(seed, cardIdSchema.parse(id)))),
        Buffer.from(seed).toString('hex'),
      ];
    });
    expect(new Set(made).size).toBe(made.length);
  });

  it('stays what it was: whoever has written their phrase down counts on it', () => {
    const seed = new Uint8Array(32).fill(7);
    expect([
      earlierRelationshipNonce(seed, 0),
      relationshipNonce(seed, { index: 0, mspId: mspIdSchema.parse('HospitalAMSP') }),
      ownSlotId(seed, { genesis, index: 0 }),
      hashOfKey(publicKeyOf(slotKey(seed, { genesis, index: 3 }, 2))),
    ]).toEqual([
      'pXrmNQvkztKxwktJz4Mjsg',
      '3jHzk5jbnuXsRjYaAVCNew',
      's3LNWzEWCmrQ68cuAFkxF_FzzXHjaMmDwDgAKQL5Dy2Q',
      'ms0PIzmI7DNI74xmdiaWX6RIC6GC18s6ZOzOEgYIUEw',
    ]);
  });
});
