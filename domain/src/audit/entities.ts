import { z } from 'zod';
import { denyReasonSchema } from '../access/deny-reasons';
import { actorReferenceSchema } from '../actor';
import { eventNameSchema } from '../events';
import { nameSchema, provisionIdSchema, pseudonymSchema, recordIdSchema, ticketIdSchema } from '../ids';
import { instantSchema } from '../instant';
import { purposeSchema } from '../vocabulary';

/** `accessEvent` (pseudonym, inverted time, txId, n): one line of what happened around a patient. */
export const accessEventSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  at: instantSchema,
  txId: nameSchema,
  n: z.int().min(0),
  event: eventNameSchema,
  actor: actorReferenceSchema,
  decision: z.enum(['permit', 'deny']).exactOptional(),
  purpose: purposeSchema.exactOptional(),
  ticketId: ticketIdSchema.exactOptional(),
  recordIds: z.array(recordIdSchema).max(16).exactOptional(),
  reasons: z.array(denyReasonSchema).exactOptional(),
  provisionIds: z.array(provisionIdSchema).exactOptional(),
});

export type AccessEvent = z.output<typeof accessEventSchema>;
