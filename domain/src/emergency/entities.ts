import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { defineEntity, idPart, newestFirstPart } from '../catalogue/entity';
import { saltSchema, setOf, sha256Schema } from '../encoding/values';
import {
  type ActorTag,
  actorTagSchema,
  cardIdSchema,
  type Department,
  departmentSchema,
  type MspId,
  mspIdSchema,
  type Pseudonym,
  pseudonymSchema,
  recordIdSchema,
  type TicketId,
  ticketIdSchema,
} from '../ids';
import { type Instant, instantSchema } from '../instant';
import { confidentialitySchema, dataLevelSchema } from '../vocabulary';

/**
 * Why nobody could be asked for a consent: the patient cannot decide; asking would take too long; neither they nor who acts for them can be reached;
 * they agree, and cannot use their wallet; others are in danger. Nothing of what they have: that is in the narrative.
 */
export const emergencyReasons = ['cannot-consent', 'no-time', 'nobody-reachable', 'wallet-unusable', 'others-in-danger'] as const;
/** Why nothing of a prepared summary was opened first: none was there, or it could not be had. */
export const datasetObstacles = ['none-prepared', 'not-available'] as const;
/** `doubtful`: others have written over the case, so that nobody can say what it was. */
export const emergencyOutcomes = ['justified', 'not-justified', 'doubtful'] as const;
export const emergencyStates = ['open', 'reviewed'] as const;

/** A review is due so long after an emergency was opened. */
export const REVIEW_WITHIN_MS = 72 * 60 * 60_000;

/**
 * What is asked for: the prepared summary; or anything else, by who has opened that for the same patient, or says why it was not there. Whether
 * it was, the reviewer finds out.
 */
export const openingSchema = z.union([
  z.strictObject({ scope: z.literal('dataset') }),
  z.strictObject({ scope: z.literal('full'), after: ticketIdSchema }),
  z.strictObject({ scope: z.literal('full'), withoutDataset: z.enum(datasetObstacles) }),
]);

/** What a patient says of emergencies: nothing is opened, or what their labels and levels do not close. */
export const emergencyStanceSchema = z.discriminatedUnion('stance', [
  z.strictObject({ stance: z.literal('refused') }),
  z.strictObject({ stance: z.literal('allowed'), maxConfidentiality: confidentialitySchema, maxDataLevel: dataLevelSchema }),
]);
export const emergencyChoiceSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  version: z.int().min(1),
  choice: emergencyStanceSchema,
  changedAt: instantSchema,
  origin: originSchema,
});

const caseSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ticketId: ticketIdSchema,
  pseudonym: pseudonymSchema,
  custodianMspId: mspIdSchema,
  asker: z.strictObject({ mspId: mspIdSchema, actorTag: actorTagSchema, department: departmentSchema }),
  /** Left out, with the two that follow: others have written over the case, and what its ticket tells is all there is. */
  reason: z.enum(emergencyReasons).exactOptional(),
  opening: openingSchema.exactOptional(),
  /** Who has countersigned it. */
  second: actorTagSchema.exactOptional(),
  /** Of the narrative, which the asker's hospital keeps: a salted hash. */
  narrativeCommitment: sha256Schema.exactOptional(),
  openedAt: instantSchema,
  endsAt: instantSchema,
  reviewDueAt: instantSchema,
  state: z.enum(emergencyStates),
  review: z.strictObject({ outcome: z.enum(emergencyOutcomes), at: instantSchema, by: actorReferenceSchema }).exactOptional(),
  origin: originSchema,
});
/** Somebody has opened records of a patient without a consent; it has its ticket's id. As it is shown, also where it was written over. */
export const shownEmergencySchema = caseSchema.refine(
  ({ reason, opening, narrativeCommitment }) =>
    new Set([reason, opening, narrativeCommitment].map((said) => said === undefined)).size === 1,
  'a part of why is missing',
);
/** As it stands: written whole, or once it was found doubtful. */
export const emergencySchema = shownEmergencySchema.refine(
  ({ reason, review }) => (reason === undefined) === (review?.outcome === 'doubtful'),
  'doubtful is what cannot be read, and nothing else',
);

/** Whom an emergency concerns: the hospitals that may review it, and the patient. */
const partySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('organisation'), name: mspIdSchema }),
  z.strictObject({ kind: z.literal('patient'), name: pseudonymSchema }),
]);
type PartyKind = z.output<typeof partySchema>['kind'];
export const emergencyOfSchema = z.strictObject({
  schemaVersion: z.literal(1),
  party: partySchema,
  openedAt: instantSchema,
  ticketId: ticketIdSchema,
});

/** So many emergencies of a department wait for their review at most; of one person fewer ({@link debtLimits}). */
export const MOST_OPEN_OF_DEPARTMENT = 64;
const debtorSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), mspId: mspIdSchema, name: actorTagSchema }),
  z.strictObject({ kind: z.literal('department'), mspId: mspIdSchema, name: departmentSchema }),
]);
/** The emergencies of a person or a department that nobody has reviewed yet, in the order in which they were opened. */
export const emergencyDebtSchema = z.strictObject({
  schemaVersion: z.literal(1),
  debtor: debtorSchema,
  open: z.array(z.strictObject({ ticketId: ticketIdSchema, reviewDueAt: instantSchema })).max(MOST_OPEN_OF_DEPARTMENT),
});

