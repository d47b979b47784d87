import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { member, patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { copyTermsSchema } from '../consent/entities';
import { delegationBases } from '../delegated-acts';
import { idNonceSchema, pageFields, pageOf, publicKeySchema, setOf } from '../encoding/values';
import { actorTagSchema, departmentSchema, mspIdSchema, provisionIdSchema, pseudonymSchema, recordIdSchema, ticketIdSchema } from '../ids';
import { instantSchema } from '../instant';
import { recordSchema } from '../record/entities';
import { purposeSchema, denyReasonSchema, emergencyScopeSchema } from '../vocabulary';
import { explanationSchema } from './decision';
import { accessEntities, deniedRecordSchema, permitObstacles, ticketSchema } from './entities';

const contract = 'AccessContract';

/** "If this person asked for this record for this purpose": a what-if. What the person is, the ledger knows: their staff entry says it. */
const explainedQuestionSchema = z.strictObject({
  recordId: recordIdSchema,
  purpose: purposeSchema,
  /** Left out: now, by the ledger's time. Only the patient's side supposes another. */
  at: instantSchema.exactOptional(),
  /** `department` is the one they would ask for. */
  asker: z.strictObject({ mspId: mspIdSchema, actorTag: actorTagSchema, department: departmentSchema }),
  /** If they broke the glass for it, for `ETREAT`, without a second person. */
  emergency: z.strictObject({ scope: emergencyScopeSchema }).exactOptional(),
});
/** As what a request may be refused for who asks, whatever it asks for. */
const askerRefusalSchema = z.enum(['STAFF_REVOKED', 'STAFF_PENDING', 'OFF_DUTY', 'NOT_ACTIVE_ORGANISATION', 'NOT_PERMITTED']);
export type AskerRefusal = z.output<typeof askerRefusalSchema>;

/**
 * Who may ask to read: the roles that may claim a purpose of care, research or public health. Whether they read, the rule decides, and a denial
 * stands in the patient's audit.
 */
const askers = (['clinician', 'nurse', 'pharmacist', 'lab', 'researcher', 'regulator'] as const).map((role) => staff(role));

/** As the ticket has them. */
const deniedFields = { denied: z.array(deniedRecordSchema).min(1).max(16).exactOptional() };
/** At least one record is permitted: all that were asked for but those denied. */
const permitAnswer = z.strictObject({
  ...deniedFields,
  ticketId: ticketIdSchema,
  decision: z.literal('permit'),
  reasons: z.array(denyReasonSchema).length(0),
  provisionIds: z.array(provisionIdSchema).min(1),
  expiresAt: instantSchema,
  /** Of the ticket: to a repeated request, as it is now. */
  state: z.enum(['open', 'closed']),
});
const denyAnswer = z.strictObject({
  ...deniedFields,
  ticketId: ticketIdSchema,
  decision: z.literal('deny'),
  reasons: z.array(denyReasonSchema).min(1),
  provisionIds: z.array(provisionIdSchema).length(0),
});

/** What the ledger says of a record or pointer that may be asked for; the first of it, of both. */
export const listedSchema = z.strictObject({
  ...recordSchema.pick({
    ...{ pseudonym: true, recordId: true, version: true, class: true, dataLevel: true, confidentiality: true },
    ...{ custodianMspId: true, authorMspId: true, careMonths: true, encounter: true, anchoredAt: true, changedAt: true },
  }).shape,
  /** Of a record that the patient has written (ADR 0080); absent: the hospital has, or a device. */
  contributed: z.literal(true).exactOptional(),
  /** Of a record; a pointer has none of these. */
  format: recordSchema.shape.format.exactOptional(),
  displayProfile: recordSchema.shape.displayProfile.exactOptional(),
  sizeBucket: recordSchema.shape.sizeBucket.exactOptional(),
});

const accessTransactions = {
  RequestAccess: {
    contract,
    name: 'RequestAccess',
    kind: 'submit',
    summary: 'Asks to read records for a purpose; the decision on each, permit or deny, is committed with its reasons.',
    request: z.strictObject({
      ticketId: ticketIdSchema,
      nonce: idNonceSchema,
      pseudonym: pseudonymSchema,
      recordIds: setOf(recordIdSchema, 1, 16),
      purpose: purposeSchema,
      department: departmentSchema,
      ephemeralPublicKey: publicKeySchema,
    }),
    response: z.discriminatedUnion('decision', [
      permitAnswer.extend({
        /** What may be done with a copy of any of them: the strictest that is said of one. */
        copy: copyTermsSchema.exactOptional(),
      }),
      denyAnswer,
    ]),
    callers: askers,
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH'],
    endorsement: 'channel',
    evenly: 'unless-permitted',
  },
  OpenOwnRecords: {
    contract,
    name: 'OpenOwnRecords',
    kind: 'submit',
    summary:
      'A patient asks to read records of their own, which is permitted whatever was granted or forbidden to others; the decision on each is committed.',
    request: z.strictObject({
      ticketId: ticketIdSchema,
      nonce: idNonceSchema,
      pseudonym: pseudonymSchema,
      recordIds: setOf(recordIdSchema, 1, 16),
      ephemeralPublicKey: publicKeySchema,
      /** Through whose node it goes, and nobody else's: who endorses the command could carry it first, and have the ticket. */
      mspId: mspIdSchema,
    }),
    response: z.discriminatedUnion('decision', [
      permitAnswer.extend({
        /** Those that had been retracted: of them the last version that has a content. */
        retracted: setOf(recordIdSchema, 1, 16).exactOptional(),
      }),
      denyAnswer,
    ]),
    callers: [patientOr(['parent', 'court'], 'consents')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH'],
    endorsement: 'channel',
    evenly: 'unless-permitted',
  },
  ListPermitted: {
    contract,
    name: 'ListPermitted',
    kind: 'evaluate',
    summary:
      'Lists the records and pointers of a pseudonym that RequestAccess would permit the caller now, each by itself; of others it tells nothing.',
    request: z.strictObject({ pseudonym: pseudonymSchema, purpose: purposeSchema, department: departmentSchema, ...pageFields }),
    response: pageOf(listedSchema).omit({ unreadable: true }),
    callers: askers,
    refusals: [],
    endorsement: 'channel',
    evenly: 'always',
  },
  CloseTicket: {
    contract,
    name: 'CloseTicket',
    kind: 'submit',
    summary: 'Closes an open ticket; by the person who asked or by the patient.',
    request: z.strictObject({ ticketId: ticketIdSchema }),
    response: z.strictObject({ ticketId: ticketIdSchema, state: z.enum(['closed']) }),
    callers: [...askers, patientOr(delegationBases, 'consents')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  GetDecision: {
    contract,
    name: 'GetDecision',
    kind: 'evaluate',
    summary: 'Reads a ticket: what was asked, decided, and on which versions it rests.',
    request: z.strictObject({ ticketId: ticketIdSchema }),
    response: ticketSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  GetTicketStanding: {
    contract,
    name: 'GetTicketStanding',
    kind: 'evaluate',
    summary: 'Reads a ticket and tells whether it still opens what it was given for: its question is asked again now.',
    request: z.strictObject({ ticketId: ticketIdSchema }),
    response: z.strictObject({
      ticket: ticketSchema,
      /** Left out: it opens its records, except those that have changed. */
      obstacle: z.enum(permitObstacles).exactOptional(),
      /** Those of its records that have another version now, or are retracted; it opens none of them. */
      changedRecordIds: z.array(recordIdSchema).max(16),
      /** Those of its records of which the consent has changed, while it still opens others; it opens none of them. */
      withdrawnRecordIds: setOf(recordIdSchema, 1, 15).exactOptional(),
    }),
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ExplainAccess: {
    contract,
    name: 'ExplainAccess',
    kind: 'evaluate',
    summary:
      'Tells the patient, or a privacy officer of the hospital that keeps their records, how a request would be decided and which provisions that comes from.',
    request: z.strictObject({ pseudonym: pseudonymSchema, question: explainedQuestionSchema }),
    response: z.discriminatedUnion('outcome', [
      explanationSchema.extend({ outcome: z.literal('decided') }),
      /** The request would be refused, and nothing decided. */
      z.strictObject({ outcome: z.literal('refused'), code: askerRefusalSchema }),
    ]),
    callers: [patientOr(delegationBases, 'consents', 'view'), staff('privacyOfficer')],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
    evenly: 'always',
  },
} as const satisfies Record<string, TransactionEntry>;

const ofTicket = { ticketId: ticketIdSchema, pseudonym: pseudonymSchema };
/** What may happen in the area. */
const accessEvents = {
  AccessPermitted: ofTicket,
  AccessDenied: ofTicket,
  TicketClosed: ofTicket,
  OwnRecordsOpened: ofTicket,
  OwnRecordsDenied: ofTicket,
} as const satisfies EventTable;
const patientsOwn = ['TicketClosed', 'OwnRecordsOpened', 'OwnRecordsDenied'] as const satisfies readonly (keyof typeof accessEvents)[];

/** Requests to read, and the decision on each. */
export const accessArea = defineArea({ entities: accessEntities, events: accessEvents, patientsOwn, transactions: accessTransactions });
