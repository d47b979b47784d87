import { type EventTable } from '../catalogue/area';
import { pseudonymSchema, ticketIdSchema } from '../ids';

const access = { ticketId: ticketIdSchema, pseudonym: pseudonymSchema };
/** What may happen in the area. */
export const accessEvents = {
  AccessPermitted: access,
  AccessDenied: access,
  TicketClosed: access,
} as const satisfies EventTable;
