import { z } from 'zod';
import { defineEntity, idPart } from '../catalogue/entity';
import { sealedSlotSchema, sha256Schema } from '../encoding/values';
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
export const summaryEntities = {
  summarySlots: defineEntity({
    objectType: 'summarySlot',
    summary: 'A sealed place of a patient’s summary, of one size for all; only its owner’s wallet opens it.',
    schema: summarySlotSchema,
    key: [idPart<SlotId>('slotId')],
    keyOf: ({ slotId }) => [slotId],
    endorsement: 'channel',
  }),
};
