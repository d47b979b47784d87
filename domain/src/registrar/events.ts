import { type EventTable } from '../catalogue/area';
import { cardIdSchema, mspIdSchema, pseudonymSchema } from '../ids';

const card = { cardId: cardIdSchema, pseudonym: pseudonymSchema };
/** What may happen in the area. Private changes have no event. */
export const registrarEvents = {
  PatientRegistered: { pseudonym: pseudonymSchema, mspId: mspIdSchema },
  CardIssued: card,
  CardActivated: card,
  CardSuspended: card,
  CardClosed: card,
} as const satisfies EventTable;
