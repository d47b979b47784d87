import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { defineEntity, idPart, newestFirstPart } from '../catalogue/entity';
import { granteeSchema } from '../consent/entities';
import { setOf, sha256Schema } from '../encoding/values';
import {
  departmentSchema,
  type MspId,
  mspIdSchema,
  type Pseudonym,
  pseudonymSchema,
  recordIdSchema,
  type ReferralId,
  referralIdSchema,
} from '../ids';
import { instantSchema } from '../instant';

/** Between the levels of care: to a higher one, to a lower one, or to one of the same. */
export const referralDirections = ['up', 'down', 'across'] as const;
const referralUrgencies = ['routine', 'urgent'] as const;
/** Why a hospital takes nobody. Closed and coarse, because every member reads it: not one of them is about the patient's health. */
export const referralDeclines = ['no-capacity', 'not-our-service', 'information-missing', 'elsewhere', 'other'] as const;
export const referralStates = [
  'proposed',
  'agreed',
  'accepted',
  'declined',
  'attended',
  'returned',
  'closed',
  'recalled',
  'withdrawn',
  'lapsed',
] as const;

export const referralKeyFields = { pseudonym: pseudonymSchema, referralId: referralIdSchema };

/** To whom somebody is referred: a hospital, or a department of it. */
const referredToSchema = granteeSchema.refine(
  ({ kind }) => kind === 'department' || kind === 'organisation',
  'neither department nor organisation',
);

/** What a clinician asks of another hospital for a patient of theirs. Written once, by their word; it opens nothing. */
export const referralSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...referralKeyFields,
  fromMspId: mspIdSchema,
  fromDepartment: departmentSchema,
  to: referredToSchema,
  direction: z.enum(referralDirections),
  urgency: z.enum(referralUrgencies),
  /** Which records are opened, and no others, if the patient agrees. */
  recordIds: setOf(recordIdSchema, 1, 16),
  /** Which of them is the letter. */
  letterId: recordIdSchema.exactOptional(),
  proposedAt: instantSchema,
  /** By when the patient agrees, exclusive. */
  lapsesAt: instantSchema,
  proposedBy: actorReferenceSchema,
  origin: originSchema,
});

/** What the patient has said to it: the policy says what is open. */
const referralWordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...referralKeyFields,
  word: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('agrees'), policyVersion: z.int().min(1), validUntil: instantSchema }),
    z.strictObject({ kind: z.literal('withdraws') }),
  ]),
  at: instantSchema,
  origin: originSchema,
});

/** What the other hospital says to it, one after the other; a summary by a salted hash, for it stands under another pseudonym. */
export const referralAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('accepted') }),
  z.strictObject({ kind: z.literal('declined'), reason: z.enum(referralDeclines) }),
  z.strictObject({ kind: z.literal('attended') }),
  z.strictObject({ kind: z.literal('returned'), summaryCommitment: sha256Schema }),
]);
/** The last thing that the other hospital has said. */
const answeredReferralSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...referralKeyFields,
  answer: referralAnswerSchema,
  at: instantSchema,
  by: actorReferenceSchema,
  origin: originSchema,
});
/** That the hospital that has referred wants nothing more of it. */
const referralEndSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...referralKeyFields,
  state: z.enum(['recalled', 'closed']),
  at: instantSchema,
  by: actorReferenceSchema,
  origin: originSchema,
});
/** Which referrals a hospital has made or was asked. */
const referralOfSchema = z.strictObject({
  schemaVersion: z.literal(1),
  mspId: mspIdSchema,
  proposedAt: instantSchema,
  ...referralKeyFields,
});

export type Referral = z.output<typeof referralSchema>;
export type ReferralWord = z.output<typeof referralWordSchema>;
export type ReferralAnswer = z.output<typeof referralAnswerSchema>;
export type AnsweredReferral = z.output<typeof answeredReferralSchema>;
export type ReferralEnd = z.output<typeof referralEndSchema>;
export type ReferralState = (typeof referralStates)[number];
export type ReferralKey = Pick<Referral, 'pseudonym' | 'referralId'>;

const key = [idPart<Pseudonym>('pseudonym'), idPart<ReferralId>('referralId')] as const;
const keyOf = ({ pseudonym, referralId }: ReferralKey): [Pseudonym, ReferralId] => [pseudonym, referralId];

/** What the area keeps, under the names of its repositories: each entry has one whose word it is. */
export const referralEntities = {
  referrals: defineEntity({
    objectType: 'referral',
    summary: 'That a hospital refers a patient to another one, with which records.',
    schema: referralSchema,
    key,
    keyOf,
    endorsement: 'channel',
  }),
  referralWords: defineEntity({
    objectType: 'referralWord',
    summary: 'That the patient agrees to a referral, or does not any more.',
    schema: referralWordSchema,
    key,
    keyOf,
    endorsement: 'channel',
  }),
  referralAnswers: defineEntity({
    objectType: 'referralAnswer',
    summary: 'What the other hospital has said to a referral last.',
    schema: answeredReferralSchema,
    key,
    keyOf,
    endorsement: 'channel',
  }),
  referralEnds: defineEntity({
    objectType: 'referralEnd',
    summary: 'That the hospital that has referred a patient has ended it.',
    schema: referralEndSchema,
    key,
    keyOf,
    endorsement: 'channel',
  }),
  referralsOf: defineEntity({
    objectType: 'referralOf',
    summary: 'Which referrals a hospital has made or was asked.',
    schema: referralOfSchema,
    key: [idPart<MspId>('mspId'), newestFirstPart('proposedAt'), ...key],
    keyOf: ({ mspId, proposedAt, ...of }) => [mspId, proposedAt, ...keyOf(of)] as const,
    endorsement: 'channel',
  }),
};
