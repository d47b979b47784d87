import { type Input, type Output, referenceTo, type transactions } from '@lianyi/domain';
import { closeTicket } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { type ReadScope, type WriteScope } from '../scope';

type Close = typeof transactions.CloseTicket;
type Get = typeof transactions.GetDecision;

/** Closes an open ticket, by the person who asked for it or by the patient; no key is released on it any more. */
export async function CloseTicket(scope: WriteScope, input: Input<Close>): Promise<Output<Close>> {
  const { ticketId } = input;
  const ticket = closeTicket(await scope.ledger.tickets.get(ticketId), referenceTo(scope.actor), scope.now);
  await scope.ledger.tickets.replace(ticket);
  recordEvent(scope, { name: 'TicketClosed', ticketId, pseudonym: ticket.pseudonym }, { ticketId, recordIds: ticket.recordIds });
  return { ticketId, state: 'closed' };
}

export function GetDecision(scope: ReadScope, input: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.tickets.get(input.ticketId);
}
