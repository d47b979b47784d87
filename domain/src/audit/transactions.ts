import { z } from 'zod';
import { deniedRecordSchema } from '../access/entities';
import { actorReferenceSchema } from '../actor';
import { eventNameSchema } from '../audited-areas';
import { defineArea } from '../catalogue/area';
import { defineEntity, idPart, indexPart, newestFirstPart } from '../catalogue/entity';
import { patientOr, type TransactionEntry } from '../catalogue/entry';
import { granteeSchema } from '../consent/entities';
import { receiverSchema } from '../copies/transactions';
import { basesAndAssistance } from '../delegated-acts';
import { emergencyReasons } from '../emergency/entities';
import { pageFields, pageOf, type Sha256, sha256Schema } from '../encoding/values';
import {
  actorTagSchema,
  departmentSchema,
  mspIdSchema,
  nameSchema,
  provisionIdSchema,
  type Pseudonym,
  pseudonymSchema,
  recordIdSchema,
  ticketIdSchema,
} from '../ids';
import { instantSchema } from '../instant';
import { denyReasonSchema, purposeSchema } from '../vocabulary';

/** One line of what happened around a patient. */
export const accessEventSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  at: instantSchema,
  /** The id of the unit that wrote the line: the Fabric transaction's, unless several units share that. */
  txId: nameSchema,
  /** The number of the event within its unit. */
  n: z.int().min(0),
  event: eventNameSchema,
  actor: actorReferenceSchema,
  decision: z.enum(['permit', 'deny']).exactOptional(),
  purpose: purposeSchema.exactOptional(),
  ticketId: ticketIdSchema.exactOptional(),
  recordIds: z.array(recordIdSchema).max(16).exactOptional(),
  reasons: z.array(denyReasonSchema).exactOptional(),
  /** Records asked for that are denied, each with its reasons: beside those permitted, or where the reasons differ. */
  denied: z.array(deniedRecordSchema).max(16).exactOptional(),
  provisionIds: z.array(provisionIdSchema).exactOptional(),
  /** Of several records that rest on different provisions, those of each, by its place among them. */
  grounds: z.array(z.array(provisionIdSchema).min(1)).min(2).max(16).exactOptional(),
  /** Whom the policy is for that was granted, amended or revoked, and which version of it that made. */
  grantee: granteeSchema.exactOptional(),
  policyVersion: z.int().min(1).exactOptional(),
  /** To whom a copy was handed on. */
  receiver: receiverSchema.exactOptional(),
});

/** One thing that has left its custodian, or a holder: a key was released, or a copy handed on. */
export const disclosureSchema = z.strictObject({
  kind: z.enum(['released', 'handed-on']),
  at: instantSchema,
  txId: nameSchema,
  ticketId: ticketIdSchema.exactOptional(),
  recordIds: z.array(recordIdSchema).max(16),
  purpose: purposeSchema.exactOptional(),
  /** Of what was handed on: the holder that has. */
  handedOnBy: mspIdSchema.exactOptional(),
  /** Absent where the ledger does not have the permit any more, which no transaction deletes. */
  to: z
    .strictObject({
      mspId: mspIdSchema,
      actorTag: actorTagSchema.exactOptional(),
      department: departmentSchema.exactOptional(),
      /** The patient’s own side has read it. */
      own: z.enum(['patient', 'delegate']).exactOptional(),
    })
    .exactOptional(),
  provisionIds: z.array(provisionIdSchema).exactOptional(),
  /** Of an emergency: why nobody could be asked. */
  emergency: z.enum(emergencyReasons).exactOptional(),
});

/** What a hospital does about a patient among its own peers: each transaction that it alone endorses (ADR 0015). */
const ownActs = [
  'LinkIdentifier',
  'PurgeEnvelopes',
  'PurgePointerQuery',
  'PutCorrectionText',
  'PutEmergencyNarrative',
  'PutEnvelope',
  'PutMatchTags',
  'PutPointerQuery',
  'UnlinkIdentifier',
] as const;
/** One line of what a hospital did about a patient among its own peers; in its private data. */
const ownLineSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  at: instantSchema,
  txId: nameSchema,
  act: z.enum(ownActs),
  actor: actorReferenceSchema,
  recordIds: z.array(recordIdSchema).max(16).exactOptional(),
  ticketId: ticketIdSchema.exactOptional(),
  /** So that nobody who sees the hashes of key and value finds by trying whom it is about. */
  blind: sha256Schema,
});

export type AccessEvent = z.output<typeof accessEventSchema>;
export type OwnLine = z.output<typeof ownLineSchema>;
export type Disclosure = z.output<typeof disclosureSchema>;

/** What the area keeps, under the names of its repositories. */
const auditEntities = {
  accessEvents: defineEntity({
    objectType: 'accessEvent',
    summary: "The patient's audit: one line for each transaction about them, newest first.",
    schema: accessEventSchema,
    key: [idPart<Pseudonym>('pseudonym'), newestFirstPart('invertedTime'), idPart('txId'), indexPart('index')],
    keyOf: ({ pseudonym, at, txId, n }) => [pseudonym, at, txId, n],
    endorsement: 'channel',
  }),
  ownLines: defineEntity({
    objectType: 'ownLine',
    summary: 'What a hospital did about a patient among its own peers: one line for each such transaction, newest first.',
    schema: ownLineSchema,
    key: [idPart<Pseudonym>('pseudonym'), newestFirstPart('invertedTime'), idPart('txId'), idPart<Sha256>('blind')],
    keyOf: ({ pseudonym, at, txId, blind }) => [pseudonym, at, txId, blind],
    endorsement: 'owner',
  }),
};

const contract = 'AuditContract';

const auditTransactions = {
  ListForPatient: {
    contract,
    name: 'ListForPatient',
    kind: 'evaluate',
    summary: 'Lists what happened around the patient: who, when, why, under which rule; newest first.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(accessEventSchema),
    callers: [patientOr(basesAndAssistance, 'view')],
    refusals: [],
    endorsement: 'channel',
  },
  ListOwnersActs: {
    contract,
    name: 'ListOwnersActs',
    kind: 'evaluate',
    summary:
      'Lists what the hospital whose node is asked has done about the patient among its own peers, such as linking a number or purging a key: who, when, which; newest first.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(ownLineSchema.omit({ blind: true })),
    callers: [patientOr(basesAndAssistance, 'view')],
    refusals: [],
    endorsement: 'owner',
  },
  ListDisclosures: {
    contract,
    name: 'ListDisclosures',
    kind: 'evaluate',
    summary:
      'The accounting of disclosures: each key that was released and each copy that was handed on, when, to whom, what for, under which rule or in which emergency; newest first. A page is of lines of the audit, so it may hold none of them and yet not be the last.',
    request: z.strictObject({
      pseudonym: pseudonymSchema,
      /** Inclusive. */
      since: instantSchema.exactOptional(),
      /** Exclusive. */
      until: instantSchema.exactOptional(),
      ...pageFields,
    }),
    response: pageOf(disclosureSchema),
    callers: [patientOr(basesAndAssistance, 'view')],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What happened around a patient. */
export const auditArea = defineArea({ entities: auditEntities, events: {}, transactions: auditTransactions });
