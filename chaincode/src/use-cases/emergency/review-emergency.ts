import { DomainError, type Input, type Output, referenceTo, type transactions } from '@lianyi/domain';
import { closedTicket, debtorsOf, hashOfCase, paidOff, reviewEmergency } from '@lianyi/domain/deciding';
import { readable } from '../led-to';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';
import { asStaff } from '../standing';
import { caseOf } from './case-of';

type Entry = typeof transactions.ReviewEmergency;

/**
 * Reviews an emergency; the debt of who has asked is the less for it, and what was not justified opens nothing any more. What others have written over the
 * ticket, the staff entry of who has asked or a debt keeps nobody from reviewing it: a ticket that cannot be read opens nothing anyway. Of a case that
 * they have written over itself is said that it is doubtful: it stands again as its ticket tells it.
 */
export async function ReviewEmergency(scope: WriteScope, { ticketId, outcome, caseSha256 }: Input<Entry>): Promise<Output<Entry>> {
  const { ledger, now } = scope;
  const by = referenceTo(scope.actor);
  const present = await caseOf(scope, ticketId);
  if (present === undefined) throw new DomainError('NOT_FOUND', undefined, { entity: 'emergency' });
  // all departments of who has asked are theirs, whichever they have asked for
  const asker = await readable(ledger.staff.find(present.asker.mspId, present.asker.actorTag));
  const emergency = reviewEmergency(present, asStaff(scope.actor), { outcome, at: now, by }, asker?.departments ?? []);
  const ticket = await readable(ledger.tickets.find(ticketId));
  if (caseSha256 !== hashOfCase(present, ticket?.recordIds))
    throw new DomainError('HASH_MISMATCH', undefined, { path: 'input.caseSha256' });
  await ledger.emergencies.writeOver(emergency);
  for (const { kind, mspId, name } of Object.values(debtorsOf(emergency.asker))) {
    const debt = await readable(ledger.emergencyDebts.find(kind, mspId, name));
    if (debt !== undefined) await ledger.emergencyDebts.replace(paidOff(debt, emergency));
  }
  if (outcome !== 'justified' && ticket?.decision === 'permit' && ticket.state === 'open')
    await ledger.tickets.replace(closedTicket(ticket, by, now));
  recordEvent(scope, { name: 'EmergencyReviewed', ticketId, pseudonym: emergency.pseudonym }, { ticketId });
  return { ticketId, state: emergency.state };
}
