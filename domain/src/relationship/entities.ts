import { z } from 'zod';
import { originSchema } from '../actor';
import { mspIdSchema, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';

export const relationshipStates = ['proposed', 'active', 'suspended', 'terminated', 'rejected'] as const;
export const relationshipStateSchema = z.enum(relationshipStates);
export const relationshipTypeSchema = z.enum(['care', 'laboratory', 'insurer', 'caregiver', 'device']);

/** `relationship` (pseudonym, mspId). */
export const relationshipSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  mspId: mspIdSchema,
  type: relationshipTypeSchema,
  state: relationshipStateSchema,
  /** Who suspended it, and so may resume it. */
  suspendedBy: z.enum(['patient', 'organisation']).exactOptional(),
  proposedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});

export type Relationship = z.output<typeof relationshipSchema>;
export type RelationshipState = z.output<typeof relationshipStateSchema>;
