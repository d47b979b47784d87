import { type Department, type RecordId } from '../ids';
import { type ActorReference, type Origin, type StaffActor } from '../actor';
import { isOwnAsker, type PermittedTicket, type StaffAsker, type Ticket } from '../access/entities';
import { hashOfJson } from '../crypto/sha256';
import { DomainError } from '../domain-error';
import { type Sha256 } from '../encoding/values';
import { addMilliseconds, type Instant } from '../instant';
import { nextState, type StateTable } from '../state-table';
import { confidentialities } from '../vocabulary';
import { UNSAID_STANCE } from './decide-emergency';
import {
  type Emergency,
  type EmergencyCard,
  type EmergencyChoice,
  type EmergencyDebt,
  type EmergencyOf,
  type EmergencyStance,
  MOST_OPEN_OF_DEPARTMENT,
  type Narrative,
  type Opening,
  REVIEW_WITHIN_MS,
} from './entities';
import { isOfOtherDepartments } from './second-person';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** So long after a summary was opened, the rest of the record may be opened on its account. */
const ESCALATION_WITHIN_MS = 24 * HOUR_MS;

/** So long what an emergency would open is told to who has had the card before them. */
const CARD_SHOWN_MS = 15 * MINUTE_MS;

export const emergencyTable: StateTable<Emergency['state'], 'review' | 'overrule'> = {
  open: { review: 'reviewed' },
  reviewed: { overrule: 'reviewed' },
};

/**
 * How much may wait for its review: from so many on that are overdue, a second person has to sign for whatever is opened next; from so many in all on, nothing
 * more is opened. The second is what holds somebody back who opens a thousand in an hour, of which none is overdue yet.
 */
export const debtLimits: Readonly<Record<EmergencyDebt['debtor']['kind'], { readonly overdue: number; readonly open: number }>> = {
  person: { overdue: 2, open: 8 },
  department: { overdue: 6, open: MOST_OPEN_OF_DEPARTMENT },
};

/** What of a person and of their department waits for its review; undefined: nothing ever did. */
export type EmergencyDebts = { readonly person: EmergencyDebt | undefined; readonly department: EmergencyDebt | undefined };

/** Tells whether so much of a person, or of their department, waits for its review that nothing more is opened. */
function isInDebt({ person, department }: EmergencyDebts): boolean {
  return [person, department].some((debt) => debt !== undefined && debt.open.length >= debtLimits[debt.debtor.kind].open);
}

/** Tells whether so many reviews are overdue that a second person has to sign for the next emergency. */
function hasOverdue({ person, department }: EmergencyDebts, now: Instant): boolean {
  return [person, department].some(
    (debt) => debt !== undefined && debt.open.filter((each) => isOverdue(each, now)).length >= debtLimits[debt.debtor.kind].overdue,
  );
}

/** What waits for its review, as the rule asks for it. */
export function owed(debts: EmergencyDebts, now: Instant): { readonly isInDebt: boolean; readonly hasOverdue: boolean } {
  return { isInDebt: isInDebt(debts), hasOverdue: hasOverdue(debts, now) };
}

/** Tells whether a review has not come in time; at that instant it is late. */
export function isOverdue(
  { reviewDueAt, state = 'open' }: { readonly reviewDueAt: Instant; readonly state?: string },
  now: Instant,
): boolean {
  return state === 'open' && now >= reviewDueAt;
}

/** Whose debt an emergency is. */
export function debtorsOf({ mspId, actorTag, department }: Emergency['asker']): {
  readonly person: EmergencyDebt['debtor'];
  readonly department: EmergencyDebt['debtor'];
} {
  return { person: { kind: 'person', mspId, name: actorTag }, department: { kind: 'department', mspId, name: department } };
}

/** The debt with one emergency more. */
export function owing(
  debt: EmergencyDebt | undefined,
  debtor: EmergencyDebt['debtor'],
  { ticketId, reviewDueAt }: Emergency,
): EmergencyDebt {
  return { schemaVersion: 1, debtor, open: [...(debt?.open ?? []), { ticketId, reviewDueAt }] };
}

/** The debt without an emergency that was reviewed. */
export function paidOff(debt: EmergencyDebt, { ticketId }: Emergency): EmergencyDebt {
  return { ...debt, open: debt.open.filter((each) => each.ticketId !== ticketId) };
}

