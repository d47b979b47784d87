import { z } from 'zod';
import { originSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { actorTagSchema, groupSchema, type MspId, mspIdSchema, type Pseudonym, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';

export const relationshipStates = ['proposed', 'active', 'suspended', 'terminated', 'rejected'] as const;
export const relationshipStateSchema = z.enum(relationshipStates);
export const relationshipTypeSchema = z.enum(['care', 'laboratory', 'insurer', 'caregiver', 'device']);

/** What binds a patient and an organisation. */
export const relationshipSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  mspId: mspIdSchema,
  /** What follows from it stands in one table, `relationshipKinds` of kinds.ts. */
  type: relationshipTypeSchema,
  /** The organisation's party to it: of its staff only this group reads by default, and only on duty. Absent: the whole organisation. */
  group: groupSchema.exactOptional(),
  state: relationshipStateSchema,
  /** Who suspends it, and so may resume. The patient's suspension outlives an end: it closes all reading (ADR 0032). */
  suspendedBy: z.enum(['patient', 'organisation', 'both']).exactOptional(),
  /** Which registrar of the hospital would end it, since when; another one must agree before it lapses. */
  terminationProposed: z.strictObject({ by: actorTagSchema, at: instantSchema }).exactOptional(),
  proposedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});

export type Relationship = z.output<typeof relationshipSchema>;
export type RelationshipType = z.output<typeof relationshipTypeSchema>;
export type RelationshipState = z.output<typeof relationshipStateSchema>;

/** What the area keeps, under the names of its repositories. */
export const relationshipEntities = {
  relationships: defineEntity({
    objectType: 'relationship',
    summary: 'What binds a patient and a hospital, and its state.',
    schema: relationshipSchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<MspId>('mspId')],
    keyOf: ({ pseudonym, mspId }) => [pseudonym, mspId],
    endorsement: 'channel',
  }),
};
