import { type Emergency, type TicketId } from '@lianyi/domain';
import { remadeEmergency } from '@lianyi/domain/deciding';
import { readable } from '../led-to';
import { type ReadScope } from '../scope';

/** An emergency; where others have written over it, or deleted it, what its ticket tells of it; undefined: neither is there, or can be read. */
export async function caseOf({ ledger }: Pick<ReadScope, 'ledger'>, ticketId: TicketId): Promise<Emergency | undefined> {
  const [found, ticket] = await Promise.all([readable(ledger.emergencies.find(ticketId)), readable(ledger.tickets.find(ticketId))]);
  return found ?? (ticket && remadeEmergency(ticket));
}
