import { originSchema } from '../actor';
import { defineArea, type EventTable } from '../catalogue/area';
import { defineEntity, idPart } from '../catalogue/entity';
import { member, patientAlone, patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { basesAndAssistance } from '../delegated-acts';
import { actorTagSchema, groupSchema, type MspId, mspIdSchema, type Pseudonym, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';
import { z } from 'zod';

export const relationshipStates = ['proposed', 'active', 'suspended', 'terminated', 'rejected'] as const;
export const relationshipStateSchema = z.enum(relationshipStates);
export const relationshipTypeSchema = z.enum(['care', 'laboratory', 'insurer', 'caregiver', 'device']);

/** What binds a patient and an organisation. */
export const relationshipSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  mspId: mspIdSchema,
  /** What follows from it stands in one table, `relationshipKinds` of kinds.ts. */
  type: relationshipTypeSchema,
  /** The organisation's party to it: of its staff only this group reads by default, and only on duty. Absent: the whole organisation. */
  group: groupSchema.exactOptional(),
  state: relationshipStateSchema,
  /** Who suspends it, and so may resume. The patient's suspension outlives an end: it closes all reading (ADR 0032). */
  suspendedBy: z.enum(['patient', 'organisation', 'both']).exactOptional(),
  /** Which registrar of the hospital would end it, since when; another one must agree before it lapses. */
  terminationProposed: z.strictObject({ by: actorTagSchema, at: instantSchema }).exactOptional(),
  proposedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});

export type Relationship = z.output<typeof relationshipSchema>;
export type RelationshipType = z.output<typeof relationshipTypeSchema>;
export type RelationshipState = z.output<typeof relationshipStateSchema>;

/** What the area keeps, under the names of its repositories. */
const relationshipEntities = {
  relationships: defineEntity({
    objectType: 'relationship',
    summary: 'What binds a patient and a hospital, and its state.',
    schema: relationshipSchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<MspId>('mspId')],
    keyOf: ({ pseudonym, mspId }) => [pseudonym, mspId],
    endorsement: 'channel',
  }),
};

const contract = 'RelationshipContract';
const request = z.strictObject({ pseudonym: pseudonymSchema, mspId: mspIdSchema });
const response = z.strictObject({ pseudonym: pseudonymSchema, mspId: mspIdSchema, state: relationshipStateSchema });

const relationshipTransactions = {
  ProposeRelationship: {
    contract,
    name: 'ProposeRelationship',
    kind: 'submit',
    summary: 'The caller’s hospital proposes a relationship to one of its pseudonyms, with all of it or with one of its groups.',
    request: z.strictObject({ pseudonym: pseudonymSchema, type: relationshipTypeSchema, group: groupSchema.exactOptional() }),
    response,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ALREADY_EXISTS', 'ILLEGAL_STATE', 'RELATIONSHIP_NOT_PROPOSABLE'],
    endorsement: 'channel',
  },
  AcceptRelationship: {
    contract,
    name: 'AcceptRelationship',
    kind: 'submit',
    summary:
      'The patient accepts a proposed relationship, of the kind and with the group that they name; without them, care with the whole hospital. One in force is accepted once more where the hospital did not believe who accepted it.',
    request: request.extend({ type: relationshipTypeSchema.exactOptional(), group: groupSchema.exactOptional() }),
    response,
    callers: [patientOr(basesAndAssistance, 'relationships')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'RELATIONSHIP_TYPE_DIFFERS', 'RELATIONSHIP_GROUP_DIFFERS'],
    endorsement: 'channel',
  },
  RejectRelationship: {
    contract,
    name: 'RejectRelationship',
    kind: 'submit',
    summary: 'The patient rejects a proposed relationship.',
    request,
    response,
    callers: [patientOr(['parent'], 'relationships')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  SuspendRelationship: {
    contract,
    name: 'SuspendRelationship',
    kind: 'submit',
    summary:
      'Either side suspends a relationship: the hospital its publishing and its default policy, the patient all reading, after an end too.',
    request,
    response,
    callers: [staff('registrar'), patientOr(basesAndAssistance, 'relationships')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ResumeRelationship: {
    contract,
    name: 'ResumeRelationship',
    kind: 'submit',
    summary: 'A side that suspended a relationship resumes it.',
    request,
    response,
    callers: [staff('registrar'), patientOr(['parent'], 'relationships')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ProposeTermination: {
    contract,
    name: 'ProposeTermination',
    kind: 'submit',
    summary: 'A registrar proposes to end a relationship; another one ends it within 7 days, or the proposal lapses.',
    request,
    response,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  TerminateRelationship: {
    contract,
    name: 'TerminateRelationship',
    kind: 'submit',
    summary:
      'The patient, or a second registrar, ends a relationship for ever: no more publishing, no default policy; what the patient grants stays readable.',
    request,
    response,
    callers: [staff('registrar'), patientAlone],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'QUORUM'],
    endorsement: 'channel',
  },
  GetRelationship: {
    contract,
    name: 'GetRelationship',
    kind: 'evaluate',
    summary: 'Reads a relationship.',
    request,
    response: relationshipSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

const relationship = { pseudonym: pseudonymSchema, mspId: mspIdSchema };
/** What may happen in the area. */
const relationshipEvents = {
  RelationshipProposed: relationship,
  RelationshipAccepted: relationship,
  RelationshipRejected: relationship,
  RelationshipSuspended: relationship,
  RelationshipResumed: relationship,
  RelationshipTerminationProposed: relationship,
  RelationshipTerminated: relationship,
} as const satisfies EventTable;
const patientsOwn = [
  'RelationshipAccepted',
  'RelationshipRejected',
  'RelationshipSuspended',
  'RelationshipResumed',
  'RelationshipTerminated',
] as const satisfies readonly (keyof typeof relationshipEvents)[];

/** What binds a patient and a hospital. */
export const relationshipArea = defineArea({
  entities: relationshipEntities,
  events: relationshipEvents,
  patientsOwn,
  transactions: relationshipTransactions,
});
