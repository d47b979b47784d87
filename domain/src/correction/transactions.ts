import { actorReferenceSchema, originSchema } from '../actor';
import { defineArea, type EventTable } from '../catalogue/area';
import { defineEntity, idPart, newestFirstPart, versionPart } from '../catalogue/entity';
import { member, patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { basesAndAssistance, delegationBases } from '../delegated-acts';
import { pageFields, pageOf, saltSchema, sha256Schema } from '../encoding/values';
import { type MspId, mspIdSchema, type Pseudonym, pseudonymSchema, type RecordId, recordIdSchema } from '../ids';
import { instantSchema } from '../instant';
import { z } from 'zod';

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

const contract = 'CorrectionContract';
const { recordVersion, reasonCommitment, dueAt } = correctionSchema.shape;
const answer = z.strictObject({ ...correctionKeyFields, state: z.enum(correctionStates) });
const { corrections, correctionAnswers, correctionWords } = correctionEntities;
/** A correction as it is now: whether its answer is late, the ledger's time says. */
const shownSchema = z.strictObject({
  correction: corrections.schema,
  answered: correctionAnswers.schema.optional(),
  word: correctionWords.schema.optional(),
  state: z.enum(correctionStates),
  isOverdue: z.boolean(),
});
const officers = [staff('privacyOfficer'), staff('recordAdmin')];
const part = z.enum(correctionParts);

const correctionTransactions = {
  RequestCorrection: {
    contract,
    name: 'RequestCorrection',
    kind: 'submit',
    summary: 'The patient asks for the correction of a record of theirs; its hospital has to answer within 30 days.',
    request: z.strictObject({ ...correctionKeyFields, recordVersion, reasonCommitment }),
    response: answer.extend({ dueAt }),
    callers: [patientOr(basesAndAssistance, 'consents')],
    refusals: ['NOT_FOUND', 'ALREADY_EXISTS', 'ILLEGAL_STATE', 'VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  AnswerCorrection: {
    contract,
    name: 'AnswerCorrection',
    kind: 'submit',
    summary: 'The record’s hospital answers: in which version the record is right, or why it corrects nothing.',
    request: z.strictObject({ ...correctionKeyFields, answer: correctionAnswerSchema }),
    response: answer,
    callers: officers,
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  StateDisagreement: {
    contract,
    name: 'StateDisagreement',
    kind: 'submit',
    summary: 'The patient disagrees with a refusal, with a statement that whoever reads the record is told of.',
    request: z.strictObject({ ...correctionKeyFields, statementCommitment: sha256Schema }),
    response: answer,
    callers: [patientOr(basesAndAssistance, 'consents')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  WithdrawCorrection: {
    contract,
    name: 'WithdrawCorrection',
    kind: 'submit',
    summary: 'The patient wants nothing corrected any more, or takes a statement back.',
    request: z.strictObject(correctionKeyFields),
    response: answer,
    callers: [patientOr(basesAndAssistance, 'consents')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  PutCorrectionText: {
    contract,
    name: 'PutCorrectionText',
    kind: 'submit',
    summary: 'Keeps what was committed to, in the patient’s or the hospital’s words, in the private data of the record’s hospital.',
    request: z.strictObject({ ...correctionKeyFields, part, transientSha256: sha256Schema }),
    transient: correctionTextSchema.pick({ text: true, salt: true }),
    response: z.strictObject({ ...correctionKeyFields, part }),
    callers: [staff('keyService'), ...officers],
    refusals: ['NOT_FOUND', 'HASH_MISMATCH'],
    endorsement: 'owner',
  },
  GetCorrectionText: {
    contract,
    name: 'GetCorrectionText',
    kind: 'evaluate',
    summary: 'Reads what was said of a correction, for the patient’s side and the officers of the record’s hospital.',
    request: z.strictObject({ ...correctionKeyFields, part }),
    response: correctionTextSchema,
    callers: [patientOr(delegationBases, 'consents', 'view'), ...officers],
    refusals: ['NOT_FOUND'],
    endorsement: 'owner',
  },
  GetCorrection: {
    contract,
    name: 'GetCorrection',
    kind: 'evaluate',
    summary: 'Reads a correction, for whoever knows the record’s two random ids.',
    request: z.strictObject(correctionKeyFields),
    response: shownSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListCorrections: {
    contract,
    name: 'ListCorrections',
    kind: 'evaluate',
    summary: 'Lists the corrections of a patient’s records, for the patient’s side and the officers of their hospital.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(shownSchema),
    callers: [patientOr(delegationBases, 'consents', 'view'), ...officers],
    refusals: [],
    endorsement: 'channel',
  },
  ListCorrectionsAsked: {
    contract,
    name: 'ListCorrectionsAsked',
    kind: 'evaluate',
    summary: 'Lists the corrections that the caller’s hospital was asked for, the newest first, and which answers are late.',
    request: z.strictObject(pageFields),
    response: pageOf(shownSchema),
    callers: officers,
    refusals: [],
    endorsement: 'channel',
  },
  ListDisagreements: {
    contract,
    name: 'ListDisagreements',
    kind: 'evaluate',
    summary: 'Lists the statements with which a patient disagrees with a record, for whoever knows its two random ids.',
    request: z.strictObject({ pseudonym: pseudonymSchema, recordId: correctionKeyFields.recordId, ...pageFields }),
    response: pageOf(z.strictObject({ ...correctionKeyFields, recordVersion, statementCommitment: sha256Schema, at: instantSchema })),
    callers: [member],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What may happen in the area. */
const correctionEvents = {
  CorrectionRequested: correctionKeyFields,
  CorrectionAnswered: { ...correctionKeyFields, outcome: z.enum(['accepted', 'refused']) },
  CorrectionDisputed: correctionKeyFields,
  CorrectionCancelled: correctionKeyFields,
} as const satisfies EventTable;
const patientsOwn = [
  'CorrectionRequested',
  'CorrectionDisputed',
  'CorrectionCancelled',
] as const satisfies readonly (keyof typeof correctionEvents)[];

/** That patients have their records corrected, and what becomes of it. */
export const correctionArea = defineArea({
  entities: correctionEntities,
  events: correctionEvents,
  patientsOwn,
  transactions: correctionTransactions,
});
