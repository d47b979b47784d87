import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { delegationBases } from '../delegated-acts';
import { nameSchema, pseudonymSchema } from '../ids';
import { holdEntities, holdListSchema, holdSchema } from './entities';

const contract = 'HoldContract';
const holdKey = { pseudonym: pseudonymSchema, holdId: nameSchema };
const answer = z.strictObject(holdKey);

const holdTransactions = {
  PlaceHold: {
    contract,
    name: 'PlaceHold',
    kind: 'submit',
    summary: 'Holds what the caller’s hospital has of a patient: no envelope of theirs and no parameter of a pointer is purged there.',
    request: z.strictObject({ ...holdKey, until: holdSchema.shape.until }),
    response: answer,
    callers: [staff('privacyOfficer')],
    refusals: ['ALREADY_EXISTS', 'LIMIT_REACHED'],
    endorsement: 'channel',
  },
  LiftHold: {
    contract,
    name: 'LiftHold',
    kind: 'submit',
    summary: 'Takes a hold back, as somebody else than who has placed it.',
    request: answer,
    response: answer,
    callers: [staff('privacyOfficer')],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  GetHolds: {
    contract,
    name: 'GetHolds',
    kind: 'evaluate',
    summary: 'Reads the holds of a patient, for the patient’s side and their hospital’s staff.',
    request: z.strictObject({ pseudonym: pseudonymSchema }),
    response: holdListSchema.pick({ pseudonym: true, holds: true }),
    callers: [
      patientOr(delegationBases, 'view'),
      ...(['registrar', 'recordAdmin', 'keyService', 'privacyOfficer'] as const).map((role) => staff(role)),
    ],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What may happen in the area. */
const holdEvents = { HoldPlaced: holdKey, HoldLifted: holdKey } as const satisfies EventTable;

/** Legal holds: that nothing of a patient's is purged. */
export const holdArea = defineArea({ entities: holdEntities, events: holdEvents, transactions: holdTransactions });
