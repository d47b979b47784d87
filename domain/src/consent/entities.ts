import { z } from 'zod';
import { defineEntity, idPart, versionPart } from '../catalogue/entity';
import { setOf, sha256Schema } from '../encoding/values';
import {
  actorTagSchema,
  departmentSchema,
  encounterIdSchema,
  groupSchema,
  type MspId,
  mspIdSchema,
  provisionIdSchema,
  type Pseudonym,
  pseudonymSchema,
  recordIdSchema,
} from '../ids';
import { type Instant, instantSchema, periodSchema } from '../instant';
import { originSchema } from '../actor';
import { monthsSchema } from '../instant';
import { confidentialitySchema, consentPurposeSchema, dataLevelSchema, recordClasses, recordClassSchema, roleSchema } from '../vocabulary';

/** The provision id under which {@link decideAccess} names the default policy; no patient's provision may take it. */
export const DEFAULT_PROVISION_ID = provisionIdSchema.parse('default');
/** What a patient's permit to read their own records names: no provision of anybody's, and nothing is decided by it. */
export const OWN_PROVISION_ID = provisionIdSchema.parse('own');

/** Whom a grant is for, spelled as the parts of its key are. */
export const granteeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), mspId: mspIdSchema, name: actorTagSchema }),
  z.strictObject({ kind: z.literal('department'), mspId: mspIdSchema, name: departmentSchema }),
  z.strictObject({ kind: z.literal('group'), mspId: mspIdSchema, name: groupSchema }),
  z.strictObject({ kind: z.literal('role'), mspId: mspIdSchema, name: roleSchema }),
  z.strictObject({ kind: z.literal('organisation'), mspId: mspIdSchema, name: z.literal('all') }),
]);

/** What a provision is about; an absent field does not narrow. */
const scopeFields = {
  provisionId: provisionIdSchema.refine((id) => id !== DEFAULT_PROVISION_ID, 'reserved'),
  purposes: z.union([z.literal('any'), setOf(consentPurposeSchema, 1, 7)]),
  classes: setOf(recordClassSchema, 1, recordClasses.length).exactOptional(),
  confidentiality: setOf(confidentialitySchema, 1, 6).exactOptional(),
  authorMspIds: setOf(mspIdSchema, 1, 16).exactOptional(),
  recordIds: setOf(recordIdSchema, 1, 64).exactOptional(),
  /** The period in which the record must have been anchored. */
  recordPeriod: periodSchema.exactOptional(),
  /** The months in which the care must have been that the record tells of. */
  careMonths: monthsSchema.exactOptional(),
  encounters: setOf(encounterIdSchema, 1, 64).exactOptional(),
  validFrom: instantSchema,
};
/** How many permits may rest on one provision at most, where it says how many. */
const MOST_USES = 1_000;
/** What may be done with a copy of what a permission opens (ADR 0061). */
const copyFields = {
  /** `view`: it is looked at while the ticket lasts and not kept; `store`: it may be kept. */
  handling: z.enum(['view', 'store']),
  /** When a copy must be gone; not before the permission ends. */
  eraseAt: instantSchema.exactOptional(),
  /** Whether a copy may be handed on, once; left out: no. */
  onward: z.literal(true).exactOptional(),
};
/** What may be done with a copy, of all that says something about it the strictest. */
export const copyTermsSchema = z.strictObject(copyFields);
/** A permission; it always ends. Without `maxDataLevel` it reaches level 4, without `confidentiality` label N. */
export const permitProvisionSchema = z.strictObject({
  effect: z.literal('permit'),
  ...scopeFields,
  maxDataLevel: dataLevelSchema.exactOptional(),
  validUntil: instantSchema,
  /** For how many permits of a record it is good under one version of its grant; left out: for as many as are asked for. */
  uses: z.int().min(1).max(MOST_USES).exactOptional(),
  ...copyFields,
  /** Left out: to store. */
  handling: copyFields.handling.exactOptional(),
});
/** A prohibition; it beats every permission. Without `validUntil` it holds until the patient amends the grant. */
const denyProvisionSchema = z.strictObject({
  effect: z.literal('deny'),
  ...scopeFields,
  minDataLevel: dataLevelSchema.exactOptional(),
  validUntil: instantSchema.exactOptional(),
});
type Beginning = { readonly validFrom?: Instant; readonly validUntil?: Instant };
const endsAfterItsBeginning = ({ validFrom, validUntil }: Beginning): boolean =>
  validFrom === undefined || validUntil === undefined || validFrom < validUntil;

type Copying = { readonly handling?: 'view' | 'store'; readonly eraseAt?: Instant; readonly onward?: true; readonly validUntil?: Instant };
const erasesAfterItsEnd = ({ eraseAt, validUntil }: Copying): boolean =>
  eraseAt === undefined || validUntil === undefined || eraseAt >= validUntil;
const handsOnWhatIsKept = ({ handling, onward }: Copying): boolean => onward === undefined || handling !== 'view';

