import { canonicalJson } from '../encoding/canonical-json';
import { type RecordId } from '../ids';
import { mergePermits, mergeReasons } from './combine';
import { type Decision, type Permit } from './decision';
import { groundOf, type PermittedTicket, type Ticket } from './entities';

// Records asked for together are decided one by one and stand under one ticket: it opens those that are permitted, and says of the others why not.

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
  const grounds = permits.map(({ permit }) => groundOf(permit, 0));
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

function areAlike(values: readonly (Pick<PermittedTicket, 'provisionIds' | 'grantVersions' | 'copy'> | readonly string[])[]): boolean {
  return new Set(values.map((value) => canonicalJson(value))).size === 1;
}
