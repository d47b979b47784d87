import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { member, patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { copyTermsSchema } from '../consent/entities';
import { delegationBases } from '../delegated-acts';
import { idNonceSchema, publicKeySchema, setOf } from '../encoding/values';
import { actorTagSchema, departmentSchema, mspIdSchema, provisionIdSchema, pseudonymSchema, recordIdSchema, ticketIdSchema } from '../ids';
import { instantSchema } from '../instant';
import { purposeSchema, roleSchema, denyReasonSchema } from '../vocabulary';
import { decisionSchema } from './decision';
import { accessEntities, deniedRecordSchema, permitObstacles, ticketSchema } from './entities';

const contract = 'AccessContract';

/** "If this person asked for this record for this purpose at this time": the patient's what-if. */
const simulatedQuestionSchema = z.strictObject({
  recordId: recordIdSchema,
  purpose: purposeSchema,
  /** Left out: now, by the ledger's time. */
  at: instantSchema.exactOptional(),
  actor: z.strictObject({
    mspId: mspIdSchema,
    actorTag: actorTagSchema,
    roles: setOf(roleSchema, 1, 8),
    department: departmentSchema,
  }),
});

/**
 * Who may ask to read: the roles that may claim a purpose of care, research or public health. Whether they read, the rule decides, and a denial
 * stands in the patient's audit.
 */
const askers = (['clinician', 'nurse', 'lab', 'researcher', 'regulator'] as const).map((role) => staff(role));

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
  Simulate: {
    // of the contract that has always offered it; the rule it asks is this area's
    contract: 'ConsentContract',
    name: 'Simulate',
    kind: 'evaluate',
    summary: 'Tells the patient how a request would be decided, by the same rule that decides requests.',
    request: z.strictObject({ pseudonym: pseudonymSchema, question: simulatedQuestionSchema }),
    response: decisionSchema,
    callers: [patientOr(delegationBases, 'consents', 'view')],
    refusals: [],
    endorsement: 'channel',
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
