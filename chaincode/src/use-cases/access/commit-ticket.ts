import { type EventName, isOwnAsker, type Permit, type PermittedTicket, type Ticket } from '@lianyi/domain';
import { type Readable, ticketExpiry } from '@lianyi/domain/deciding';
import { type AuditDetails, recordEvent, recordEventUnaudited } from '../record-event';
import { type WriteScope } from '../scope';
import { type Decided } from './decide';

/** What a ticket says of the question, before it is decided. */
type Asked = Omit<
  PermittedTicket,
  'decision' | 'custodianMspId' | 'recordVersions' | 'retracted' | 'provisionIds' | 'grantVersions' | 'expiresAt' | 'state' | 'closed'
>;

type DecisionEvent = Extract<EventName, `${'Access' | 'Emergency'}${'Permitted' | 'Denied'}` | `OwnRecords${'Opened' | 'Denied'}`>;

/** Commits a decision, whichever it is: a denial leaves a trace too. */
export async function commitTicket(scope: WriteScope, asked: Asked, decided: Decided): Promise<Ticket> {
  const ticket = newTicket(asked, decided);
  await scope.ledger.tickets.insert(ticket);
  const { ticketId, pseudonym } = ticket;
  const about = concernsThePatient(ticket, decided) ? recordEvent : recordEventUnaudited;
  about(scope, { name: eventOf(ticket), ticketId, pseudonym }, auditOf(ticket));
  return ticket;
}

function eventOf({ actor, decision, emergency }: Ticket): DecisionEvent {
  if (isOwnAsker(actor)) return decision === 'permit' ? 'OwnRecordsOpened' : 'OwnRecordsDenied';
  if (emergency !== undefined) return decision === 'permit' ? 'EmergencyPermitted' : 'EmergencyDenied';
  return decision === 'permit' ? 'AccessPermitted' : 'AccessDenied';
}

/**
 * Whether the patient's audit has a line of it: only if the patient's side has asked, or one of the records exists. A question of others about
 * invented ones is the asker's own matter and stands under the ticket that they chose; else anybody could fill anybody's audit.
 */
function concernsThePatient({ actor }: Ticket, { records }: Decided): boolean {
  return isOwnAsker(actor) || records.some((record) => record !== undefined);
}

function newTicket(asked: Asked, { decision, records }: Decided): Ticket {
  return decision.effect === 'deny' ? { ...asked, decision: 'deny', reasons: decision.reasons } : permittedTicket(asked, decision, records);
}

function permittedTicket(asked: Asked, permit: Permit, records: Decided['records']): PermittedTicket {
  const [first, ...others] = records.filter((record): record is Readable => record !== undefined);
  if (first === undefined || others.length + 1 !== asked.recordIds.length) {
    throw new Error('a permit for a record that does not exist');
  }
  const retracted = [first, ...others].filter(({ state }) => state === 'retracted').map(({ recordId }) => recordId);
  return {
    ...asked,
    decision: 'permit',
    custodianMspId: first.custodianMspId,
    recordVersions: [first, ...others].map((record) => record.version),
    ...(retracted.length === 0 ? {} : { retracted }),
    provisionIds: permit.provisionIds,
    grantVersions: permit.grantVersions,
    expiresAt: ticketExpiry(permit, asked.requestedAt, asked),
    state: 'open',
  };
}

function auditOf({ ticketId, recordIds, purpose, ...ticket }: Ticket): AuditDetails {
  const asked = { ticketId, recordIds, purpose };
  return ticket.decision === 'permit'
    ? { ...asked, decision: 'permit', provisionIds: ticket.provisionIds }
    : { ...asked, decision: 'deny', reasons: ticket.reasons };
}
