import { ticketSchema } from '../access/entities';
import { originSchema } from '../actor';
import { defineArea, type EventTable } from '../catalogue/area';
import { defineEntity, idPart, versionPart } from '../catalogue/entity';
import { member, staff, type TransactionEntry } from '../catalogue/entry';
import { DomainError } from '../domain-error';
import { saltSchema, sealedBytesSchema, sha256Schema } from '../encoding/values';
import {
  actorTagSchema,
  mspIdSchema,
  nameSchema,
  type Pseudonym,
  pseudonymSchema,
  type RecordId,
  recordIdSchema,
  type ReleaseId,
  releaseIdSchema,
  type TicketId,
  ticketIdSchema,
} from '../ids';
import { instantSchema } from '../instant';
import { recordVersionSchema } from '../record/entities';
import { MOST_RESULTS, resultKindSchema } from '../record/results';
import { z } from 'zod';

/** A record key sealed to the encapsulation key of an organisation (RFC 9180 names: `enc`, `ct`). */
export const sealedKeySchema = z.strictObject({
  suite: nameSchema,
  /** The epoch of the organisation's encapsulation key. */
  organisationKeyEpoch: z.int().min(1),
  enc: sealedBytesSchema,
  ciphertext: sealedBytesSchema,
});
/** Fine metadata of a record, known to its custodian only; purged with the envelope. */
export const recordDetailsSchema = z.strictObject({
  title: z.string().max(512).exactOptional(),
  codeSystem: z.string().max(256).exactOptional(),
  code: z.string().max(64).exactOptional(),
  department: z.string().max(256).exactOptional(),
  author: z.string().max(256).exactOptional(),
  authoredAt: z.string().max(64).exactOptional(),
  /** What the node has found examined in the document, by which equivalent results are found (ADR 0076); no value. */
  results: z.array(resultKindSchema).min(1).max(MOST_RESULTS).exactOptional(),
});
/** Salts of the commitments the ledger holds; destroying them makes the commitments say nothing. */
const commitmentSaltsSchema = z.strictObject({
  /** Opens `contentCommitment`. */
  content: saltSchema,
  /** Opens nothing: the commitment to the key has no salt. Kept because the ledger's schema version 1 has it. */
  dek: saltSchema,
});

/** A record's sealed key with what only its custodian knows, in the custodian's private data. */
export const envelopeSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  recordId: recordIdSchema,
  keyEpoch: z.int().min(1),
  envelope: sealedKeySchema,
  details: recordDetailsSchema,
  salts: commitmentSaltsSchema,
});
/** That a key was sealed to the ticket's ephemeral key, and the hash of what was handed out. */
export const keyReleaseSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ticketId: ticketIdSchema,
  releaseId: releaseIdSchema,
  recordId: recordIdSchema,
  sealedSha256: sha256Schema,
  service: z.strictObject({ mspId: mspIdSchema, actorTag: actorTagSchema }),
  at: instantSchema,
  origin: originSchema,
});

/** How often the key of one record is released under one ticket: more than a reader with a bad line needs, within a ticket's minutes. */
const MOST_RELEASES = 16;
/** How often a ticket was used for a record. */
const accessUseSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ticketId: ticketIdSchema,
  recordId: recordIdSchema,
  releases: z.int().min(1).max(MOST_RELEASES),
});

export type AccessUse = z.output<typeof accessUseSchema>;
export type SealedKey = z.output<typeof sealedKeySchema>;
export type Envelope = z.output<typeof envelopeSchema>;
export type KeyRelease = z.output<typeof keyReleaseSchema>;

/**
 * A ticket's use for a record, counted once more.
 * @param use - undefined when it was not used for it yet
 * @throws {@link DomainError} `LIMIT_REACHED` — it was used {@link MOST_RELEASES} times
 */
export function usedAgain(use: AccessUse | undefined, ticketId: TicketId, recordId: RecordId): AccessUse {
  const releases = (use?.releases ?? 0) + 1;
  if (releases > MOST_RELEASES) throw new DomainError('LIMIT_REACHED', undefined, { entity: 'keyRelease', limit: MOST_RELEASES });
  return { schemaVersion: 1, ticketId, recordId, releases };
}

