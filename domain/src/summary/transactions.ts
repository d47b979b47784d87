import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { defineEntity, idPart } from '../catalogue/entity';
import { member, slotOwner, type TransactionEntry } from '../catalogue/entry';
import { sealedSlotSchema, setOf, sha256Schema } from '../encoding/values';
import { type SlotId, slotIdSchema } from '../ids';

/**
 * One sealed place of a patient's summary. Nothing in it is read by anybody else, and nothing in it says whose it is: neither a pseudonym nor
 * another slot, no time and no size.
 */
export const summarySlotSchema = z.strictObject({
  schemaVersion: z.literal(1),
  slotId: slotIdSchema,
  /** From 1 on; one more with each write. */
  version: z.int().min(1),
  /** Hash of the one-time key that signs the next write. */
  nextKeyHash: sha256Schema,
  sealed: sealedSlotSchema,
});

export type SummarySlot = z.output<typeof summarySlotSchema>;

/** What the area keeps, under the names of its repositories. */
const summaryEntities = {
  summarySlots: defineEntity({
    objectType: 'summarySlot',
    summary: 'A sealed place of a patient’s summary, of one size for all; only its owner’s wallet opens it.',
    schema: summarySlotSchema,
    key: [idPart<SlotId>('slotId')],
    keyOf: ({ slotId }) => [slotId],
    endorsement: 'channel',
  }),
};

const contract = 'SummaryContract';
/** So many slots are asked for at once at most. */
export const SLOTS_AT_ONCE = 16;

const summaryTransactions = {
  PutSummarySlot: {
    contract,
    name: 'PutSummarySlot',
    kind: 'submit',
    summary:
      'The owner of a summary slot replaces what is sealed in it, or makes the slot; signed with the slot’s own one-time key, which names no pseudonym.',
    request: z.strictObject({ slotId: slotIdSchema, version: z.int().min(1), sealed: sealedSlotSchema }),
    response: summarySlotSchema.pick({ slotId: true, version: true }),
    callers: [slotOwner],
    refusals: ['VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  ListSummarySlots: {
    contract,
    name: 'ListSummarySlots',
    kind: 'evaluate',
    summary: 'Reads summary slots by their ids, which only their owner can derive; those that are not there are left out.',
    request: z.strictObject({ slotIds: setOf(slotIdSchema, 1, SLOTS_AT_ONCE) }),
    response: z.strictObject({ slots: z.array(summarySlotSchema).max(SLOTS_AT_ONCE) }),
    callers: [member],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What may happen in the area. */
const summaryEvents = {
  SummarySlotStored: { slotId: slotIdSchema, version: z.int().min(1) },
} as const satisfies EventTable;

/** Sealed slots by which a patient finds their pseudonyms again. */
export const summaryArea = defineArea({ entities: summaryEntities, events: summaryEvents, transactions: summaryTransactions });
