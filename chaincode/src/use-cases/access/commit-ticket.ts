import {
  denialsOf,
  type EventName,
  isOwnAsker,
  type Output,
  type PermittedTicket,
  type ProvisionUse,
  type Pseudonym,
  type Ticket,
  type transactions,
} from '@lianyi/domain';
import { isUseOf, mergeReasons, outcomeOf, type Readable, ticketExpiry, type TicketOutcome, usesAfter } from '@lianyi/domain/deciding';
import { type AuditDetails, recordEvent, recordEventUnaudited } from '../record-event';
import { type WriteScope } from '../scope';
import { type Decided, type Decisions } from './decide';

/** What a ticket says of the question, before it is decided. */
type Asked = Omit<
  PermittedTicket,
  | 'decision'
  | 'custodianMspId'
  | 'recordVersions'
  | 'retracted'
  | 'provisionIds'
  | 'grantVersions'
  | 'copy'
  | 'grounds'
  | 'denied'
  | 'expiresAt'
  | 'state'
  | 'closed'
>;

/** Writes what permits take of the uses of consents. */
export async function takeUses({ ledger }: WriteScope, pseudonym: Pseudonym, { decisions, counted }: Decided): Promise<void> {
  const uses = decisions.flatMap((decision): readonly ProvisionUse[] =>
    decision.effect === 'permit' && decision.use !== undefined ? [decision.use] : [],
  );
  for (const grant of counted.filter((each) => uses.some((use) => isUseOf(each, use)))) {
    const after = usesAfter(pseudonym, grant, uses);
    await ledger.grantUses.put(after);
  }
}

type DecisionEvent = Extract<EventName, `${'Access' | 'Emergency'}${'Permitted' | 'Denied'}` | `OwnRecords${'Opened' | 'Denied'}`>;

/** Commits what was decided of each record, whichever it is: a denial leaves a trace too. */
export async function commitTicket(scope: WriteScope, asked: Asked, decided: Decisions): Promise<Ticket> {
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
function concernsThePatient({ actor }: Ticket, { records }: Decisions): boolean {
  return isOwnAsker(actor) || records.some((record) => record !== undefined);
}

function newTicket(asked: Asked, { decisions, records }: Decisions): Ticket {
  const outcome = outcomeOf(asked.recordIds, decisions);
  return outcome.decision === 'deny' ? { ...asked, ...outcome } : permittedTicket(asked, outcome, records);
}

function permittedTicket(
  asked: Asked,
  { permitted, permit, grounds, denied }: Extract<TicketOutcome, { decision: 'permit' }>,
  records: Decisions['records'],
): PermittedTicket {
  const opened = permitted.map((place) => records[place]).filter((record): record is Readable => record !== undefined);
  const [first] = opened;
  if (
    first === undefined ||
    opened.length !== permitted.length ||
    opened.some(({ custodianMspId }) => custodianMspId !== first.custodianMspId)
  )
    throw new Error('a permit for records that do not exist, or are of two custodians');
  const retracted = opened.filter(({ state }) => state === 'retracted').map(({ recordId }) => recordId);
  return {
    ...asked,
    recordIds: opened.map(({ recordId }) => recordId),
    decision: 'permit',
    custodianMspId: first.custodianMspId,
    recordVersions: opened.map(({ version }) => version),
    ...(retracted.length === 0 ? {} : { retracted }),
    provisionIds: permit.provisionIds,
    grantVersions: permit.grantVersions,
    ...(permit.copy === undefined ? {} : { copy: permit.copy }),
    ...(grounds === undefined ? {} : { grounds }),
    ...(denied === undefined ? {} : { denied }),
    expiresAt: ticketExpiry(permit, asked.requestedAt, asked),
    state: 'open',
  };
}

/** A ticket that opens some of what was asked for has one line, as it has one event: of the permits, with the denials beside them. */
function auditOf(ticket: Ticket): AuditDetails {
  const { ticketId, recordIds, purpose, denied } = ticket;
  const asked = { ticketId, recordIds, purpose, ...(denied === undefined ? {} : { denied: [...denied] }) };
  if (ticket.decision === 'deny') return { ...asked, decision: 'deny', reasons: ticket.reasons };
  const reasons = mergeReasons(denialsOf(ticket).flatMap((each) => each.reasons));
  const grounds = ticket.grounds === undefined ? {} : { grounds: ticket.grounds.map(({ provisionIds }) => provisionIds) };
  return { ...asked, decision: 'permit', provisionIds: ticket.provisionIds, ...grounds, ...(reasons.length === 0 ? {} : { reasons }) };
}

/** What a staff member who has asked is told of the ticket, also in an emergency. */
export function answerToStaff({ ticketId, denied, ...ticket }: Ticket): Output<typeof transactions.RequestAccess> {
  const partly = denied === undefined ? {} : { denied };
  if (ticket.decision === 'deny') return { ticketId, decision: 'deny', reasons: ticket.reasons, provisionIds: [], ...partly };
  const { provisionIds, expiresAt, state, copy } = ticket;
  const bound = copy === undefined ? {} : { copy };
  return { ticketId, decision: 'permit', reasons: [], provisionIds, expiresAt, state, ...partly, ...bound };
}
