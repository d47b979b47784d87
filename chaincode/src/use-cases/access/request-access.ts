import {
  assertOwnId,
  type Input,
  type Output,
  type Permit,
  type PermittedTicket,
  type Ticket,
  ticketIdOf,
  type transactions,
} from '@lianyi/domain';
import { assertMemberOf, type Readable, ticketExpiry } from '@lianyi/domain/deciding';
import { type AuditDetails, recordEvent, recordEventUnaudited } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';
import { belongingsOf } from './belongings-of';
import { decide, type Decided } from './decide';

type Entry = typeof transactions.RequestAccess;

/**
 * Decides whether a clinician may read records, and commits the decision whichever it is: a denial leaves a trace too.
 *
 * The answer opens nothing by itself. The custodian's key service acts on the committed ticket only.
 */
export async function RequestAccess(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId, actorTag, roles, departments } = asStaff(scope.actor);
  assertMemberOf({ departments }, input.department);
  const { department, nonce, ...asked } = input;
  assertOwnId(asked.ticketId, ticketIdOf({ mspId, actorTag, nonce }));
  const actor = { mspId, actorTag, roles, department };
  const asker = { ...actor, ...(await belongingsOf(scope.ledger, actor)) };
  const [existing, decided] = await Promise.all([
    scope.ledger.tickets.find(input.ticketId),
    decide(scope.ledger, { pseudonym: input.pseudonym, recordIds: input.recordIds, purpose: input.purpose, at: scope.now, actor: asker }),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  const ticket = newTicket({ schemaVersion: 1, ...asked, actor, requestedAt: scope.now, origin: originOf(scope) }, decided);
  await scope.ledger.tickets.insert(ticket);
  const about = concernsThePatient(decided) ? recordEvent : recordEventUnaudited;
  about(
    scope,
    { name: ticket.decision === 'permit' ? 'AccessPermitted' : 'AccessDenied', ticketId: ticket.ticketId, pseudonym: ticket.pseudonym },
    auditOf(ticket),
  );
  return answerOf(ticket);
}

/**
 * Whether the patient's audit has a line of it: only if one of the records exists. A question about invented ones is the asker's own
 * matter and stands under the ticket that they chose; else anybody could fill anybody's audit.
 */
function concernsThePatient({ records }: Decided): boolean {
  return records.some((record) => record !== undefined);
}

type Asked = Omit<
  PermittedTicket,
  'decision' | 'custodianMspId' | 'recordVersions' | 'provisionIds' | 'grantVersions' | 'expiresAt' | 'state' | 'closed'
>;

function newTicket(asked: Asked, { decision, records }: Decided): Ticket {
  return decision.effect === 'deny' ? { ...asked, decision: 'deny', reasons: decision.reasons } : permittedTicket(asked, decision, records);
}

function permittedTicket(asked: Asked, permit: Permit, records: Decided['records']): PermittedTicket {
  const [first, ...others] = records.filter((record): record is Readable => record !== undefined);
  if (first === undefined || others.length + 1 !== asked.recordIds.length) {
    throw new Error('a permit for a record that does not exist');
  }
  return {
    ...asked,
    decision: 'permit',
    custodianMspId: first.custodianMspId,
    recordVersions: [first, ...others].map((record) => record.version),
    provisionIds: permit.provisionIds,
    grantVersions: permit.grantVersions,
    expiresAt: ticketExpiry(permit, asked.requestedAt),
    state: 'open',
  };
}

function auditOf({ ticketId, recordIds, purpose, ...ticket }: Ticket): AuditDetails {
  const asked = { ticketId, recordIds, purpose };
  return ticket.decision === 'permit'
    ? { ...asked, decision: 'permit', provisionIds: ticket.provisionIds }
    : { ...asked, decision: 'deny', reasons: ticket.reasons };
}

function answerOf(ticket: Ticket): Output<Entry> {
  const { ticketId } = ticket;
  return ticket.decision === 'permit'
    ? { ticketId, decision: 'permit', reasons: [], provisionIds: ticket.provisionIds, expiresAt: ticket.expiresAt, state: ticket.state }
    : { ticketId, decision: 'deny', reasons: ticket.reasons, provisionIds: [] };
}