/** What is committed of an emergency beside its ticket. */
export function newEmergency(
  ticket: PermittedTicket & { readonly actor: StaffAsker },
  told: Pick<Emergency, 'reason' | 'opening' | 'second' | 'narrativeCommitment'>,
): Emergency {
  const { ticketId, pseudonym, custodianMspId, requestedAt, expiresAt, origin } = ticket;
  const { mspId, actorTag, department } = ticket.actor;
  return {
    ...{ schemaVersion: 1, ticketId, pseudonym, custodianMspId, asker: { mspId, actorTag, department }, ...told },
    ...{ openedAt: requestedAt, endsAt: expiresAt, reviewDueAt: addMilliseconds(requestedAt, REVIEW_WITHIN_MS), state: 'open', origin },
  };
}

/** An emergency that others have written over, or deleted, as far as its ticket tells it: not why, nor what was opened before. */
export function remadeEmergency(ticket: Ticket): Emergency | undefined {
  const { actor, emergency } = ticket;
  if (ticket.decision === 'deny' || emergency === undefined || isOwnAsker(actor)) return undefined;
  return newEmergency({ ...ticket, actor }, emergency.second === undefined ? {} : { second: emergency.second });
}

/** That a card was before a clinician; nothing of it tells whether there is such a card. */
export function newEmergencyCard(
  shown: Pick<EmergencyCard, 'ticketId' | 'cardId' | 'asker' | 'reason' | 'origin'>,
  shownAt: Instant,
): EmergencyCard {
  return { schemaVersion: 1, ...shown, shownAt, until: addMilliseconds(shownAt, CARD_SHOWN_MS) };
}

/**
 * Checks that a card was before who asks, and is so still.
 * @throws {@link DomainError} `NOT_FOUND` — it never was; `ILLEGAL_STATE` — too long ago
 */
export function cardBefore(
  shown: EmergencyCard | undefined,
  { mspId, actorTag }: Pick<StaffActor, 'mspId' | 'actorTag'>,
  now: Instant,
): EmergencyCard {
  if (shown?.asker.mspId !== mspId || shown.asker.actorTag !== actorTag)
    throw new DomainError('NOT_FOUND', undefined, { entity: 'emergencyCard' });
  if (now >= shown.until) throw new DomainError('ILLEGAL_STATE', undefined, { state: 'over', command: 'list' });
  return shown;
}

/** Under whom an emergency is listed: the patient, who asked and whose records they are. */
export function listedUnder({ ticketId, pseudonym, custodianMspId, asker, openedAt }: Emergency): readonly EmergencyOf[] {
  const hospitals = [...new Set([asker.mspId, custodianMspId])];
  const parties: readonly EmergencyOf['party'][] = [
    { kind: 'patient', name: pseudonym },
    ...hospitals.map((name) => ({ kind: 'organisation', name }) as const),
  ];
  return parties.map((party) => ({ schemaVersion: 1, party, openedAt, ticketId }));
}

/**
 * Checks that who asks for all may: after what they, or their department, have opened of this patient's summary within 24 hours.
 * @throws {@link DomainError} `NOT_FOUND` — there is no such emergency; `ILLEGAL_STATE` — it was another's, of another patient, of no summary, or long ago
 */
export function assertEscalates(
  opening: Opening,
  earlier: Emergency | undefined,
  { pseudonym, asker, now }: Pick<Emergency, 'pseudonym' | 'asker'> & { readonly now: Instant },
): void {
  if (!('after' in opening)) return;
  if (earlier === undefined) throw new DomainError('NOT_FOUND', undefined, { entity: 'emergency' });
  const isSame = earlier.pseudonym === pseudonym && earlier.asker.mspId === asker.mspId && earlier.asker.department === asker.department;
  const isRecent = now < addMilliseconds(earlier.openedAt, ESCALATION_WITHIN_MS);
  if (!isSame || !isRecent || earlier.opening?.scope !== 'dataset')
    throw new DomainError('ILLEGAL_STATE', 'no summary of this patient was opened there lately', {
      state: earlier.opening?.scope ?? 'doubtful',
      command: 'escalate',
    });
}

