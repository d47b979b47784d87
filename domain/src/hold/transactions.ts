import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { delegationBases } from '../delegated-acts';
import { actorReferenceSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { mspIdSchema, nameSchema, type Pseudonym, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';

/** That nothing of a patient's may be purged. Why, the hospital knows: every member would learn it here, and it tells of a person. */
export const holdSchema = z.strictObject({
  /** Chosen by who places it; of one patient's no two are alike. */
  holdId: nameSchema,
  placedAt: instantSchema,
  placedBy: actorReferenceSchema,
  /** Exclusive; left out: until it is lifted. */
  until: instantSchema.exactOptional(),
});
/** How many a patient has at once, at most. */
export const MOST_HOLDS = 16;

/** The holds of one patient that have not been lifted; those that have, the audit tells. */
const holdListSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  /** The hospital that keeps the pseudonym, which alone places holds on what it has. */
  mspId: mspIdSchema,
  holds: z.array(holdSchema).max(MOST_HOLDS),
});

export type Hold = z.output<typeof holdSchema>;
export type HoldList = z.output<typeof holdListSchema>;

/** What the area keeps, under the names of its repositories. */
const holdEntities = {
  holdLists: defineEntity({
    objectType: 'holdList',
    summary: 'That nothing of a patient’s is purged at their hospital.',
    schema: holdListSchema,
    key: [idPart<Pseudonym>('pseudonym')],
    keyOf: ({ pseudonym }) => [pseudonym],
    endorsement: 'channel',
  }),
};

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
