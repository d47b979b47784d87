import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { defineArea, type EventTable } from '../catalogue/area';
import { defineEntity, idPart, newestFirstPart, versionPart } from '../catalogue/entity';
import { patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { delegationBases } from '../delegated-acts';
import { idNonceSchema, pageFields, pageOf } from '../encoding/values';
import {
  type MspId,
  mspIdSchema,
  type PrescriptionId,
  prescriptionIdSchema,
  type Pseudonym,
  pseudonymSchema,
  recordIdSchema,
} from '../ids';
import { instantSchema, monthSchema } from '../instant';
import { cardTokenSchema, refusalsOfCardTokens } from '../registrar/card';
import { LEAST_TOLD } from '../vocabulary';

/** Why a hospital takes a prescription back. Closed and short, because every member reads it. */
export const prescriptionCancellations = ['entered-in-error', 'replaced', 'other'] as const;
/** `dispensed`: all of it is; `cancelled`: by its hospital; `stopped`: by the patient. Whether its time has come or is over, the ledger's time says. */
const prescriptionStates = ['open', 'dispensed', 'cancelled', 'stopped'] as const;

const key = { pseudonym: pseudonymSchema, prescriptionId: prescriptionIdSchema };
/** How much may be dispensed, and when: numbers alone, and not of what. */
const prescribedFields = {
  /** The record that says what is prescribed: of the same hospital, of class `prescription`. */
  recordId: recordIdSchema,
  /** How many units each fill has: packs, or whatever the document counts in. */
  units: z.int().min(1).max(1_000),
  /** How often it may be filled in all; 1: no repeat. */
  fills: z.int().min(1).max(24),
  /** A repeat begins no earlier than so many days after the fill before has begun. */
  intervalDays: z.int().min(0).max(366),
  /** Inclusive. */
  validFrom: instantSchema,
  /** Exclusive. */
  validUntil: instantSchema,
};

/** A prescription, and how much of it has been dispensed. */
export const prescriptionSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...key,
  mspId: mspIdSchema,
  ...prescribedFields,
  state: z.enum(prescriptionStates),
  /** How many fills have begun, when the last of them did, and how many units of it are dispensed. */
  begun: z.int().min(0).max(24),
  begunAt: instantSchema.exactOptional(),
  dispensedUnits: z.int().min(0).max(1_000),
  /** How many dispensings there are in all. */
  dispensings: z.int().min(0),
  cancellation: z.enum(prescriptionCancellations).exactOptional(),
  issuedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});
/** What a pharmacy has handed out at one time. Written once. */
export const dispensingSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...key,
  number: z.int().min(1),
  /** Whose pharmacy. */
  mspId: mspIdSchema,
  /** Of which fill, counted from 1. */
  fill: z.int().min(1).max(24),
  units: z.int().min(1).max(1_000),
  at: instantSchema,
  by: actorReferenceSchema,
  origin: originSchema,
});
/** What a member has issued or dispensed: a line for those who count. */
const lineSchema = z.strictObject({
  schemaVersion: z.literal(1),
  mspId: mspIdSchema,
  did: z.enum(['issued', 'dispensed']),
  at: instantSchema,
  ...key,
  /** Of the dispensing; of what was issued, 0. */
  number: z.int().min(0),
});

export type Prescription = z.output<typeof prescriptionSchema>;
export type Dispensing = z.output<typeof dispensingSchema>;
export type PrescriptionLine = z.output<typeof lineSchema>;
export type PrescriptionCancellation = (typeof prescriptionCancellations)[number];

/** What the area keeps, under the names of its repositories. */
const prescriptionEntities = {
  prescriptions: defineEntity({
    objectType: 'prescription',
    summary: 'How much of a prescription may be dispensed, and has been.',
    schema: prescriptionSchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<PrescriptionId>('prescriptionId')],
    keyOf: ({ pseudonym, prescriptionId }) => [pseudonym, prescriptionId],
    endorsement: 'channel',
  }),
  dispensings: defineEntity({
    objectType: 'dispensing',
    summary: 'What a pharmacy has handed out of a prescription at one time.',
    schema: dispensingSchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<PrescriptionId>('prescriptionId'), versionPart('number')],
    keyOf: ({ pseudonym, prescriptionId, number }) => [pseudonym, prescriptionId, number],
    endorsement: 'channel',
  }),
  prescriptionLines: defineEntity({
    objectType: 'prescriptionLine',
    summary: 'What a member has issued or dispensed, the newest first.',
    schema: lineSchema,
    key: [
      ...([idPart<MspId>('mspId'), idPart<PrescriptionLine['did']>('did'), newestFirstPart('at')] as const),
      ...([idPart<Pseudonym>('pseudonym'), idPart<PrescriptionId>('prescriptionId'), versionPart('number')] as const),
    ],
    keyOf: ({ mspId, did, at, pseudonym, prescriptionId, number }) => [mspId, did, at, pseudonym, prescriptionId, number] as const,
    endorsement: 'channel',
  }),
};

