import { denyReasonSchema } from '../vocabulary';
import { z } from 'zod';
import { granteeSchema } from '../consent/entities';
import { provisionIdSchema } from '../ids';
import { instantSchema } from '../instant';

/** A grant a permit rests on, at the version that was read. */
export const grantVersionSchema = z.strictObject({ grantee: granteeSchema, version: z.int().min(1) });

/** The answer of {@link decideAccess}. `until` (exclusive) is absent when only the default policy permits: it has no end. */
export const decisionSchema = z.discriminatedUnion('effect', [
  z.strictObject({
    effect: z.literal('permit'),
    provisionIds: z.array(provisionIdSchema).min(1),
    grantVersions: z.array(grantVersionSchema),
    until: instantSchema.exactOptional(),
  }),
  z.strictObject({ effect: z.literal('deny'), reasons: z.array(denyReasonSchema).min(1) }),
]);

export type GrantVersion = z.output<typeof grantVersionSchema>;
export type Decision = z.output<typeof decisionSchema>;
export type Permit = Extract<Decision, { effect: 'permit' }>;
