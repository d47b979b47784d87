import { encodeBase64url, type summaryArea } from '@lianyi/domain';
import { type AreaFixture, type Prepared, type Refusal } from './area.fixture';
import { C, must, type Stage } from './cast.fixture';
import { newKey } from './consortium.fixture';
import { changed, taken, twice } from './refusal-case.fixture';
import { nothing } from './sample.fixture';

const sealed = (byte: number): string => encodeBase64url(new Uint8Array(1024).fill(byte));
/** A slot that its owner has written once, and their second write. */
const secondWrite = async ({ cast }: Stage): Promise<Prepared> => {
  const owner = cast.newSlotOwner();
  must(await cast.invoke('PutSummarySlot', { slotId: owner.slotId, version: 1, sealed: sealed(1) }, owner));
  return { input: { slotId: owner.slotId, version: 2, sealed: sealed(2) }, as: owner };
};
/** The owner with other keys: the present one, and the one that they announce. */
const withKeys =
  (keys: (owner: Extract<Prepared['as'], { kind: 'slot' }>) => object): Refusal[2] =>
  async (_stage, valid) => {
    const prepared = await valid.prepare();
    if (prepared.as.kind !== 'slot') throw new Error('not the owner of a slot');
    return { ...prepared, as: { ...prepared.as, ...keys(prepared.as) } };
  };

export const summaryFixture = {
  states: {},
  transactions: {
    PutSummarySlot: {
      callers: 'S',
      by: 'slot',
      written: ['summarySlot'],
      events: ['SummarySlotStored'],
      again: { refused: 'STALE_KEY' },
      prepare: secondWrite,
      refusals: [
        ['VERSION_CONFLICT', 'the version is the present one', changed({ version: 1 })],
        ['VERSION_CONFLICT', 'a version is left out', changed({ version: 3 })],
        ['VERSION_CONFLICT', 'it was written already', twice],
        [
          'VERSION_CONFLICT',
          'the first write is not version 1',
          ({ cast }) => {
            const owner = cast.newSlotOwner();
            return { input: { slotId: owner.slotId, version: 2, sealed: sealed(1) }, as: owner };
          },
        ],
        ['NOT_PERMITTED', 'the slot is another one', changed({ slotId: 'another' })],
        [
          'NOT_PERMITTED',
          'there is no such slot, and the key does not make it',
          ({ cast }) => {
            const owner = { ...cast.newSlotOwner(), key: newKey() };
            return { input: { slotId: owner.slotId, version: 1, sealed: sealed(1) }, as: owner };
          },
        ],
        ['STALE_KEY', 'the key is not the announced one', withKeys(() => ({ key: newKey() }))],
        ['PROOF_MISMATCH', 'the key announces itself', withKeys(({ key }) => ({ next: key }))],
        ['INVALID_REQUEST', 'a byte is missing', changed({ sealed: encodeBase64url(new Uint8Array(1023)) })],
        ['INVALID_REQUEST', 'there is a byte too many', changed({ sealed: encodeBase64url(new Uint8Array(1025)) })],
        ['INVALID_REQUEST', 'it would say whose it is', changed({ pseudonym: 'p' })],
        ['VERSION_CONFLICT', 'two devices write the same version, one after the other', taken(() => ({ sealed: sealed(3) }))],
      ],
    },
    ListSummarySlots: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => {
        const { input } = await secondWrite(stage);
        return { input: { slotIds: [input['slotId'], 'unknown'] }, as: { kind: 'member', msp: C } };
      },
      refusals: [
        ['INVALID_REQUEST', 'one slot is named twice', changed({ slotIds: ['a', 'a'] })],
        ['INVALID_REQUEST', 'none is named', changed({ slotIds: [] })],
      ],
    },
  },
} as const satisfies AreaFixture<typeof summaryArea>;
