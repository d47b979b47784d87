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

/** What a decision listens to, in this order (docs/access-decisions.md). */
export const accessSources = ['purpose', 'retraction', 'relationship', 'prohibitions', 'grants', 'defaultPolicy', 'approvals'] as const;

/** What an explanation tells of: of an emergency, its own part of the rule, which says what holds of all records and what of this one. */
const explainedSources = [...accessSources, 'emergency'] as const;

/** Of a provision of a grant, which grant and which version of it; of the default policy there is none. */
const provisionOriginSchema = z.strictObject({ provisionId: provisionIdSchema, grantVersion: grantVersionSchema.exactOptional() });
const someReasons = z.array(denyReasonSchema).min(1);
/** What one source has said; what is left out it has not said. */
const sourceSayingSchema = z.strictObject({
  source: z.enum(explainedSources),
  /** Somebody has said something about who asks. */
  addressed: z.literal(true).exactOptional(),
  refusal: denyReasonSchema.exactOptional(),
  denials: someReasons.exactOptional(),
  /** The prohibitions that the denials come from. */
  forbiddenBy: z.array(provisionOriginSchema).min(1).exactOptional(),
  /** What permits; of them what is counted takes a use, if nothing else permits. */
  bases: z
    .array(provisionOriginSchema.extend({ until: instantSchema.exactOptional(), isCounted: z.literal(true).exactOptional() }))
    .min(1)
    .exactOptional(),
  /** What would permit, and what it lacks. */
  shortfalls: z
    .array(provisionOriginSchema.extend({ lacks: someReasons }))
    .min(1)
    .exactOptional(),
  remarks: someReasons.exactOptional(),
  /** The revoked grants that the remarks are about. */
  revoked: z.array(grantVersionSchema).min(1).exactOptional(),
  /** What would be permitted lacks besides. */
  unapproved: someReasons.exactOptional(),
  /** When every permit ends: with the beginning of a prohibition, or, of no provision, with an approval. */
  ends: z
    .array(provisionOriginSchema.extend({ provisionId: provisionIdSchema.exactOptional(), at: instantSchema }))
    .min(1)
    .exactOptional(),
});
/** A decision, and what it comes from: for who may know what the patient has said, and never for who asks. */
export const explanationSchema = z.strictObject({
  decision: decisionSchema,
  /** Whether the ledger knows the record; of one that it does not, only the purpose says anything. */
  isRecordKnown: z.boolean(),
  /** Of all sources that are asked, in their order. */
  sources: z.array(sourceSayingSchema).min(2).max(accessSources.length),
});

export type AccessSource = (typeof accessSources)[number];
export type SourceSaying = z.output<typeof sourceSayingSchema>;
export type AccessExplanation = z.output<typeof explanationSchema>;
export type GrantVersion = z.output<typeof grantVersionSchema>;
export type ProvisionUse = z.output<typeof provisionUseSchema>;
export type Decision = z.output<typeof decisionSchema>;
export type Permit = Extract<Decision, { effect: 'permit' }>;
