import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { publicKeySchema } from '../encoding/values';
import {
  actorTagSchema,
  departmentSchema,
  mspIdSchema,
  provisionIdSchema,
  pseudonymSchema,
  recordIdSchema,
  type TicketId,
  ticketIdSchema,
} from '../ids';
import { instantSchema } from '../instant';
import { purposeSchema, roleSchema, denyReasonSchema } from '../vocabulary';
import { grantVersionSchema } from './decision';

/** What a ticket lets its holder read at most, in milliseconds: long enough to fetch, short enough to revoke. */
export const TICKET_LIFETIME_MS = 15 * 60 * 1000;

const ticketFields = {
  schemaVersion: z.literal(1),
  ticketId: ticketIdSchema,
  pseudonym: pseudonymSchema,
  recordIds: z.array(recordIdSchema).min(1).max(16),
  actor: z.strictObject({ mspId: mspIdSchema, actorTag: actorTagSchema, roles: z.array(roleSchema), department: departmentSchema }),
  purpose: purposeSchema,
  ephemeralPublicKey: publicKeySchema,
  requestedAt: instantSchema,
  origin: originSchema,
};
/** A permitted request. */
export const permittedTicketSchema = z.strictObject({
  ...ticketFields,
  decision: z.literal('permit'),
  custodianMspId: mspIdSchema,
  /** The version of each record, in the order of `recordIds`. */
  recordVersions: z.array(z.int().min(1)).min(1).max(16),
  provisionIds: z.array(provisionIdSchema).min(1),
  grantVersions: z.array(grantVersionSchema),
  expiresAt: instantSchema,
  state: z.enum(['open', 'closed']),
  closed: z.strictObject({ at: instantSchema, by: actorReferenceSchema }).exactOptional(),
});
/** A denied request: a denial leaves a trace too. */
const deniedTicketSchema = z.strictObject({
  ...ticketFields,
  decision: z.literal('deny'),
  reasons: z.array(denyReasonSchema).min(1),
});
export const ticketSchema = z.discriminatedUnion('decision', [permittedTicketSchema, deniedTicketSchema]);

export type PermittedTicket = z.output<typeof permittedTicketSchema>;
export type Ticket = z.output<typeof ticketSchema>;

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
