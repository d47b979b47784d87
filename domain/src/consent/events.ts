import { z } from 'zod';
import { type EventTable } from '../catalogue/area';
import { mspIdSchema, pseudonymSchema } from '../ids';

/** The grantee is told by its key parts; `name` may be a role or a department. */
const policy = {
  pseudonym: pseudonymSchema,
  granteeKind: z.enum(['person', 'department', 'role', 'organisation']),
  granteeMspId: mspIdSchema,
  granteeName: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  version: z.int().min(1),
};
/** What may happen in the area. */
export const consentEvents = {
  PolicyGranted: policy,
  PolicyAmended: policy,
  PolicyRevoked: policy,
} as const satisfies EventTable;
