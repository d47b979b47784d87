import { type ActorReference, type StaffActor } from '../actor';
import { DomainError } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { type Department, type MspId, type RecordId } from '../ids';
import { addMilliseconds, earliest, type Instant } from '../instant';
import { nextState, type StateTable } from '../state-table';
import { type Decision, type Permit } from './decision';
import { type PermittedTicket, type Ticket, TICKET_LIFETIME_MS } from './entities';

export const ticketTable: StateTable<PermittedTicket['state'], 'close'> = { open: { close: 'closed' }, closed: {} };

/** When a ticket ends (exclusive): after its lifetime, or with the permit if that is sooner. */
export function ticketExpiry(permit: Permit, now: Instant): Instant {
  const latest = addMilliseconds(now, TICKET_LIFETIME_MS);
  return earliest([latest, permit.until ?? latest]) ?? latest;
}

/**
 * Closes an open ticket of somebody's own.
 * @throws {@link DomainError} `NOT_PERMITTED` — neither the person who asked nor the patient; `ILLEGAL_STATE` — it is a denial or closed.
 */
export function closeTicket(ticket: Ticket, by: ActorReference, now: Instant): PermittedTicket {
  if (!isPartyTo(ticket, by)) throw new DomainError('NOT_PERMITTED');
  if (ticket.decision === 'deny')
    throw new DomainError('ILLEGAL_STATE', 'a denial has nothing to close', { state: 'denied', command: 'close' });
  return { ...ticket, state: nextState(ticketTable, ticket.state, 'close'), closed: { at: now, by } };
}

function isPartyTo(ticket: Ticket, by: ActorReference): boolean {
  if (by.kind === 'patient') return by.pseudonym === ticket.pseudonym;
  return by.kind === 'staff' && by.mspId === ticket.actor.mspId && by.actorTag === ticket.actor.actorTag;
}

/** A wish to release a key, and what would be decided if the ticket's question were asked now. */
export type ReleaseClaim = {
  readonly now: Instant;
  readonly serviceMspId: MspId;
  readonly recordId: RecordId;
  readonly recordVersion: number;
  readonly decisionNow: Decision;
};

/**
 * Checks that a ticket still opens a record, so that its key may leave.
 *
 * It must be a permit, open, before `expiresAt`, of this custodian and record version; and asked now the answer must still be a permit
 * that rests at least on every provision and grant version of the ticket.
 * @throws {@link DomainError} `TICKET_CLOSED` — otherwise; the details name the first thing that fails.
 */
export function assertReleasable(ticket: Ticket, claim: ReleaseClaim): asserts ticket is PermittedTicket {
  const obstacle = obstacleToRelease(ticket, claim);
  if (obstacle !== undefined) throw new DomainError('TICKET_CLOSED', undefined, { ticketId: ticket.ticketId, obstacle });
}

function obstacleToRelease(ticket: Ticket, claim: ReleaseClaim): string | undefined {
  if (ticket.decision !== 'permit') return 'denied';
  if (ticket.state !== 'open') return 'closed';
  if (claim.now >= ticket.expiresAt) return 'expired';
  if (ticket.custodianMspId !== claim.serviceMspId) return 'other-custodian';
  const index = ticket.recordIds.indexOf(claim.recordId);
  if (index < 0) return 'other-record';
  if (ticket.recordVersions[index] !== claim.recordVersion) return 'record-changed';
  return restsUnchanged(ticket, claim.decisionNow) ? undefined : 'consent-changed';
}

function restsUnchanged(ticket: PermittedTicket, decision: Decision): boolean {
  if (decision.effect !== 'permit') return false;
  const present = new Set(decision.grantVersions.map((version) => canonicalJson(version)));
  return (
    ticket.grantVersions.every((version) => present.has(canonicalJson(version))) &&
    ticket.provisionIds.every((provisionId) => decision.provisionIds.includes(provisionId))
  );
}

/** @throws {@link DomainError} `NOT_PERMITTED` — the staff member does not belong to the department they ask for. */
export function assertMemberOf(actor: Pick<StaffActor, 'departments'>, department: Department): void {
  if (!actor.departments.includes(department))
    throw new DomainError('NOT_PERMITTED', 'not a member of the department', { path: 'input.department' });
}