/** What the area keeps, under the names of its repositories. */
const keysEntities = {
  keyReleases: defineEntity({
    objectType: 'keyRelease',
    summary: 'A key that the custodian handed out on a permit.',
    schema: keyReleaseSchema,
    key: [idPart<TicketId>('ticketId'), idPart<ReleaseId>('releaseId')],
    keyOf: ({ ticketId, releaseId }) => [ticketId, releaseId],
    endorsement: 'channel',
  }),
  accessUses: defineEntity({
    objectType: 'accessUse',
    summary: 'How often a record’s key was released under a ticket; not more than 16 times.',
    schema: accessUseSchema,
    key: [idPart<TicketId>('ticketId'), idPart<RecordId>('recordId')],
    keyOf: ({ ticketId, recordId }) => [ticketId, recordId],
    endorsement: 'channel',
  }),
  envelopes: defineEntity({
    objectType: 'envelope',
    summary: "A record's key wrapped to its custodian, with its fine metadata. Purged by PurgeEnvelopes.",
    schema: envelopeSchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<RecordId>('recordId'), versionPart('keyEpoch')],
    keyOf: ({ pseudonym, recordId, keyEpoch }) => [pseudonym, recordId, keyEpoch],
    endorsement: 'owner',
  }),
};

const contract = 'KeyContract';
const keyEpoch = z.int().min(1);
const envelopeKey = { pseudonym: pseudonymSchema, recordId: recordIdSchema, keyEpoch };

const keysTransactions = {
  PutEnvelope: {
    contract,
    name: 'PutEnvelope',
    kind: 'submit',
    summary:
      'Keeps a record’s sealed key, fine metadata and salts in the private data of the caller’s organisation, until a version is anchored with it in place of any other.',
    request: z.strictObject({ ...envelopeKey, transientSha256: sha256Schema }),
    transient: envelopeSchema.pick({ envelope: true, details: true, salts: true }),
    response: z.strictObject(envelopeKey),
    callers: [staff('keyService')],
    refusals: ['ALREADY_EXISTS', 'HASH_MISMATCH'],
    endorsement: 'owner',
  },
  GetEnvelope: {
    contract,
    name: 'GetEnvelope',
    kind: 'evaluate',
    summary: 'Reads an envelope of the caller’s own organisation: the key in it is sealed to that organisation.',
    request: z.strictObject(envelopeKey),
    response: envelopeSchema,
    callers: [staff('keyService')],
    refusals: ['NOT_FOUND'],
    endorsement: 'owner',
  },
  GetKeptKey: {
    contract,
    name: 'GetKeptKey',
    kind: 'evaluate',
    summary:
      'Reads a permit to records of the caller’s organisation with what a release needs, in one round: the version of a record that it names, and that version’s envelope.',
    request: z.strictObject({ ticketId: ticketIdSchema, recordId: recordIdSchema }),
    response: z.strictObject({
      ticket: ticketSchema,
      /** Left out: the ticket names no version of the record, or the caller’s organisation keeps no key of it. */
      kept: z.strictObject({ record: recordVersionSchema, envelope: envelopeSchema }).exactOptional(),
    }),
    callers: [staff('keyService')],
    refusals: ['NOT_FOUND'],
    endorsement: 'owner',
  },
  RecordKeyRelease: {
    contract,
    name: 'RecordKeyRelease',
    kind: 'submit',
    summary: 'Records that the custodian’s key service releases a record’s key to a live permit; no commit, no delivery.',
    request: z.strictObject({ ticketId: ticketIdSchema, recordId: recordIdSchema, releaseId: releaseIdSchema, sealedSha256: sha256Schema }),
    response: z.strictObject({ ticketId: ticketIdSchema, releaseId: releaseIdSchema }),
    callers: [staff('keyService')],
    refusals: ['NOT_FOUND', 'ALREADY_EXISTS', 'TICKET_CLOSED', 'LIMIT_REACHED'],
    endorsement: 'channel',
  },
  GetKeyRelease: {
    contract,
    name: 'GetKeyRelease',
    kind: 'evaluate',
    summary: 'Reads what was recorded of a release: which key service sealed which key, by the hash of what was handed out.',
    request: z.strictObject({ ticketId: ticketIdSchema, releaseId: releaseIdSchema }),
    response: keyReleaseSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  PurgeEnvelopes: {
    contract,
    name: 'PurgeEnvelopes',
    kind: 'submit',
    summary: 'Purges envelopes from the private data of the caller’s organisation; those already gone count as purged.',
    // exact keys: a private range query and a write do not go together in one transaction (Fabric tx_simulator.go)
    request: z.strictObject({
      pseudonym: pseudonymSchema,
      envelopes: z
        .array(z.strictObject({ recordId: recordIdSchema, keyEpoch }))
        .min(1)
        .max(16),
    }),
    response: z.strictObject({ purged: z.int().min(1) }),
    callers: [staff('keyService')],
    refusals: ['ON_HOLD', 'RETENTION_NOT_OVER'],
    endorsement: 'owner',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What may happen in the area. Private changes have no event. */
const keysEvents = {
  KeyReleased: { ticketId: ticketIdSchema, pseudonym: pseudonymSchema, releaseId: releaseIdSchema, recordId: recordIdSchema },
} as const satisfies EventTable;

/** Sealed keys in private data, and their release to permits. */
export const keysArea = defineArea({ entities: keysEntities, events: keysEvents, transactions: keysTransactions });
