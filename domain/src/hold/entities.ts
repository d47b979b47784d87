import { z } from 'zod';
import { actorReferenceSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { mspIdSchema, nameSchema, type Pseudonym, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';

/** That nothing of a patient's may be purged. Why, the hospital knows: every member would learn it here, and it tells of a person. */
export const holdSchema = z.strictObject({
  /** Chosen by who places it; of one patient's no two are alike. */
  holdId: nameSchema,
  placedAt: instantSchema,
  placedBy: actorReferenceSchema,
  /** Exclusive; left out: until it is lifted. */
  until: instantSchema.exactOptional(),
});
/** How many a patient has at once, at most. */
export const MOST_HOLDS = 16;

/** The holds of one patient that have not been lifted; those that have, the audit tells. */
export const holdListSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  /** The hospital that keeps the pseudonym, which alone places holds on what it has. */
  mspId: mspIdSchema,
  holds: z.array(holdSchema).max(MOST_HOLDS),
});

export type Hold = z.output<typeof holdSchema>;
export type HoldList = z.output<typeof holdListSchema>;

/** What the area keeps, under the names of its repositories. */
export const holdEntities = {
  holdLists: defineEntity({
    objectType: 'holdList',
    summary: 'That nothing of a patient’s is purged at their hospital.',
    schema: holdListSchema,
    key: [idPart<Pseudonym>('pseudonym')],
    keyOf: ({ pseudonym }) => [pseudonym],
    endorsement: 'channel',
  }),
};
