import { type ActorReference, type StaffActor } from '../actor';
import { assertLiving } from '../capacity/capacity';
import { assertActsNow } from '../delegation/delegation';
import { type CopyTerms } from '../consent/entities';
import { type Delegation } from '../delegation/transactions';
import { DomainError } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { type Department, type MspId, type RecordId, type TicketId } from '../ids';
import { addMilliseconds, earliest, type Instant } from '../instant';
import { type PseudonymEntry } from '../registrar/entities';
import { nextState, type StateTable } from '../state-table';
import { KEPT } from './combine';
import { type Decision, type Permit } from './decision';
import { isOwnAsker, type permitObstacles, type PermittedTicket, type Ticket, TICKET_LIFETIME_MS, groundOf } from './entities';

export const ticketTable: StateTable<PermittedTicket['state'], 'close'> = { open: { close: 'closed' }, closed: {} };

/**
 * When a ticket ends (exclusive): after its lifetime, or with the permit if that is sooner; one of an emergency with its permit, which says how
 * long it was asked for.
 */
export function ticketExpiry(permit: Permit, now: Instant, { emergency }: Pick<Ticket, 'emergency'> = {}): Instant {
  const latest = addMilliseconds(now, TICKET_LIFETIME_MS);
  if (emergency !== undefined) return permit.until ?? latest;
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
  return closedTicket(ticket, by, now);
}

/** A permit that is closed, by whoever may. @throws {@link DomainError} `ILLEGAL_STATE` */
export function closedTicket(ticket: PermittedTicket, by: ActorReference, now: Instant): PermittedTicket {
  return { ...ticket, state: nextState(ticketTable, ticket.state, 'close'), closed: { at: now, by } };
}

function isPartyTo(ticket: Ticket, by: ActorReference): boolean {
  if (by.kind === 'patient') return by.pseudonym === ticket.pseudonym;
  // what the patient, or another who acts for them, opens for themself, nobody else closes
  const isForPatient = by.kind === 'delegate' || by.kind === 'assisted';
  if (isForPatient && !isOwnAsker(ticket.actor)) return by.pseudonym === ticket.pseudonym;
  return isSame(by, ticketHolderOf(ticket));
}

/** Who may have asked for a ticket, and is let read by it. */
export type TicketHolder = Extract<ActorReference, { kind: 'staff' | 'patient' | 'delegate' }>;

/** Who has asked for a ticket. */
export function ticketHolderOf({ actor, pseudonym }: Pick<Ticket, 'actor' | 'pseudonym'>): TicketHolder {
  if (!isOwnAsker(actor)) return { kind: 'staff', mspId: actor.mspId, actorTag: actor.actorTag };
  return actor.kind === 'patient' ? { kind: 'patient', pseudonym } : { kind: 'delegate', pseudonym, delegationId: actor.delegationId };
}

function isSame(one: ActorReference, other: TicketHolder): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** What the ledger has of a patient who asked, and of who acts for them. */
export type OwnSide = {
  readonly entry: Pick<PseudonymEntry, 'kind' | 'state' | 'isDeceased' | 'recoveredAt'> | undefined;
  /** Of a delegate's ticket. */
  readonly delegation: Pick<Delegation, 'state' | 'validUntil' | 'basis' | 'onIncapacity'> | undefined;
};

/**
 * Tells whether the patient's side that asked for a ticket is still the patient's: the patient lives, has not got a new key by a recovery since,
 * and whoever acts for them still may. Who has lost a wallet has lost the tickets with it.
 */
export function isStillPatients({ actor, requestedAt }: Pick<Ticket, 'actor' | 'requestedAt'>, of: OwnSide, now: Instant): boolean {
  const { entry, delegation } = of;
  if (!isOwnAsker(actor) || entry?.state !== 'active') return false;
  if (actor.kind === 'patient' && entry.recoveredAt !== undefined && entry.recoveredAt >= requestedAt) return false;
  return isAllowed(() => {
    assertLiving(entry);
    if (actor.kind === 'patient') return;
    if (delegation === undefined) throw new DomainError('DELEGATION_NOT_IN_FORCE');
    assertActsNow(delegation, entry, now);
  });
}

