import { canonicalJson } from '../encoding/canonical-json';
import { type RecordId } from '../ids';
import { mergePermits, mergeReasons } from './combine';
import { type Decision, type Permit } from './decision';
import { type DeniedRecord, type PermittedTicket, type Ticket } from './entities';

// Records asked for together are decided one by one and stand under one ticket: it opens those that are permitted, and says of the others why not.

/** What a permit, or a part of it, rests on. */
type Ground = Pick<PermittedTicket, 'provisionIds' | 'grantVersions'>;

/** What becomes of a request: the permits, by their places in it, or what its denial says. */
export type TicketOutcome =
  | ({ readonly decision: 'deny' } & Pick<Extract<Ticket, { decision: 'deny' }>, 'reasons' | 'denied'>)
  | ({ readonly decision: 'permit'; readonly permitted: readonly number[]; readonly permit: Permit } & Pick<
      PermittedTicket,
      'grounds' | 'denied'
    >);

/** Puts the decisions on several records together, in the order in which they were asked for. One permit makes the ticket a permit. */
export function outcomeOf(recordIds: readonly RecordId[], decisions: readonly Decision[]): TicketOutcome {
  const decided = recordIds.map((recordId, place) => ({ recordId, place, decision: decisions[place] ?? UNDECIDED }));
  const denied = decided.flatMap(({ recordId, decision }) => (decision.effect === 'deny' ? [{ recordId, reasons: decision.reasons }] : []));
  const permits = decided.flatMap(({ place, decision }) => (decision.effect === 'permit' ? [{ place, permit: decision }] : []));
  if (permits.length === 0) {
    const reasons = mergeReasons(denied.flatMap((each) => each.reasons));
    return { decision: 'deny', reasons, ...(areAlike(denied.map((each) => each.reasons)) ? {} : { denied }) };
  }
  const grounds = permits.map(({ permit: { provisionIds, grantVersions } }) => ({ provisionIds, grantVersions }));
  return {
    decision: 'permit',
    permitted: permits.map(({ place }) => place),
    permit: mergePermits(permits.map(({ permit }) => permit)),
    ...(areAlike(grounds) ? {} : { grounds }),
    ...(denied.length === 0 ? {} : { denied }),
  };
}

/** What nobody has decided is denied. */
const UNDECIDED: Decision = { effect: 'deny', reasons: ['NO_CONSENT'] };

function areAlike(values: readonly (Ground | readonly string[])[]): boolean {
  return new Set(values.map((value) => canonicalJson(value))).size === 1;
}

/** What a permit for one of a ticket's records rests on, by the record's place in it. */
export function groundOf({ provisionIds, grantVersions, grounds }: Ground & Pick<PermittedTicket, 'grounds'>, place: number): Ground {
  return grounds?.[place] ?? { provisionIds, grantVersions };
}

/** A ticket as it is for one of its records alone; as it is, if it is not for that record. */
export function ofRecord(ticket: PermittedTicket, recordId: RecordId): PermittedTicket;
export function ofRecord(ticket: Ticket, recordId: RecordId): Ticket;
export function ofRecord(ticket: Ticket, recordId: RecordId): Ticket {
  const place = ticket.recordIds.indexOf(recordId);
  if (ticket.decision === 'deny' || place < 0) return ticket;
  const { grounds: _grounds, ...whole } = ticket;
  return { ...whole, recordIds: [recordId], recordVersions: ticket.recordVersions.slice(place, place + 1), ...groundOf(ticket, place) };
}

/** A decision as a ticket or an answer has it; `recordIds` are those asked for, or of a permit those that it opens. */
type Told = Pick<Ticket, 'recordIds' | 'denied'> & { readonly reasons?: DeniedRecord['reasons'] };

/** Which records of a request are denied, and why. */
export function denialsOf({ recordIds, reasons = [], denied }: Told): readonly DeniedRecord[] {
  return denied ?? (reasons.length === 0 ? [] : recordIds.map((recordId) => ({ recordId, reasons })));
}

/** All records that a permitted ticket was asked for, sorted: those that it opens and those that are denied. */
export function askedRecordIdsOf({ recordIds, denied = [] }: Pick<PermittedTicket, 'recordIds' | 'denied'>): readonly RecordId[] {
  return [...recordIds, ...denied.map(({ recordId }) => recordId)].sort();
}
