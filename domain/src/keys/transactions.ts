import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { member, staff, type TransactionEntry } from '../catalogue/entry';
import { ticketSchema } from '../access/entities';
import { sha256Schema } from '../encoding/values';
import { pseudonymSchema, recordIdSchema, releaseIdSchema, ticketIdSchema } from '../ids';
import { recordVersionSchema } from '../record/entities';
import { envelopeSchema, keyReleaseSchema, keysEntities } from './entities';

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
