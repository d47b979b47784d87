import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { member, patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { basesAndAssistance, delegationBases } from '../delegated-acts';
import { pageFields, pageOf, sha256Schema } from '../encoding/values';
import { pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';
import {
  correctionAnswerSchema,
  correctionEntities,
  correctionKeyFields,
  correctionParts,
  correctionSchema,
  correctionStates,
  correctionTextSchema,
} from './entities';

const contract = 'CorrectionContract';
const key = correctionKeyFields;
const { recordVersion, reasonCommitment, dueAt } = correctionSchema.shape;
const answer = z.strictObject({ ...key, state: z.enum(correctionStates) });
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
    request: z.strictObject({ ...key, recordVersion, reasonCommitment }),
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
    request: z.strictObject({ ...key, answer: correctionAnswerSchema }),
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
    request: z.strictObject({ ...key, statementCommitment: sha256Schema }),
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
    request: z.strictObject(key),
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
    request: z.strictObject({ ...key, part, transientSha256: sha256Schema }),
    transient: correctionTextSchema.pick({ text: true, salt: true }),
    response: z.strictObject({ ...key, part }),
    callers: [staff('keyService'), ...officers],
    refusals: ['NOT_FOUND', 'HASH_MISMATCH'],
    endorsement: 'owner',
  },
  GetCorrectionText: {
    contract,
    name: 'GetCorrectionText',
    kind: 'evaluate',
    summary: 'Reads what was said of a correction, for the patient’s side and the officers of the record’s hospital.',
    request: z.strictObject({ ...key, part }),
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
    request: z.strictObject(key),
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
    request: z.strictObject({ pseudonym: pseudonymSchema, recordId: key.recordId, ...pageFields }),
    response: pageOf(z.strictObject({ ...key, recordVersion, statementCommitment: sha256Schema, at: instantSchema })),
    callers: [member],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What may happen in the area. */
const correctionEvents = {
  CorrectionRequested: key,
  CorrectionAnswered: { ...key, outcome: z.enum(['accepted', 'refused']) },
  CorrectionDisputed: key,
  CorrectionCancelled: key,
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
