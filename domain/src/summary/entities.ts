import { z } from 'zod';
import { type SlotActor } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { DomainError } from '../domain-error';
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

/**
 * A slot after a write by its owner: what was in it is gone from the state, the next key is the announced one.
 *
 * @param slot - what the ledger has of it; undefined before the first write
 * @param owner - who signed, as the proof has shown
 * @throws {@link DomainError} `NOT_PERMITTED` — the owner of another slot; `VERSION_CONFLICT` — the write is not the one after the present
 * version, which details name
 */
export function writeSlot(
  slot: SummarySlot | undefined,
  { slotId, version, sealed }: Pick<SummarySlot, 'slotId' | 'version' | 'sealed'>,
  owner: SlotActor,
): SummarySlot {
  if (owner.slotId !== slotId) throw new DomainError('NOT_PERMITTED', 'the owner of a summary slot writes that one only');
  const present = slot?.version ?? 0;
  if (version !== present + 1) throw new DomainError('VERSION_CONFLICT', undefined, { present });
  return { schemaVersion: 1, slotId, version, nextKeyHash: owner.nextKeyHash, sealed };
}

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