/**
 * A clinician has the card of somebody who cannot decide before them. It is written alike whether there is such a card or not, and opens nothing: what it is
 * good for is to be told, until its end, what an emergency with its ticket's id would open (ADR 0063).
 */
export const emergencyCardSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ticketId: ticketIdSchema,
  cardId: cardIdSchema,
  asker: z.strictObject({ mspId: mspIdSchema, actorTag: actorTagSchema, department: departmentSchema }),
  reason: z.enum(emergencyReasons),
  shownAt: instantSchema,
  until: instantSchema,
  origin: originSchema,
});

/**
 * A second person of the asker's hospital says before an emergency that just these records may be opened in it. It opens nothing by itself, and counts as long as
 * who has said it is of the staff still.
 */
export const emergencySignatureSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Of the emergency that is to come. */
  ticketId: ticketIdSchema,
  pseudonym: pseudonymSchema,
  recordIds: setOf(recordIdSchema, 1, 16),
  asker: z.strictObject({ mspId: mspIdSchema, actorTag: actorTagSchema }),
  signer: actorTagSchema,
  signedAt: instantSchema,
  until: instantSchema,
  origin: originSchema,
});

/** What happened, in the asker's words; in the private data of their hospital. */
export const narrativeSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ticketId: ticketIdSchema,
  text: z.string().min(8).max(4_000),
  salt: saltSchema,
});

export type EmergencyStance = z.output<typeof emergencyStanceSchema>;
export type EmergencyChoice = z.output<typeof emergencyChoiceSchema>;
export type Emergency = z.output<typeof emergencySchema>;
export type EmergencyOf = z.output<typeof emergencyOfSchema>;
export type EmergencyDebt = z.output<typeof emergencyDebtSchema>;
export type EmergencyCard = z.output<typeof emergencyCardSchema>;
export type EmergencySignature = z.output<typeof emergencySignatureSchema>;
export type Opening = z.output<typeof openingSchema>;
export type Narrative = z.output<typeof narrativeSchema>;

/** What the area keeps, under the names of its repositories. */
export const emergencyEntities = {
  emergencyChoices: defineEntity({
    objectType: 'emergencyChoice',
    summary: 'What a patient says of emergencies.',
    schema: emergencyChoiceSchema,
    key: [idPart<Pseudonym>('pseudonym')],
    keyOf: ({ pseudonym }) => [pseudonym],
    endorsement: 'channel',
  }),
  emergencies: defineEntity({
    objectType: 'emergency',
    summary: 'Records of a patient that were opened in an emergency without a consent, and the review.',
    schema: emergencySchema,
    key: [idPart<TicketId>('ticketId')],
    keyOf: ({ ticketId }) => [ticketId],
    endorsement: 'channel',
  }),
  emergenciesOf: defineEntity({
    objectType: 'emergencyOf',
    summary: 'Which emergencies concern an organisation or a patient.',
    schema: emergencyOfSchema,
    key: [idPart<PartyKind>('partyKind'), idPart<MspId | Pseudonym>('party'), newestFirstPart('openedAt'), idPart<TicketId>('ticketId')],
    keyOf: ({ party, openedAt, ticketId }): [PartyKind, MspId | Pseudonym, Instant, TicketId] => [
      party.kind,
      party.name,
      openedAt,
      ticketId,
    ],
    endorsement: 'channel',
  }),
  emergencyDebts: defineEntity({
    objectType: 'emergencyDebt',
    summary: 'The emergencies of a person or department that wait for their review.',
    schema: emergencyDebtSchema,
    key: [idPart<EmergencyDebt['debtor']['kind']>('debtorKind'), idPart<MspId>('mspId'), idPart<ActorTag | Department>('debtor')],
    keyOf: ({ debtor }): [EmergencyDebt['debtor']['kind'], MspId, ActorTag | Department] => [debtor.kind, debtor.mspId, debtor.name],
    endorsement: 'channel',
  }),
  emergencyCards: defineEntity({
    objectType: 'emergencyCard',
    summary: 'That a clinician has had the card of somebody before them who could not decide.',
    schema: emergencyCardSchema,
    key: [idPart<TicketId>('ticketId')],
    keyOf: ({ ticketId }) => [ticketId],
    endorsement: 'channel',
  }),
  emergencySignatures: defineEntity({
    objectType: 'emergencySignature',
    summary: 'That a second person has countersigned an emergency before it.',
    schema: emergencySignatureSchema,
    key: [idPart<TicketId>('ticketId'), idPart<ActorTag>('signer')],
    keyOf: ({ ticketId, signer }) => [ticketId, signer],
    endorsement: 'channel',
  }),
  emergencyNarratives: defineEntity({
    objectType: 'emergencyNarrative',
    summary: 'What happened in an emergency, in the asker’s words.',
    schema: narrativeSchema,
    key: [idPart<TicketId>('ticketId')],
    keyOf: ({ ticketId }) => [ticketId],
    endorsement: 'owner',
  }),
};
