import { type EventTable } from '../catalogue/area';
import { pseudonymSchema, recordIdSchema, releaseIdSchema, ticketIdSchema } from '../ids';

/** What may happen in the area. Private changes have no event. */
export const keysEvents = {
  KeyReleased: { ticketId: ticketIdSchema, pseudonym: pseudonymSchema, releaseId: releaseIdSchema, recordId: recordIdSchema },
} as const satisfies EventTable;
