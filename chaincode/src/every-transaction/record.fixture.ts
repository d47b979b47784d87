import { type recordArea, recordTable } from '@lianyi/domain';
import { type AreaFixture } from './area.fixture';
import { A, C } from './cast.fixture';
import {
  after,
  changed,
  firstReceiptMissing,
  forgedReceipt,
  otherObject,
  retireVault,
  retract,
  suspendRelationship,
  taken,
  unknownRecord,
} from './refusal-case.fixture';
import { audit, nothing, page } from './sample.fixture';

export const recordFixture = {
  states: { record: { table: recordTable, legal: ['current amend current', 'current retract retracted'] } },
  transactions: {
    AnchorRecord: {
      callers: 'recordAdmin lab',
      by: 'recordAdmin',
      written: ['record', 'recordVersion', audit],
      events: ['RecordAnchored'],
      prepare: ({ cast, patient }) => ({
        input: { pseudonym: patient.pseudonym, recordId: cast.id('rec'), ...cast.content() },
        as: cast.staff(A, 'recordAdmin'),
      }),
      refusals: [
        ['ALREADY_EXISTS', 'the record id is taken', taken((cast) => cast.content())],
        ['NOT_FOUND', 'a vault is retired', after(retireVault)],
        ['ILLEGAL_STATE', 'there is no relationship', changed({ pseudonym: 'nobody' })],
        ['ILLEGAL_STATE', 'the relationship is suspended', after(suspendRelationship)],
        ['RECEIPTS_MISSING', 'a place has not signed', firstReceiptMissing],
        ['HASH_MISMATCH', 'the receipts are for another object', otherObject],
        ['BAD_SIGNATURE', 'a receipt is signed by another key', forgedReceipt],
      ],
    },
    AmendRecord: {
      callers: 'recordAdmin lab',
      by: 'recordAdmin',
      written: ['record', 'recordVersion', audit],
      events: ['RecordAmended'],
      prepare: ({ cast, patient, recordId }) => ({
        input: { pseudonym: patient.pseudonym, recordId, previousVersion: 1, operation: 'amend', ...cast.content() },
        as: cast.staff(A, 'recordAdmin'),
      }),
      refusals: [
        ['NOT_FOUND', 'there is no such record', changed(unknownRecord)],
        ['ILLEGAL_STATE', 'it is retracted', after(retract)],
        ['ILLEGAL_STATE', 'the relationship is suspended', after(suspendRelationship)],
        ['VERSION_CONFLICT', 'it has been amended meanwhile', taken((cast) => cast.content())],
        ['LABEL_LOWERED', 'it would be less protected', changed({ dataLevel: 1 })],
        ['CLASS_CHANGED', 'it would be of another class', changed({ class: 'imaging-report' })],
        ['RECEIPTS_MISSING', 'a place has not signed', firstReceiptMissing],
        ['HASH_MISMATCH', 'the receipts are for another object', otherObject],
      ],
    },
    RetractRecord: {
      callers: 'recordAdmin',
      by: 'recordAdmin',
      written: ['record', 'recordVersion', audit],
      events: ['RecordRetracted'],
      prepare: ({ cast, patient, recordId }) => ({
        input: { pseudonym: patient.pseudonym, recordId, previousVersion: 1, reason: 'wrong-patient' },
        as: cast.staff(A, 'recordAdmin'),
      }),
      refusals: [
        ['NOT_FOUND', 'there is no such record', changed(unknownRecord)],
        ['ILLEGAL_STATE', 'it is retracted', taken(() => ({ previousVersion: 2 }))],
        ['VERSION_CONFLICT', 'another version is meant', changed({ previousVersion: 2 })],
      ],
    },
    GetRecord: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: ({ patient, recordId }) => ({ input: { pseudonym: patient.pseudonym, recordId }, as: { kind: 'member', msp: C } }),
      refusals: [['NOT_FOUND', 'there is none', changed(unknownRecord)]],
    },
    GetRecordVersion: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: ({ patient, recordId }) => ({
        input: { pseudonym: patient.pseudonym, recordId, version: 1 },
        as: { kind: 'member', msp: C },
      }),
      refusals: [['NOT_FOUND', 'there is no such version', changed({ version: 2 })]],
    },
    ListRecords: {
      callers: 'P recordAdmin',
      by: 'recordAdmin',
      ...nothing,
      prepare: ({ cast, patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: cast.staff(A, 'recordAdmin') }),
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof recordArea>;