function isAllowed(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** Who presents a ticket: a member's node, and for whom if it knows that. */
export type TicketRequester = { readonly mspId: MspId; readonly holder?: TicketHolder };

/** What a ticket is presented for. What is left out is not asked about. */
export type TicketUse = {
  readonly now: Instant;
  /** Who presents it: an organisation, or one person through it. */
  readonly requester?: TicketRequester;
  /** Who is to act on it as the records' custodian. */
  readonly custodian?: MspId;
  readonly recordId?: RecordId;
  /** The version that `recordId` has now. */
  readonly version?: number;
};

/** Why a ticket opens nothing; names the first thing that fails, in this order. */
export type TicketObstacle = 'other-requester' | 'denied' | 'closed' | 'expired' | 'other-custodian' | 'other-record' | 'record-changed';

/**
 * Tells why a ticket is not, or no longer, good for a use; undefined when it is. `expiresAt` is exclusive.
 *
 * Whether the consent it rests on still stands, only the ledger can say: {@link assertReleasable}.
 */
export function ticketObstacle(ticket: Ticket, use: TicketUse): TicketObstacle | undefined {
  const { requester } = use;
  if (requester !== undefined && !isRequestedBy(ticket, requester)) return 'other-requester';
  if (ticket.decision !== 'permit') return 'denied';
  if (ticket.state !== 'open') return 'closed';
  if (use.now >= ticket.expiresAt) return 'expired';
  if (use.custodian !== undefined && ticket.custodianMspId !== use.custodian) return 'other-custodian';
  return recordObstacle(ticket, use);
}

function isRequestedBy(ticket: Ticket, { mspId, holder }: TicketRequester): boolean {
  return ticket.actor.mspId === mspId && (holder === undefined || isSame(holder, ticketHolderOf(ticket)));
}

function recordObstacle(ticket: PermittedTicket, { recordId, version }: TicketUse): TicketObstacle | undefined {
  if (recordId === undefined) return undefined;
  const index = ticket.recordIds.indexOf(recordId);
  if (index < 0) return 'other-record';
  return version === undefined || ticket.recordVersions[index] === version ? undefined : 'record-changed';
}

/**
 * Checks that a ticket opens what it is presented for. An unknown ticket answers as a stranger's, so that asking tells nothing.
 * @throws {@link DomainError} `NOT_PERMITTED` — with the given sentence: it is unknown, or another requester's; `TICKET_CLOSED` — details
 * name the obstacle.
 */
export function assertTicketOpens(
  ticket: Ticket | undefined,
  use: TicketUse & { readonly ticketId: TicketId },
  strangerSentence: string,
): asserts ticket is PermittedTicket {
  const { ticketId } = use;
  const obstacle = ticket === undefined ? 'other-requester' : ticketObstacle(ticket, use);
  if (obstacle === 'other-requester') throw new DomainError('NOT_PERMITTED', strangerSentence, { ticketId });
  if (obstacle !== undefined) throw new DomainError('TICKET_CLOSED', undefined, { ticketId, obstacle });
}

/** What the ledger says of a ticket's question and of its asker now: a decision on each of its records, in their order. */
export type AskedAgain = { readonly decisionsNow: readonly Decision[]; readonly isAskerActive: boolean };
/** A wish to release a key, and what would be decided if the ticket's question were asked now. */
export type ReleaseClaim = AskedAgain & {
  readonly now: Instant;
  readonly serviceMspId: MspId;
  readonly recordId: RecordId;
  readonly recordVersion: number;
};

/**
 * Tells why a ticket opens nothing now, whatever record it is presented for; undefined when it opens those that have not changed.
 *
 * It must be a permit, open, before `expiresAt`; who asked must still be on the staff of an active organisation; and asked now the answer must
 * still be a permit, for one of its records at least, as {@link withdrawnFrom} says.
 */
export function permitObstacle(
  ticket: Ticket,
  now: Instant,
  { decisionsNow, isAskerActive }: AskedAgain,
): (typeof permitObstacles)[number] | undefined {
  if (ticket.decision === 'deny') return 'denied';
  if (ticket.state === 'closed') return 'closed';
  if (now >= ticket.expiresAt) return 'expired';
  if (!isAskerActive) return 'asker-revoked';
  return withdrawnFrom(ticket, decisionsNow).length < ticket.recordIds.length ? undefined : 'consent-changed';
}

/**
 * Those of a ticket's records of which the consent has changed: asked now, the answer is no permit that rests at least on every provision and
 * grant version that the record's permit rests on.
 */
export function withdrawnFrom(ticket: PermittedTicket, decisionsNow: readonly Decision[]): readonly RecordId[] {
  return ticket.recordIds.filter((_, place) => !restsUnchanged(groundOf(ticket, place), decisionsNow[place]));
}

/**
 * Checks that a ticket still opens a record, so that its key may leave: as {@link permitObstacle} says, and of this custodian and record version.
 * @throws {@link DomainError} `TICKET_CLOSED` — otherwise; the details name the first thing that fails.
 */
export function assertReleasable(ticket: Ticket, claim: ReleaseClaim): asserts ticket is PermittedTicket {
  const { now, serviceMspId, recordId, recordVersion } = claim;
  const obstacle =
    ticketObstacle(ticket, { now, custodian: serviceMspId, recordId, version: recordVersion }) ??
    permitObstacle(ticket, now, claim) ??
    (isWithdrawn(ticket, claim) ? 'consent-changed' : undefined);
  if (obstacle !== undefined) throw new DomainError('TICKET_CLOSED', undefined, { ticketId: ticket.ticketId, obstacle });
}

function isWithdrawn(ticket: Ticket, { recordId, decisionsNow }: ReleaseClaim): boolean {
  return ticket.decision !== 'permit' || withdrawnFrom(ticket, decisionsNow).includes(recordId);
}

function restsUnchanged(ground: ReturnType<typeof groundOf>, decision: Decision | undefined): boolean {
  if (decision?.effect !== 'permit') return false;
  const present = new Set(decision.grantVersions.map((version) => canonicalJson(version)));
  return (
    isNoLooser(ground.copy, decision.copy) &&
    ground.grantVersions.every((version) => present.has(canonicalJson(version))) &&
    ground.provisionIds.every((provisionId) => decision.provisionIds.includes(provisionId))
  );
}

/** Whether a ticket lets nothing be done with a copy that would not be let be done now. */
function isNoLooser(had: CopyTerms = KEPT, now: CopyTerms = KEPT): boolean {
  return (
    (now.handling !== 'view' || had.handling === 'view') &&
    (now.eraseAt === undefined || (had.eraseAt !== undefined && had.eraseAt <= now.eraseAt)) &&
    (had.onward !== true || now.onward === true)
  );
}

/** @throws {@link DomainError} `NOT_PERMITTED` — the staff member does not belong to the department they ask for. */
export function assertMemberOf(actor: Pick<StaffActor, 'departments'>, department: Department): void {
  if (!actor.departments.includes(department))
    throw new DomainError('NOT_PERMITTED', 'not a member of the department', { path: 'input.department' });
}