/**
 * Reviews an emergency: for the hospital that keeps the records, or for the asker's own in another department than any of theirs. The records' hospital may
 * say once more that it was not justified, where the asker's own has said that it was.
 * @throws {@link DomainError} `NOT_PERMITTED` — who has asked, their department, or a hospital that it does not concern; `ILLEGAL_STATE` — it was reviewed; or it is
 * called doubtful and is not, or is and is called anything else
 */
export function reviewEmergency(
  emergency: Emergency,
  reviewer: StaffActor,
  review: { readonly outcome: NonNullable<Emergency['review']>['outcome']; readonly at: Instant; readonly by: ActorReference },
  departmentsOfAsker: readonly Department[],
): Emergency {
  assertMayReview(emergency, reviewer, departmentsOfAsker);
  if ((review.outcome === 'doubtful') !== (emergency.reason === undefined))
    throw new DomainError('ILLEGAL_STATE', 'doubtful is what others have written over, and nothing else', {
      state: emergency.reason === undefined ? 'doubtful' : emergency.state,
      command: 'review',
    });
  const command = isOverruled(emergency, reviewer, review.outcome) ? 'overrule' : 'review';
  return { ...emergency, state: nextState(emergencyTable, emergency.state, command), review };
}

function isOverruled(
  { review, custodianMspId }: Emergency,
  { mspId }: StaffActor,
  outcome: NonNullable<Emergency['review']>['outcome'],
): boolean {
  const isOfAnother = review?.by.kind === 'staff' && review.by.mspId !== custodianMspId;
  return isOfAnother && review.outcome === 'justified' && outcome === 'not-justified' && mspId === custodianMspId;
}

function assertMayReview(
  { asker, custodianMspId, second }: Emergency,
  { mspId, actorTag, departments }: StaffActor,
  departmentsOfAsker: readonly Department[],
): void {
  const isOfAsker = mspId === asker.mspId;
  if (!isOfAsker && mspId !== custodianMspId) throw new DomainError('NOT_PERMITTED', 'an emergency of other hospitals');
  const isOther = isOfOtherDepartments({ departments }, [asker.department, ...departmentsOfAsker]);
  const hasSigned = actorTag === asker.actorTag || actorTag === second;
  if (isOfAsker && (hasSigned || !isOther)) throw new DomainError('NOT_PERMITTED', 'another department reviews it');
}

/** Whether an organisation has to do with an emergency. */
export function concernsOrganisation({ asker, custodianMspId }: Emergency, mspId: string): boolean {
  return mspId === asker.mspId || mspId === custodianMspId;
}

/**
 * Of all that an emergency is, which no review changes: who asked, whose records and which, why, when. Who reviews it says by it what they were shown.
 * @param recordIds - left out: nobody can read the ticket that would tell
 */
export function hashOfCase(
  { state: _state, review: _review, origin: _origin, ...said }: Emergency,
  recordIds?: readonly RecordId[],
): Sha256 {
  return hashOfJson(['lianyi/emergency-case/v1', said, recordIds === undefined ? 'unreadable' : [...recordIds].sort()]);
}

/** The commitment to a narrative: nobody who has only this can try texts. */
export function commitmentOf({ ticketId, text, salt }: Omit<Narrative, 'schemaVersion'>): Sha256 {
  return hashOfJson(['lianyi/emergency-narrative/v1', ticketId, salt, text]);
}

/** What holds of a patient now. */
export function stanceOf(choice: EmergencyChoice | undefined): EmergencyStance {
  return choice?.choice ?? UNSAID_STANCE;
}

/** Tells whether a patient's next word opens something that their present one closes. */
export function opensMore(present: EmergencyStance, next: EmergencyStance): boolean {
  if (next.stance === 'refused') return false;
  if (present.stance === 'refused') return true;
  const rank = ({ maxConfidentiality }: typeof present): number => confidentialities.indexOf(maxConfidentiality);
  return rank(next) > rank(present) || next.maxDataLevel > present.maxDataLevel;
}

/** What a patient says from now on. */
export function chooseForEmergencies(
  previous: EmergencyChoice | undefined,
  said: Pick<EmergencyChoice, 'pseudonym' | 'choice'>,
  changedAt: Instant,
  origin: Origin,
): EmergencyChoice {
  return { schemaVersion: 1, ...said, version: (previous?.version ?? 0) + 1, changedAt, origin };
}
