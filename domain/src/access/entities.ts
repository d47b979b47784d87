import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { copyTermsSchema } from '../consent/entities';
import { publicKeySchema, setOf } from '../encoding/values';
import {
  actorTagSchema,
  delegationIdSchema,
  departmentSchema,
  mspIdSchema,
  provisionIdSchema,
  pseudonymSchema,
  type RecordId,
  recordIdSchema,
  type TicketId,
  ticketIdSchema,
} from '../ids';
import { instantSchema } from '../instant';
import { denyReasonSchema, emergencyScopeSchema, purposeSchema, roleSchema } from '../vocabulary';
import { grantVersionSchema } from './decision';

/** What a ticket lets its holder read at most, in milliseconds: long enough to fetch, short enough to revoke. */
export const TICKET_LIFETIME_MS = 15 * 60 * 1000;

/** Whose node gets what is released: of the staff member's hospital, or of the member that carried the patient's command. */
const askingFields = { mspId: mspIdSchema };
/** Who has asked: a staff member; or the patient themself, or who acts for them, of the ticket's pseudonym (ADR 0055). */
const askerSchema = z.union([
  z.strictObject({ ...askingFields, actorTag: actorTagSchema, roles: z.array(roleSchema), department: departmentSchema }),
  z.strictObject({ ...askingFields, kind: z.literal('patient') }),
  z.strictObject({ ...askingFields, kind: z.literal('delegate'), delegationId: delegationIdSchema }),
]);

const ticketFields = {
  schemaVersion: z.literal(1),
  ticketId: ticketIdSchema,
  pseudonym: pseudonymSchema,
  recordIds: z.array(recordIdSchema).min(1).max(16),
  actor: askerSchema,
  purpose: purposeSchema,
  ephemeralPublicKey: publicKeySchema,
  /** Of who has broken the glass: it rests on no consent (ADR 0056); and who has countersigned it. */
  emergency: z.strictObject({ scope: emergencyScopeSchema, second: actorTagSchema.exactOptional() }).exactOptional(),
  requestedAt: instantSchema,
  origin: originSchema,
};
/** A record that was asked for and is denied, and why. */
export const deniedRecordSchema = z.strictObject({ recordId: recordIdSchema, reasons: z.array(denyReasonSchema).min(1) });
const deniedRecordsSchema = z.array(deniedRecordSchema).min(1).max(16);
const groundFields = {
  provisionIds: z.array(provisionIdSchema).min(1),
  grantVersions: z.array(grantVersionSchema),
  /** What may be done with a copy; left out: it may be kept, and not be handed on. */
  copy: copyTermsSchema.exactOptional(),
};
/** A request of which at least one record is permitted: `recordIds` are those. */
export const permittedTicketSchema = z.strictObject({
  ...ticketFields,
  decision: z.literal('permit'),
  custodianMspId: mspIdSchema,
  /** The version of each record, in the order of `recordIds`. */
  recordVersions: z.array(z.int().min(1)).min(1).max(16),
  /** Those of the records that had been retracted, which only their patient is shown: of them the last version that has a content. */
  retracted: setOf(recordIdSchema, 1, 16).exactOptional(),
  /** What the permits of all of them rest on. */
  ...groundFields,
  /** What each of them rests on, in the order of `recordIds`; left out where all rest on the same. */
  grounds: z.array(z.strictObject(groundFields)).min(2).max(16).exactOptional(),
  /** Those that were asked for besides and are denied; left out where there are none. */
  denied: deniedRecordsSchema.exactOptional(),
  expiresAt: instantSchema,
  state: z.enum(['open', 'closed']),
  closed: z.strictObject({ at: instantSchema, by: actorReferenceSchema }).exactOptional(),
});
/** A request of which no record is permitted: a denial leaves a trace too. */
const deniedTicketSchema = z.strictObject({
  ...ticketFields,
  decision: z.literal('deny'),
  /** Of all of them. */
  reasons: z.array(denyReasonSchema).min(1),
  /** Why each of them is denied; left out where all are for the same reasons. */
  denied: deniedRecordsSchema.exactOptional(),
});
export const ticketSchema = z.discriminatedUnion('decision', [permittedTicketSchema, deniedTicketSchema]);

export type DeniedRecord = z.output<typeof deniedRecordSchema>;
export type PermittedTicket = z.output<typeof permittedTicketSchema>;
export type Ticket = z.output<typeof ticketSchema>;
/** Who has asked, as the ticket has it. */
export type Asker = Ticket['actor'];
export type StaffAsker = Exclude<Asker, { readonly kind: unknown }>;
/** The patient, or who acts for them. */
export type OwnAsker = Exclude<Asker, StaffAsker>;

/** Tells whether a patient's own side has asked. */
export function isOwnAsker(asker: Asker): asker is OwnAsker {
  return 'kind' in asker;
}

/** Why a permit opens nothing now, or never did: what is looked at first is named first. */
export const permitObstacles = ['denied', 'closed', 'expired', 'asker-revoked', 'consent-changed'] as const;

/** What the area keeps, under the names of its repositories. */
export const accessEntities = {
  tickets: defineEntity({
    objectType: 'access',
    summary: 'A decision, permit or deny, and what it rested on.',
    schema: ticketSchema,
    key: [idPart<TicketId>('ticketId')],
    keyOf: ({ ticketId }) => [ticketId],
    endorsement: 'channel',
  }),
};

/** What a permit, or a part of it, rests on. */
type Ground = Pick<PermittedTicket, 'provisionIds' | 'grantVersions' | 'copy'>;

/** What a permit for one of a ticket's records rests on, by the record's place in it. */
export function groundOf({ provisionIds, grantVersions, copy, grounds }: Ground & Pick<PermittedTicket, 'grounds'>, place: number): Ground {
  return grounds?.[place] ?? { provisionIds, grantVersions, ...(copy === undefined ? {} : { copy }) };
}

/** A ticket as it is for one of its records alone; as it is, if it is not for that record. */
export function ofRecord(ticket: PermittedTicket, recordId: RecordId): PermittedTicket;
export function ofRecord(ticket: Ticket, recordId: RecordId): Ticket;
export function ofRecord(ticket: Ticket, recordId: RecordId): Ticket {
  const place = ticket.recordIds.indexOf(recordId);
  if (ticket.decision === 'deny' || place < 0) return ticket;
  const { grounds: _grounds, copy: _copy, ...whole } = ticket;
  return { ...whole, recordIds: [recordId], recordVersions: ticket.recordVersions.slice(place, place + 1), ...groundOf(ticket, place) };
}

/** A decision as a ticket or an answer has it; `recordIds` are those asked for, or of a permit those that it opens. */
type Told = Pick<Ticket, 'recordIds' | 'denied'> & { readonly reasons?: DeniedRecord['reasons'] };

/** Which records of a request are denied, and why. */
export function denialsOf({ recordIds, reasons = [], denied }: Told): readonly DeniedRecord[] {
  return denied ?? (reasons.length === 0 ? [] : recordIds.map((recordId) => ({ recordId, reasons })));
}

/** All records that a permitted ticket was asked for, sorted: those that it opens and those that are denied. */
export function askedRecordIdsOf({ recordIds, denied = [] }: Pick<PermittedTicket, 'recordIds' | 'denied'>): readonly RecordId[] {
  return [...recordIds, ...denied.map(({ recordId }) => recordId)].sort();
}
