import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { defineArea, type EventTable } from '../catalogue/area';
import { defineEntity, idPart } from '../catalogue/entity';
import { member, staff, type TransactionEntry } from '../catalogue/entry';
import { idNonceSchema, longSaltSchema, pageFields, pageOf, sha256Schema } from '../encoding/values';
import { tariffSchema } from '../record/results';
import {
  departmentSchema,
  type MspId,
  mspIdSchema,
  nameSchema,
  pseudonymSchema,
  type RecognitionId,
  recognitionIdSchema,
  recordIdSchema,
  ticketIdSchema,
} from '../ids';
import { instantSchema } from '../instant';

/**
 * Why an examination is made again although there is an equivalent result. The first three are what hospitals are counted by; the others are clinical.
 * Closed and coarse: every member reads them. @remarks Source: 医疗机构检查检验结果互认管理办法 (2022) art. 18; 不愿、不能、不敢.
 */
export const declineReasons = [
  ...(['unwilling', 'unable', 'afraid'] as const),
  ...(['condition-changed', 'does-not-fit', 'outlived-by-course', 'quality-doubtful', 'emergency', 'patient-asks'] as const),
] as const;

const asked = {
  askId: recognitionIdSchema,
  pseudonym: pseudonymSchema,
  department: departmentSchema,
  /** Of the item, which is not named: of its tariff there are three at least. */
  priceCents: tariffSchema,
  /** Of the list of recognised items that the item was taken from. */
  listVersion: z.int().min(2),
  /** SHA-256 of item and salt, which who asks keeps. */
  itemCommitment: sha256Schema,
};
/** What was decided of an equivalent result that was found. */
const decidedSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('accept'), recordId: recordIdSchema, ticketId: ticketIdSchema }),
  z.strictObject({ outcome: z.literal('decline'), recordId: recordIdSchema, ticketId: ticketIdSchema, reason: z.enum(declineReasons) }),
]);
/** A clinician's question before an examination is ordered, and what they decided. */
const recognitionSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...asked,
  /** Whose clinician asks. */
  mspId: mspIdSchema,
  askedBy: actorReferenceSchema,
  askedAt: instantSchema,
  state: z.enum(['asked', 'accepted', 'declined']),
  decided: decidedSchema.exactOptional(),
  decidedAt: instantSchema.exactOptional(),
  origin: originSchema,
});

export type DeclineReason = (typeof declineReasons)[number];
export type Recognition = z.output<typeof recognitionSchema>;

/** What the area keeps, under the names of its repositories. */
const recognitionEntities = {
  recognitions: defineEntity({
    objectType: 'recognition',
    summary: 'That a clinician asked for an equivalent result before ordering an examination, and what they decided of one.',
    schema: recognitionSchema,
    key: [idPart<MspId>('mspId'), idPart<RecognitionId>('askId')],
    keyOf: ({ mspId, askId }) => [mspId, askId],
    endorsement: 'channel',
  }),
};

const contract = 'RecognitionContract';
const { state } = recognitionSchema.shape;
const answer = z.strictObject({ askId: recognitionIdSchema, state });
const key = { mspId: mspIdSchema, askId: recognitionIdSchema };

const recognitionTransactions = {
  AskRecognition: {
    contract,
    name: 'AskRecognition',
    kind: 'submit',
    summary:
      'Commits that a clinician asks whether there is an equivalent result of an item, which is not named; the hospital that keeps the records then answers.',
    request: z.strictObject({ ...asked, nonce: idNonceSchema }),
    response: answer,
    callers: [staff('clinician')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'ITEM_NOT_RECOGNISED'],
    endorsement: 'channel',
  },
  ResolveRecognition: {
    contract,
    name: 'ResolveRecognition',
    kind: 'evaluate',
    summary:
      'Answers a committed question from the caller’s hospital’s own records, and from those alone that who asks may ask to read: yes with the newest, or no.',
    request: z.strictObject({ ...key, itemId: nameSchema, salt: longSaltSchema }),
    response: z.discriminatedUnion('found', [
      z.strictObject({ found: z.literal(false) }),
      z.strictObject({ found: z.literal(true), recordId: recordIdSchema }),
    ]),
    callers: [staff('keyService')],
    refusals: ['NOT_FOUND', 'HASH_MISMATCH', 'ITEM_NOT_RECOGNISED', 'ILLEGAL_STATE'],
    evenly: 'always',
    endorsement: 'owner',
  },
  RecordRecognition: {
    contract,
    name: 'RecordRecognition',
    kind: 'submit',
    summary:
      'Records, once for each question, that the result is accepted instead of a new examination, or why it is declined and made again.',
    request: z.strictObject({ askId: recognitionIdSchema, decided: decidedSchema }),
    response: answer,
    callers: [staff('clinician')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'TICKET_CLOSED'],
    endorsement: 'channel',
  },
  GetRecognition: {
    contract,
    name: 'GetRecognition',
    kind: 'evaluate',
    summary: 'Reads a question and what was decided.',
    request: z.strictObject(key),
    response: recognitionSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListRecognitions: {
    contract,
    name: 'ListRecognitions',
    kind: 'evaluate',
    summary: 'Lists the questions of one hospital’s clinicians and what they decided, for whoever counts what was saved.',
    request: z.strictObject({ mspId: mspIdSchema, ...pageFields }),
    response: pageOf(recognitionSchema),
    callers: [member],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

const about = { ...key, pseudonym: pseudonymSchema };
/** What may happen in the area. */
const recognitionEvents = {
  RecognitionRequested: about,
  RecognitionAccepted: about,
  RecognitionDeclined: about,
} as const satisfies EventTable;

/** Mutual recognition of examinations (ADR 0076). */
export const recognitionArea = defineArea({
  entities: recognitionEntities,
  events: recognitionEvents,
  transactions: recognitionTransactions,
});
