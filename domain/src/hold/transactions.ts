import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { delegationBases } from '../delegated-acts';
import { actorReferenceSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { setOf } from '../encoding/values';
import { mspIdSchema, nameSchema, type Pseudonym, pseudonymSchema, recordIdSchema } from '../ids';
import { instantSchema } from '../instant';

/**
 * On what a hold rests. Closed and coarse, because every member reads it and it tells of a person: who sues whom, or what is looked into, the hospital
 * knows. @remarks Source: GDPR art. 17(3)(b), (e); 45 CFR 164.526 and 164.528; 电子病历应用管理规范 (2017) art. 20 to 22 (封存).
 */
export const holdReasons = ['dispute', 'authority-order', 'internal-review', 'patient-request'] as const;

/** That nothing of a patient's, or none of some records, may be purged. */
export const holdSchema = z.strictObject({
  /** Chosen by who places it; of one patient's no two are alike. */
  holdId: nameSchema,
  placedAt: instantSchema,
  placedBy: actorReferenceSchema,
  /** Exclusive; left out: until it is lifted. */
  until: instantSchema.exactOptional(),
  /** Left out of those that were placed before this was said, which stand without a second person. */
  reason: z.enum(holdReasons).exactOptional(),
  /** Which records, or pointers; left out: all that the hospital has of the patient. */
  recordIds: setOf(recordIdSchema, 1, 16).exactOptional(),
  /** The second person; until there is one it stands for three days. */
  confirmedBy: actorReferenceSchema.exactOptional(),
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

export type HoldReason = (typeof holdReasons)[number];
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
const { until, recordIds } = holdSchema.shape;
const placed = z.strictObject({ ...holdKey, until, reason: z.enum(holdReasons), recordIds });
const officers = [staff('privacyOfficer'), staff('recordAdmin')] as const;

const holdTransactions = {
  PlaceHold: {
    contract,
    name: 'PlaceHold',
    kind: 'submit',
    summary:
      'Holds what the caller’s hospital has of a patient, or some records: no envelope of theirs and no parameter of a pointer is purged there. It stands at once, and after three days only if a second person has confirmed it.',
    request: placed,
    response: answer,
    callers: officers,
    refusals: ['ALREADY_EXISTS', 'LIMIT_REACHED'],
    endorsement: 'channel',
  },
  ConfirmHold: {
    contract,
    name: 'ConfirmHold',
    kind: 'submit',
    summary: 'Confirms a hold, as somebody else than who has placed it, and says once more what it holds, on what it rests and until when.',
    request: placed,
    response: answer,
    callers: officers,
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'HOLD_DIFFERS'],
    endorsement: 'channel',
  },
  LiftHold: {
    contract,
    name: 'LiftHold',
    kind: 'submit',
    summary:
      'Takes a hold back, as somebody else than who has placed it, and says once more what it holds, on what it rests and until when.',
    /** Those that were placed before a reason was said have none. */
    request: placed.extend({ reason: placed.shape.reason.exactOptional() }),
    response: answer,
    callers: officers,
    refusals: ['NOT_FOUND', 'HOLD_DIFFERS'],
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
const holdEvents = { HoldPlaced: holdKey, HoldConfirmed: holdKey, HoldLifted: holdKey } as const satisfies EventTable;

/** Legal holds: that nothing of a patient's is purged. */
export const holdArea = defineArea({ entities: holdEntities, events: holdEvents, transactions: holdTransactions });
