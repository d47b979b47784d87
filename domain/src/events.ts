import { z } from 'zod';
import {
  actorTagSchema,
  cardIdSchema,
  endpointIdSchema,
  mspIdSchema,
  pseudonymSchema,
  recordIdSchema,
  releaseIdSchema,
  ticketIdSchema,
} from './ids';

/** The name of the one Fabric event a transaction may have; its payload is {@link eventsPayloadSchema}. */
export const FABRIC_EVENT_NAME = 'LianyiEvents';

const version = z.int().min(1);
const card = { cardId: cardIdSchema, pseudonym: pseudonymSchema };
const relationship = { pseudonym: pseudonymSchema, mspId: mspIdSchema };
const record = { pseudonym: pseudonymSchema, recordId: recordIdSchema, version };
/** The grantee is told by its key parts; `name` may be a role or a department. */
const policy = {
  pseudonym: pseudonymSchema,
  granteeKind: z.enum(['person', 'department', 'role', 'organisation']),
  granteeMspId: mspIdSchema,
  granteeName: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  version,
};
const staffMember = { mspId: mspIdSchema, actorTag: actorTagSchema };
const access = { ticketId: ticketIdSchema, pseudonym: pseudonymSchema };

/** Every domain event, past tense, with its fields: ids and versions only. Private changes have none. */
export const eventFields = {
  PatientRegistered: { pseudonym: pseudonymSchema, mspId: mspIdSchema },
  CardIssued: card,
  CardActivated: card,
  CardSuspended: card,
  CardClosed: card,
  OrganisationRegistered: { mspId: mspIdSchema },
  EndpointUpdated: { mspId: mspIdSchema, endpointId: endpointIdSchema },
  StaffRegistered: staffMember,
  StaffDutyUpdated: staffMember,
  StaffRevoked: staffMember,
  RelationshipProposed: relationship,
  RelationshipAccepted: relationship,
  RelationshipRejected: relationship,
  RelationshipSuspended: relationship,
  RelationshipResumed: relationship,
  RelationshipTerminated: relationship,
  RecordAnchored: record,
  RecordAmended: record,
  RecordRetracted: record,
  PolicyGranted: policy,
  PolicyAmended: policy,
  PolicyRevoked: policy,
  AccessPermitted: access,
  AccessDenied: access,
  TicketClosed: access,
  KeyReleased: { ...access, releaseId: releaseIdSchema, recordId: recordIdSchema },
} as const;

export type EventName = keyof typeof eventFields;
/** Every event name. */
// Object.keys is typed string[]; the table is a constant of this module, so its keys are exactly these
export const eventNames = Object.keys(eventFields) as readonly EventName[];
export const eventNameSchema = z.enum(eventNames);

type FieldsOf<Name extends EventName> = z.output<z.ZodObject<(typeof eventFields)[Name], z.core.$strict>>;
/** One domain event. */
export type DomainEvent = { [Name in EventName]: { readonly name: Name } & FieldsOf<Name> }[EventName];

/** What a listener reads: the name it may switch on, and the ids. */
export const domainEventSchema = z.custom<DomainEvent>((value) => {
  const named = z.looseObject({ name: eventNameSchema }).safeParse(value);
  return named.success && z.strictObject({ name: z.literal(named.data.name), ...eventFields[named.data.name] }).safeParse(value).success;
}, 'not a domain event');
export const eventsPayloadSchema = z.strictObject({ events: z.array(domainEventSchema).min(1).max(64) });
