import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { member, patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { delegationBases } from '../delegated-acts';
import { idNonceSchema, pageFields, pageOf } from '../encoding/values';
import { pseudonymSchema, recordIdSchema } from '../ids';
import { refusalsOfDevices } from '../device/transactions';
import {
  amendmentOperationSchema,
  recordContentFields,
  recordSchema,
  recordVersionSchema,
  retractionReasonSchema,
  recordEntities,
} from './entities';

const contract = 'RecordContract';
const version = z.int().min(1);
const recordKey = { pseudonym: pseudonymSchema, recordId: recordIdSchema };
/** The record as it is after the transaction; to a repeated one, as it is now. */
const answer = z.strictObject({ recordId: recordIdSchema, version, state: recordSchema.shape.state });

const recordTransactions = {
  AnchorRecord: {
    contract,
    name: 'AnchorRecord',
    kind: 'submit',
    summary:
      'Anchors a sealed record of the caller’s hospital with the receipts of its storage places; its id is derived from hospital, pseudonym and a nonce.',
    request: z.strictObject({ ...recordKey, nonce: idNonceSchema, ...recordContentFields }),
    response: answer,
    callers: [staff('recordAdmin'), staff('lab')],
    refusals: [
      'ALREADY_EXISTS',
      'ID_MISMATCH',
      'NOT_FOUND',
      'ILLEGAL_STATE',
      'CLASS_NOT_OF_RELATIONSHIP',
      ...refusalsOfDevices,
      'DISPLAY_PROFILE_NOT_MET',
      'RECEIPTS_MISSING',
      'HASH_MISMATCH',
    ],
    endorsement: 'channel',
  },
  AmendRecord: {
    contract,
    name: 'AmendRecord',
    kind: 'submit',
    summary: 'Writes a new version of a record; the previous one stays readable by its number.',
    request: z.strictObject({ ...recordKey, previousVersion: version, operation: amendmentOperationSchema, ...recordContentFields }),
    response: answer,
    callers: [staff('recordAdmin'), staff('lab')],
    refusals: [
      'NOT_FOUND',
      'ILLEGAL_STATE',
      'VERSION_CONFLICT',
      'CLASS_CHANGED',
      'AUTHORSHIP_CHANGED',
      'LABEL_LOWERED',
      ...refusalsOfDevices,
      'DISPLAY_PROFILE_NOT_MET',
      'RECEIPTS_MISSING',
      'HASH_MISMATCH',
    ],
    endorsement: 'channel',
  },
  RetractRecord: {
    contract,
    name: 'RetractRecord',
    kind: 'submit',
    summary: 'Retracts a record with a reason; nobody but its patient reads it afterwards, nor does the patient what was another person’s.',
    request: z.strictObject({ ...recordKey, previousVersion: version, reason: retractionReasonSchema }),
    response: answer,
    callers: [staff('recordAdmin')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  GetRecord: {
    contract,
    name: 'GetRecord',
    kind: 'evaluate',
    summary: 'Reads a record’s ledger entry: hashes, labels, storage places.',
    request: z.strictObject(recordKey),
    response: recordSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  GetRecordVersion: {
    contract,
    name: 'GetRecordVersion',
    kind: 'evaluate',
    summary: 'Reads one version of a record’s ledger entry.',
    request: z.strictObject({ ...recordKey, version }),
    response: recordVersionSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListRecords: {
    contract,
    name: 'ListRecords',
    kind: 'evaluate',
    summary: 'Lists the records of a pseudonym, for the patient or the custodian.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(recordSchema),
    callers: [patientOr(delegationBases, 'consents', 'view'), staff('recordAdmin')],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

const record = { ...recordKey, version };
/** What may happen in the area. */
const recordEvents = {
  RecordAnchored: record,
  RecordAmended: record,
  RecordRetracted: record,
} as const satisfies EventTable;

/** Which records exist: commitments, coarse labels, places; never contents. */
export const recordArea = defineArea({ entities: recordEntities, events: recordEvents, transactions: recordTransactions });