const count = z.int().min(LEAST_TOLD).exactOptional();
/** Of one member and month; what is fewer than five is left out. */
export const prescriptionCountsSchema = z.strictObject({
  issued: count,
  /** Of those issued then: taken back by the hospital, or stopped by the patient, since. */
  cancelled: count,
  stopped: count,
  /** Times that a pharmacy of the member has handed something out. */
  dispensings: count,
  /** Of them, of a repeat; and those by which a fill was handed out in part. */
  ofRepeats: count,
  inParts: count,
});
export type PrescriptionCounts = z.output<typeof prescriptionCountsSchema>;

const contract = 'PrescriptionContract';
const answer = z.strictObject({ ...key, state: prescriptionSchema.shape.state });
const readers = [patientOr(delegationBases, 'consents', 'view'), staff('clinician'), staff('pharmacist')];

const prescriptionTransactions = {
  IssuePrescription: {
    contract,
    name: 'IssuePrescription',
    kind: 'submit',
    summary: 'Lets what a record of the caller’s hospital prescribes be dispensed at any member’s pharmacy, so much and so often.',
    request: z.strictObject({ ...key, nonce: idNonceSchema, ...prescribedFields }),
    response: answer,
    callers: [staff('clinician')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  DispensePrescription: {
    contract,
    name: 'DispensePrescription',
    kind: 'submit',
    summary:
      'Hands out units of a prescription to who shows the patient’s card, and uses the card’s token up; never more than is prescribed.',
    request: z.strictObject({ prescriptionId: prescriptionIdSchema, units: prescribedFields.units, token: cardTokenSchema }),
    response: answer.extend({ number: dispensingSchema.shape.number, fill: dispensingSchema.shape.fill, unitsLeft: z.int().min(0) }),
    callers: [staff('pharmacist')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'PRESCRIPTION_EXCEEDED', 'PRESCRIPTION_TOO_EARLY', ...refusalsOfCardTokens],
    endorsement: 'channel',
  },
  CancelPrescription: {
    contract,
    name: 'CancelPrescription',
    kind: 'submit',
    summary: 'The prescription’s hospital takes it back: nothing more of it is dispensed.',
    request: z.strictObject({ ...key, reason: z.enum(prescriptionCancellations) }),
    response: answer,
    callers: [staff('clinician')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  StopPrescription: {
    contract,
    name: 'StopPrescription',
    kind: 'submit',
    summary: 'The patient wants nothing more of a prescription dispensed.',
    request: z.strictObject(key),
    response: answer,
    callers: [patientOr(delegationBases, 'consents')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  GetPrescription: {
    contract,
    name: 'GetPrescription',
    kind: 'evaluate',
    summary: 'Reads a prescription: how much of it may be dispensed, and has been.',
    request: z.strictObject(key),
    response: prescriptionSchema,
    callers: readers,
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListPrescriptions: {
    contract,
    name: 'ListPrescriptions',
    kind: 'evaluate',
    summary: 'Lists the prescriptions of a pseudonym, for the patient and for whom they have shown who they are.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(prescriptionSchema),
    callers: readers,
    refusals: [],
    endorsement: 'channel',
  },
  ListDispensings: {
    contract,
    name: 'ListDispensings',
    kind: 'evaluate',
    summary: 'Lists when and where of a prescription was dispensed, and how much.',
    request: z.strictObject({ ...key, ...pageFields }),
    response: pageOf(dispensingSchema),
    callers: readers,
    refusals: [],
    endorsement: 'channel',
  },
  GetPrescriptionStatistics: {
    contract,
    name: 'GetPrescriptionStatistics',
    kind: 'evaluate',
    summary:
      'Counts what a member has issued and dispensed in a month that is over, without patients and persons and nothing of fewer than five; a hospital’s officer its own, a regulator anybody’s.',
    request: z.strictObject({ mspId: mspIdSchema, month: monthSchema }),
    response: z.strictObject({
      counts: prescriptionCountsSchema,
      /** Whether there were more lines than are looked at: the newest are. */
      isCut: z.boolean(),
    }),
    callers: [staff('privacyOfficer'), staff('regulator')],
    refusals: ['ILLEGAL_STATE'],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What may happen in the area. */
const prescriptionEvents = {
  PrescriptionIssued: key,
  PrescriptionDispensed: { ...key, number: dispensingSchema.shape.number },
  PrescriptionCancelled: key,
  PrescriptionStopped: key,
} as const satisfies EventTable;
const patientsOwn = ['PrescriptionStopped'] as const satisfies readonly (keyof typeof prescriptionEvents)[];

/** What of a prescription is dispensed, anywhere and once. */
export const prescriptionArea = defineArea({
  entities: prescriptionEntities,
  events: prescriptionEvents,
  patientsOwn,
  transactions: prescriptionTransactions,
});
