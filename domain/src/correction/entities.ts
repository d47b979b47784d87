import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { defineEntity, idPart, newestFirstPart, versionPart } from '../catalogue/entity';
import { saltSchema, sha256Schema } from '../encoding/values';
import { type MspId, mspIdSchema, type Pseudonym, pseudonymSchema, type RecordId, recordIdSchema } from '../ids';
import { instantSchema } from '../instant';

/**
 * Why a hospital corrects nothing. Closed and short, because every member reads it: the record is accurate and complete; somebody else has made what
 * it says; nobody can find out any more; a law forbids the change. The words are the hospital's and the patient's.
 * @remarks Source: 45 CFR 164.526(a)(2); GDPR art. 16 and 12(4); PIPL art. 46.
 */
export const correctionRefusals = ['accurate', 'made-by-another', 'not-verifiable', 'forbidden-by-law'] as const;
export const correctionStates = ['open', 'accepted', 'refused', 'disputed', 'withdrawn'] as const;
/** Whose words a text is: why the patient asks, why the hospital refuses, and what the patient says to that. */
export const correctionParts = ['reason', 'refusal', 'disagreement'] as const;

const version = z.int().min(1);
/** Of a record, which of its corrections: each is asked for when the one before has its answer, so that their number is no matter of luck. */
export const correctionKeyFields = {
  pseudonym: pseudonymSchema,
  recordId: recordIdSchema,
  number: z.int().min(1).max(999),
};

/** That a patient wants a record of theirs corrected. Written once, by the patient's word. */
export const correctionSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...correctionKeyFields,
  /** Which version is wrong. */
  recordVersion: version,
  /** Who keeps the record, and has to answer. */
  custodianMspId: mspIdSchema,
  /** Of what is wrong, in the patient's words, which that hospital keeps: a salted hash. */
  reasonCommitment: sha256Schema,
  requestedAt: instantSchema,
  dueAt: instantSchema,
  origin: originSchema,
});

/** What the hospital answers; `version` is the one in which the record is right, or in which it was retracted. */
export const correctionAnswerSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('accepted'), version }),
  z.strictObject({ outcome: z.literal('refused'), reason: z.enum(correctionRefusals), textCommitment: sha256Schema }),
]);
/** The hospital's answer. Written once, by its word. */
const answeredCorrectionSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...correctionKeyFields,
  answer: correctionAnswerSchema,
  at: instantSchema,
  by: actorReferenceSchema,
  origin: originSchema,
});
/** What the patient has said since: that they disagree, with a statement that readers are told of; or that it is over. */
const correctionWordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...correctionKeyFields,
  word: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('disagrees'), statementCommitment: sha256Schema }),
    z.strictObject({ kind: z.literal('withdraws') }),
  ]),
  at: instantSchema,
  origin: originSchema,
});
/** Which corrections a hospital has to answer, or has answered. */
const correctionOfSchema = z.strictObject({
  schemaVersion: z.literal(1),
  mspId: mspIdSchema,
  requestedAt: instantSchema,
  ...correctionKeyFields,
});
/** What somebody says of a correction, in their own words; in the private data of the record's hospital. */
export const correctionTextSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...correctionKeyFields,
  part: z.enum(correctionParts),
  text: z.string().min(8).max(4_000),
  salt: saltSchema,
});

export type Correction = z.output<typeof correctionSchema>;
export type CorrectionAnswer = z.output<typeof correctionAnswerSchema>;
export type AnsweredCorrection = z.output<typeof answeredCorrectionSchema>;
export type CorrectionWord = z.output<typeof correctionWordSchema>;
export type CorrectionText = z.output<typeof correctionTextSchema>;
export type CorrectionState = (typeof correctionStates)[number];
export type CorrectionPart = (typeof correctionParts)[number];
export type CorrectionKey = Pick<Correction, 'pseudonym' | 'recordId' | 'number'>;

const key = [idPart<Pseudonym>('pseudonym'), idPart<RecordId>('recordId'), versionPart('number')] as const;
const keyOf = ({ pseudonym, recordId, number }: CorrectionKey): [Pseudonym, RecordId, number] => [pseudonym, recordId, number];

/** What the area keeps, under the names of its repositories: each entry has one whose word it is. */
export const correctionEntities = {
  corrections: defineEntity({
    objectType: 'correction',
    summary: 'That a patient wants a record corrected.',
    schema: correctionSchema,
    key,
    keyOf,
    endorsement: 'channel',
  }),
  correctionAnswers: defineEntity({
    objectType: 'correctionAnswer',
    summary: 'What the record’s hospital has answered to that.',
    schema: answeredCorrectionSchema,
    key,
    keyOf,
    endorsement: 'channel',
  }),
  correctionWords: defineEntity({
    objectType: 'correctionWord',
    summary: 'That the patient disagrees with the answer, or wants nothing corrected any more.',
    schema: correctionWordSchema,
    key,
    keyOf,
    endorsement: 'channel',
  }),
  correctionsOf: defineEntity({
    objectType: 'correctionOf',
    summary: 'Which corrections are asked of a hospital.',
    schema: correctionOfSchema,
    key: [idPart<MspId>('mspId'), newestFirstPart('requestedAt'), ...key],
    keyOf: ({ mspId, requestedAt, ...of }) => [mspId, requestedAt, ...keyOf(of)] as const,
    endorsement: 'channel',
  }),
  correctionTexts: defineEntity({
    objectType: 'correctionText',
    summary: 'What patient or hospital says of a correction, in their words.',
    schema: correctionTextSchema,
    key: [...key, idPart<CorrectionPart>('part')],
    keyOf: ({ part, ...of }) => [...keyOf(of), part] as const,
    endorsement: 'owner',
  }),
};
