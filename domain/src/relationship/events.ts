import { type EventTable } from '../catalogue/area';
import { mspIdSchema, pseudonymSchema } from '../ids';

const relationship = { pseudonym: pseudonymSchema, mspId: mspIdSchema };
/** What may happen in the area. */
export const relationshipEvents = {
  RelationshipProposed: relationship,
  RelationshipAccepted: relationship,
  RelationshipRejected: relationship,
  RelationshipSuspended: relationship,
  RelationshipResumed: relationship,
  RelationshipTerminated: relationship,
} as const satisfies EventTable;
