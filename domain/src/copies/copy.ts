import { type PermittedTicket } from '../access/entities';
import { DomainError } from '../domain-error';
import { addMilliseconds, type Instant } from '../instant';
import { nextState, type StateTable } from '../state-table';
import { type Copy, type CopyAnswer, type CopyDue, type CopyStanding } from './transactions';

/**
 * How long a holder has, from what ends a copy to its answer: three days, as a review of an emergency has. A holder must find what its own
 * people and systems have kept, on a weekend too; GDPR art. 12(3) would leave a month.
 */
const ANSWER_WITHIN_MS = 72 * 60 * 60 * 1000;

/** What is destroyed is gone for good; what is retained may be destroyed later, or retained by another law or for longer. */
export const copyTable: StateTable<Copy['state'], 'destroy' | 'retain'> = {
  held: { destroy: 'destroyed', retain: 'retained' },
  retained: { destroy: 'destroyed', retain: 'retained' },
  destroyed: {},
};

/**
 * A copy with what its holder says became of it.
 * @throws {@link DomainError} `ILLEGAL_STATE` — it was destroyed, by an earlier answer; or its ticket is open, so that the key could be had again;
 * `RETAINED_BY_LAW` — it is retained, and nobody says which law does not hold any more
 */
export function answerForCopy(copy: Copy, ticket: PermittedTicket, answer: CopyAnswer): Copy {
  const state = nextState(copyTable, copy.state, answer.outcome === 'destroyed' ? 'destroy' : 'retain');
  if (copy.from === undefined && answer.outcome === 'destroyed' && ticket.state === 'open' && answer.at < ticket.expiresAt)
    throw new DomainError('ILLEGAL_STATE', 'its ticket is open still', { state: 'open', command: 'destroy' });
  assertLawIsNamed(copy, answer);
  return { ...copy, state, answer };
}

/** Nobody destroys by a slip what a law wants kept: who does says that it is that law which does not hold any more. */
function assertLawIsNamed(copy: Copy, answer: CopyAnswer): void {
  if (answer.outcome !== 'destroyed' || copy.answer?.outcome !== 'retained' || !isRetainedAt(copy, answer.at)) return;
  const { basis } = copy.answer;
  if (answer.formerBasis !== basis) throw new DomainError('RETAINED_BY_LAW', undefined, { basis });
}

/** What the ledger has of what a copy rests on: since when each has ended it, if it has. */
export type CopyFacts = {
  /** Of the copy's record alone. */
  readonly ticket: Pick<PermittedTicket, 'expiresAt' | 'copy' | 'purpose'>;
  readonly consentChangedAt?: Instant | undefined;
  readonly forbiddenAt?: Instant | undefined;
  readonly retractedAt?: Instant | undefined;
  readonly notJustifiedAt?: Instant | undefined;
};

/** A copy as it stands at an instant. */
export function copyStandingOf(copy: Copy, facts: CopyFacts, now: Instant): CopyStanding {
  const { purpose, copy: terms } = facts.ticket;
  const due = dueOf(copy, facts);
  const said = { copy, purpose, ...(terms === undefined ? {} : { terms }), ...(due === undefined ? {} : { due }) };
  if (copy.state === 'destroyed') return { ...said, standing: 'destroyed' };
  if (isRetainedAt(copy, now)) return { ...said, standing: 'retained' };
  if (due === undefined) return { ...said, standing: 'held' };
  return { ...said, standing: now < due.goneBy ? 'must-go' : 'overdue' };
}

function isRetainedAt({ answer }: Copy, now: Instant): boolean {
  return answer?.outcome === 'retained' && (answer.until === undefined || now < answer.until);
}

/** By when a copy must be gone, and why: of several reasons the first to come. */
function dueOf({ takenAt }: Copy, { ticket, ...ended }: CopyFacts): CopyDue | undefined {
  const { eraseAt, handling } = ticket.copy ?? {};
  const after = (instant: Instant | undefined): Instant | undefined =>
    instant === undefined ? undefined : addMilliseconds(instant < takenAt ? takenAt : instant, ANSWER_WITHIN_MS);
  const ends: readonly (readonly [CopyDue['cause'], Instant | undefined])[] = [
    // known to the holder from the beginning, so there is nothing to wait for
    ['erase-date', eraseAt],
    ['view-only', handling === 'view' ? after(ticket.expiresAt) : undefined],
    ['consent-changed', after(ended.consentChangedAt)],
    ['forbidden', after(ended.forbiddenAt)],
    ['retracted', after(ended.retractedAt)],
    ['not-justified', after(ended.notJustifiedAt)],
  ];
  const dues = ends.flatMap(([cause, goneBy]) => (goneBy === undefined ? [] : [{ cause, goneBy }]));
  return dues.reduce<CopyDue | undefined>((first, each) => (first === undefined || each.goneBy < first.goneBy ? each : first), undefined);
}

/**
 * Holds a copy that is to be handed on to one that is held: what must go, or is kept by a law alone, goes nowhere. An erase date that is to come
 * binds the receiver as well, and keeps nobody from handing on before.
 * @throws {@link DomainError} `ONWARD_NOT_ALLOWED` — details say how it stands
 */
export function assertHeld(copy: Copy, facts: CopyFacts, now: Instant): void {
  const { ticket } = facts;
  const undated = ticket.copy === undefined ? {} : { copy: { handling: ticket.copy.handling } };
  const { expiresAt, purpose } = ticket;
  const { standing } = copyStandingOf(copy, facts, now);
  const isHeld = copyStandingOf(copy, { ...facts, ticket: { expiresAt, purpose, ...undated } }, now).standing === 'held';
  if (standing === 'overdue' || !isHeld) throw new DomainError('ONWARD_NOT_ALLOWED', undefined, { obstacle: standing });
}
