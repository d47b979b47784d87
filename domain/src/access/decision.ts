import { denyReasonSchema } from '../vocabulary';
import { z } from 'zod';
import { copyTermsSchema, granteeSchema } from '../consent/entities';
import { provisionIdSchema } from '../ids';
import { instantSchema } from '../instant';

/** A grant a permit rests on, at the version that was read. */
export const grantVersionSchema = z.strictObject({ grantee: granteeSchema, version: z.int().min(1) });

/** One use of a provision that says for how many permits it is good. */
const provisionUseSchema = grantVersionSchema.extend({ provisionId: provisionIdSchema });

/**
 * The answer of {@link decideAccess}. `until` (exclusive) is absent when only the default policy permits: it has no end. `use` is present when
 * nothing permits but what is good for so many permits: it is the one that this permit takes. `copy` is what may be done with a copy; absent, it
 * may be kept, and not be handed on.
 */
export const decisionSchema = z.discriminatedUnion('effect', [
  z.strictObject({
    effect: z.literal('permit'),
    provisionIds: z.array(provisionIdSchema).min(1),
    grantVersions: z.array(grantVersionSchema),
    until: instantSchema.exactOptional(),
    use: provisionUseSchema.exactOptional(),
    copy: copyTermsSchema.exactOptional(),
  }),
  z.strictObject({ effect: z.literal('deny'), reasons: z.array(denyReasonSchema).min(1) }),
]);

export type GrantVersion = z.output<typeof grantVersionSchema>;
export type ProvisionUse = z.output<typeof provisionUseSchema>;
export type Decision = z.output<typeof decisionSchema>;
export type Permit = Extract<Decision, { effect: 'permit' }>;