export const provisionSchema = z
  .discriminatedUnion('effect', [permitProvisionSchema, denyProvisionSchema])
  .refine(endsAfterItsBeginning, 'ends before it begins')
  .refine(erasesAfterItsEnd, 'erased before it ends')
  .refine(handsOnWhatIsKept, 'handed on and only viewed');
/** A provision as a patient asks for it: without `validFrom` it begins with its transaction, by the ledger's time. */
export const provisionDraftSchema = z
  .discriminatedUnion('effect', [
    permitProvisionSchema.extend({ validFrom: instantSchema.exactOptional() }),
    denyProvisionSchema.extend({ validFrom: instantSchema.exactOptional() }),
  ])
  .refine(endsAfterItsBeginning, 'ends before it begins')
  .refine(erasesAfterItsEnd, 'erased before it ends')
  .refine(handsOnWhatIsKept, 'handed on and only viewed');

/** 1 to 16 of them, of different ids. */
function listOf<Item extends z.ZodType<{ readonly provisionId: string }>>(item: Item): z.ZodArray<Item> {
  return z
    .array(item)
    .min(1)
    .max(16)
    .refine((provisions) => new Set(provisions.map(({ provisionId }) => provisionId)).size === provisions.length, 'repeated provisionId');
}
export const provisionsSchema = listOf(provisionSchema);
export const provisionDraftsSchema = listOf(provisionDraftSchema);

/** How somebody has agreed: with a device of their own; in front of two of the hospital; or by signing paper that two of the hospital keep. */
const consentCeremonies = ['wallet', 'witnessed', 'paper'] as const;
/**
 * What was shown to whoever agreed (ADR 0060). It decides nothing. No free text stands here: the words are made again from the provisions of the
 * version, by the wording that is named, and the hash holds them to what was shown.
 */
export const consentEvidenceSchema = z.strictObject({
  wording: z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/), version: z.int().min(1).max(1_000) }),
  language: z.enum(['en', 'zh']),
  /** Of the UTF-8 of the exact text. */
  formSha256: sha256Schema,
  ceremony: z.enum(consentCeremonies),
});

/** What a patient permits or denies one grantee. */
export const grantSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  grantee: granteeSchema,
  version: z.int().min(1),
  state: z.enum(['active', 'revoked']),
  provisions: provisionsSchema,
  /** Of the provisions of this version, and of no revocation; left out: nothing is said of what was shown. */
  evidence: consentEvidenceSchema.exactOptional(),
  grantedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});
/** What has been taken of the uses of a grant's provisions, under one version of it. */
const grantUsesSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  grantee: granteeSchema,
  version: z.int().min(1),
  taken: z
    .array(z.strictObject({ provisionId: provisionIdSchema, count: z.int().min(1).max(MOST_USES) }))
    .min(1)
    .max(16),
});
/** A grant as its patient reads it: with what has been taken of its uses, if anything has. */
export const countedGrantSchema = grantSchema.extend({ taken: grantUsesSchema.shape.taken.exactOptional() });

export type Grantee = z.output<typeof granteeSchema>;
export type CopyTerms = z.output<typeof copyTermsSchema>;
export type PermitProvision = z.output<typeof permitProvisionSchema>;
export type Provision = z.output<typeof provisionSchema>;
export type ProvisionDraft = z.output<typeof provisionDraftSchema>;
export type ConsentEvidence = z.output<typeof consentEvidenceSchema>;
export type Grant = z.output<typeof grantSchema>;
export type GrantUses = z.output<typeof grantUsesSchema>;
export type CountedGrant = z.output<typeof countedGrantSchema>;

/** Whose a grant is, and to whom. */
const grantParts = [
  idPart<Pseudonym>('pseudonym'),
  idPart<Grantee['kind']>('granteeKind'),
  idPart<MspId>('mspId'),
  idPart<Grantee['name']>('name'),
] as const;

/** What the area keeps, under the names of its repositories. */
export const consentEntities = {
  grants: defineEntity({
    objectType: 'grant',
    summary: 'What a patient permits or denies one grantee.',
    schema: grantSchema,
    key: grantParts,
    keyOf: ({ pseudonym, grantee }) => [pseudonym, grantee.kind, grantee.mspId, grantee.name],
    endorsement: 'channel',
  }),
  replacedGrants: defineEntity({
    objectType: 'replacedGrant',
    summary: 'A version of a policy that a later one has replaced, as it was; no decision reads it.',
    schema: grantSchema,
    key: [...grantParts, versionPart('version')],
    keyOf: ({ pseudonym, grantee, version }) => [pseudonym, grantee.kind, grantee.mspId, grantee.name, version],
    endorsement: 'channel',
  }),
  grantUses: defineEntity({
    objectType: 'grantUses',
    summary: 'What has been taken of the uses of a grant: written with the permit that takes one.',
    schema: grantUsesSchema,
    key: grantParts,
    keyOf: ({ pseudonym, grantee }) => [pseudonym, grantee.kind, grantee.mspId, grantee.name],
    endorsement: 'channel',
  }),
};
