import { DomainError, type Input, type Output, referenceTo, type transactions } from '@lianyi/domain';
import { closedTicket, hashOfCase, paidOff, reviewEmergency } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';
import { asStaff } from '../standing';
import { debtsOf } from '../access/debts-of';

type Entry = typeof transactions.ReviewEmergency;

/** Reviews an emergency; the debt of who has asked is the less for it, and what was not justified opens nothing any more. */
export async function ReviewEmergency(scope: WriteScope, { ticketId, outcome, caseSha256 }: Input<Entry>): Promise<Output<Entry>> {
  const { ledger, now } = scope;
  const by = referenceTo(scope.actor);
  const present = await ledger.emergencies.get(ticketId);
  // all departments of who has asked are theirs, whichever they have asked for
  const asker = await ledger.staff.find(present.asker.mspId, present.asker.actorTag);
  const emergency = reviewEmergency(present, asStaff(scope.actor), { outcome, at: now, by }, asker?.departments ?? []);
  const ticket = await ledger.tickets.get(ticketId);
  if (caseSha256 !== hashOfCase(present, ticket.recordIds)) throw new DomainError('HASH_MISMATCH', undefined, { path: 'input.caseSha256' });
  await ledger.emergencies.replace(emergency);
  const { person, department } = await debtsOf(scope, emergency.asker);
  for (const debt of [person, department]) if (debt !== undefined) await ledger.emergencyDebts.replace(paidOff(debt, emergency));
  if (outcome === 'not-justified' && ticket.decision === 'permit' && ticket.state === 'open')
    await ledger.tickets.replace(closedTicket(ticket, by, now));
  recordEvent(scope, { name: 'EmergencyReviewed', ticketId, pseudonym: emergency.pseudonym }, { ticketId });
  return { ticketId, state: emergency.state };
}
