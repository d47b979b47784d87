import { z } from 'zod';
import { originSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import {
  groupElementSchema,
  idNonceSchema,
  matchProofSchema,
  matchSecretSchema,
  type MatchTag,
  matchTagSchema,
  possessionSchema,
  sealedNoteSchema,
  sealedShareSchema,
  setOf,
} from '../encoding/values';
import {
  type ActorTag,
  actorTagSchema,
  type DuplicateCaseId,
  duplicateCaseIdSchema,
  type EvaluationId,
  evaluationIdSchema,
  type FunctionKeyId,
  functionKeyIdSchema,
  type LinkId,
  linkIdSchema,
  type MspId,
  mspIdSchema,
} from '../ids';
import { instantSchema } from '../instant';

/** How many hospitals hold one key at most, and with how many others a number is compared. */
const MOST_HOLDERS = 16;
/** How many inputs are evaluated in one transaction at most. */
const MOST_INPUTS = 16;

export const functionKeyStates = ['dealing', 'accepting', 'ready', 'failed', 'superseded'] as const;
export const holdersSchema = setOf(mspIdSchema, 2, MOST_HOLDERS);

/** A key of the function that hospitals evaluate together (ADR 0043); the key itself is nowhere. */
export const functionKeySchema = z.strictObject({
  schemaVersion: z.literal(1),
  keyId: functionKeyIdSchema,
  mspId: mspIdSchema,
  /** Who holds a share; a holder's place, from 1 on, is that in this list. */
  holders: holdersSchema,
  /** So many holders evaluate; more than half of them. */
  threshold: z.int().min(2).max(MOST_HOLDERS),
  state: z.enum(functionKeyStates),
  dealt: setOf(mspIdSchema, 0, MOST_HOLDERS),
  accepted: setOf(mspIdSchema, 0, MOST_HOLDERS),
  /** Why it failed: who found the share wrong that whom has dealt. One of the two is at fault; the ledger cannot tell which. */
  complaint: z.strictObject({ by: mspIdSchema, dealer: mspIdSchema }).exactOptional(),
  /** Of a key whose shares were dealt anew: of which one, and which of its holders deal. The key itself is the same. */
  reshares: z.strictObject({ keyId: functionKeyIdSchema, dealers: holdersSchema, nonce: idNonceSchema }).exactOptional(),
  openedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});

const forOrganisation = { mspId: mspIdSchema, organisationKeyEpoch: z.int().min(1) };
const dealtShareSchema = z.strictObject({ ...forOrganisation, sealed: sealedShareSchema });
export const dealFields = {
  /** The coefficients of the dealer's polynomial as elements; as many as the threshold. */
  commitments: z.array(groupElementSchema).min(2).max(MOST_HOLDERS),
  possession: possessionSchema,
  /** For each holder, in the order of the holders, sealed to its organisation. */
  shares: z.array(dealtShareSchema).min(2).max(MOST_HOLDERS),
};
/** What one holder deals to all. */
export const functionDealSchema = z.strictObject({
  schemaVersion: z.literal(1),
  keyId: functionKeyIdSchema,
  mspId: mspIdSchema,
  ...dealFields,
  at: instantSchema,
  origin: originSchema,
});

export const blindedInputsSchema = z.array(groupElementSchema).min(1).max(MOST_INPUTS);
/** What a registrar has evaluated: how much, and nothing of the numbers. */
export const evaluationSchema = z.strictObject({
  schemaVersion: z.literal(1),
  evaluationId: evaluationIdSchema,
  keyId: functionKeyIdSchema,
  mspId: mspIdSchema,
  blinded: blindedInputsSchema,
  at: instantSchema,
  origin: originSchema,
});

/** A day in UTC, as a key part. */
export const daySchema = z.iso.date().brand<'Day'>();
export type Day = z.output<typeof daySchema>;
/** How many inputs a registrar has had evaluated in a day. */
export const evaluationDaySchema = z.strictObject({
  schemaVersion: z.literal(1),
  mspId: mspIdSchema,
  day: daySchema,
  actorTag: actorTagSchema,
  evaluations: z.int().min(1),
  /** When there were so many that it looks like a search. */
  alarmedAt: instantSchema.exactOptional(),
});

const pairTagSchema = z.strictObject({ mspId: mspIdSchema, tag: matchTagSchema, secret: matchSecretSchema });
const matchQuestionSchema = z.strictObject({ mspId: mspIdSchema, tag: matchTagSchema, proof: matchProofSchema });
const oneOfEach = <Pair extends z.ZodType<{ readonly mspId: MspId }>>(pair: Pair) =>
  z
    .array(pair)
    .min(1)
    .max(MOST_HOLDERS)
    .refine((pairs) => new Set(pairs.map(({ mspId }) => mspId)).size === pairs.length, 'repeated organisation');
const pairTagsSchema = oneOfEach(pairTagSchema);
/** Which hospitals are asked whether they know a number: each with its tag, and the asker's proof for it. */
export const matchQuestionsSchema = oneOfEach(matchQuestionSchema);
/** The tags of one linked number, in the hospital's private data; purged with the link. */
export const matchTagsSchema = z.strictObject({
  schemaVersion: z.literal(1),
  linkId: linkIdSchema,
  keyId: functionKeyIdSchema,
  tags: pairTagsSchema,
});
/** Whose number a tag is, in the hospital's private data. */
export const matchTagEntrySchema = z.strictObject({ schemaVersion: z.literal(1), ...pairTagSchema.shape, linkId: linkIdSchema });

export const duplicateCaseStates = ['open', 'mergeProposed', 'merged', 'unmergeProposed', 'unmerged', 'dismissed'] as const;
export const sealedToBothSchema = z.tuple([
  z.strictObject({ ...forOrganisation, sealed: sealedNoteSchema }),
  z.strictObject({ ...forOrganisation, sealed: sealedNoteSchema }),
]);
/** That two hospitals may know one person; which pseudonyms, those two alone can open (ADR 0044). */
export const duplicateCaseSchema = z.strictObject({
  schemaVersion: z.literal(1),
  caseId: duplicateCaseIdSchema,
  openerMspId: mspIdSchema,
  partnerMspId: mspIdSchema,
  state: z.enum(duplicateCaseStates),
  /** What the opener says, sealed to the opener and to the partner. */
  opened: sealedToBothSchema,
  /** What the partner says, with its proposal to merge. */
  joined: sealedToBothSchema.exactOptional(),
  /** Which of the two would take the merge back. */
  unmergeProposedBy: mspIdSchema.exactOptional(),
  openedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});
/** Which cases concern an organisation. */
const duplicateCaseOfSchema = z.strictObject({ schemaVersion: z.literal(1), mspId: mspIdSchema, caseId: duplicateCaseIdSchema });

export type FunctionKey = z.output<typeof functionKeySchema>;
export type FunctionKeyState = FunctionKey['state'];
export type FunctionDeal = z.output<typeof functionDealSchema>;
export type Evaluation = z.output<typeof evaluationSchema>;
export type EvaluationDay = z.output<typeof evaluationDaySchema>;
export type PairTag = z.output<typeof pairTagSchema>;
export type MatchQuestion = z.output<typeof matchQuestionSchema>;
export type MatchTags = z.output<typeof matchTagsSchema>;
export type SealedToBoth = z.output<typeof sealedToBothSchema>;
export type DuplicateCase = z.output<typeof duplicateCaseSchema>;
export type DuplicateCaseState = DuplicateCase['state'];

/** What the area keeps, under the names of its repositories. */
export const matchingEntities = {
  functionKeys: defineEntity({
    objectType: 'functionKey',
    summary: 'A key of the function that hospitals evaluate together: who holds a share, how many must answer, and how far it is.',
    schema: functionKeySchema,
    key: [idPart<FunctionKeyId>('keyId')],
    keyOf: ({ keyId }) => [keyId],
    endorsement: 'channel',
  }),
  functionDeals: defineEntity({
    objectType: 'functionDeal',
    summary: 'What one holder dealt to all for such a key: public commitments, and a share sealed to each.',
    schema: functionDealSchema,
    key: [idPart<FunctionKeyId>('keyId'), idPart<MspId>('mspId')],
    keyOf: ({ keyId, mspId }) => [keyId, mspId],
    endorsement: 'channel',
  }),
  evaluations: defineEntity({
    objectType: 'evaluation',
    summary: 'What a registrar has had evaluated, blinded; no holder answers for anything else.',
    schema: evaluationSchema,
    key: [idPart<EvaluationId>('evaluationId')],
    keyOf: ({ evaluationId }) => [evaluationId],
    endorsement: 'channel',
  }),
  evaluationDays: defineEntity({
    objectType: 'evaluationDay',
    summary: 'How many inputs a registrar has had evaluated in a day, and since when that is an alarm.',
    schema: evaluationDaySchema,
    key: [idPart<MspId>('mspId'), idPart<Day>('day'), idPart<ActorTag>('actorTag')],
    keyOf: ({ mspId, day, actorTag }) => [mspId, day, actorTag],
    endorsement: 'channel',
  }),
  matchTags: defineEntity({
    objectType: 'matchTags',
    summary: 'The tags and secrets of a linked number. Purged by UnlinkIdentifier.',
    schema: matchTagsSchema,
    key: [idPart<LinkId>('linkId')],
    keyOf: ({ linkId }) => [linkId],
    endorsement: 'owner',
  }),
  matchTagEntries: defineEntity({
    objectType: 'matchTag',
    summary: 'Which link a tag between two hospitals belongs to. Purged by UnlinkIdentifier.',
    schema: matchTagEntrySchema,
    key: [idPart<MatchTag>('tag')],
    keyOf: ({ tag }) => [tag],
    endorsement: 'owner',
  }),
  duplicateCases: defineEntity({
    objectType: 'duplicateCase',
    summary: 'That two hospitals may know one person, and what they have agreed; which pseudonyms, they alone can open.',
    schema: duplicateCaseSchema,
    key: [idPart<DuplicateCaseId>('caseId')],
    keyOf: ({ caseId }) => [caseId],
    endorsement: 'channel',
  }),
  duplicateCasesOf: defineEntity({
    objectType: 'duplicateCaseOf',
    summary: 'Which such cases concern an organisation.',
    schema: duplicateCaseOfSchema,
    key: [idPart<MspId>('mspId'), idPart<DuplicateCaseId>('caseId')],
    keyOf: ({ mspId, caseId }) => [mspId, caseId],
    endorsement: 'channel',
  }),
};
