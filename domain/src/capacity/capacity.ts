import { z } from 'zod';
import { type ActorReference, type Origin } from '../actor';
import { hashOfJson } from '../crypto/sha256';
import { DomainError } from '../domain-error';
import { saltSchema, type Sha256 } from '../encoding/values';
import { type Pseudonym } from '../ids';
import { type Instant } from '../instant';
import { type PseudonymEntry } from '../registrar/entities';
import { confirmedOnceMore, isSameActor, nextState, saidOnceMore, type StateTable } from '../state-table';
import { type Death, type DeathState, type Incapacity, type IncapacityState } from './transactions';

export type IncapacityCommand = 'declare' | 'confirm';

/**
 * That the patient has spoken since is no state: then it is declared anew. What is confirmed may be said again by two, which changes nothing
 * here: a hospital that had not believed it, because it came late, believes it then.
 */
export const incapacityTable: StateTable<IncapacityState, IncapacityCommand> = {
  declared: { declare: 'declared', confirm: 'confirmed' },
  confirmed: { declare: 'confirmed', confirm: 'confirmed' },
};

export type DeathCommand = 'propose' | 'confirm' | 'dispute' | 'revoke';

/**
 * What two have said, two others take back; nobody alone does either. What is recorded, or taken back, another registrar may say again, which
 * changes nothing here: a hospital that believes the first of them nothing believes it then.
 */
export const deathTable: StateTable<DeathState, DeathCommand> = {
  proposed: { propose: 'proposed', confirm: 'recorded' },
  recorded: { confirm: 'recorded', dispute: 'disputed' },
  disputed: { dispute: 'disputed', revoke: 'revoked' },
  revoked: { propose: 'proposed', revoke: 'revoked' },
};

type LastSpoken = Pick<PseudonymEntry, 'lastCommand'>;

/** Whether a patient cannot decide: two clinicians have said so, and the patient has said nothing by their own key since. */
export function isIncapacitated(incapacity: Incapacity | undefined, { lastCommand }: LastSpoken): boolean {
  return incapacity?.state === 'confirmed' && incapacity.after === lastCommand?.statementHash;
}

/**
 * That a patient cannot decide, as one clinician of their hospital says. Nothing follows from it before another one confirms.
 *
 * @param before - what was declared earlier
 * @throws {@link DomainError} `ILLEGAL_STATE` — something else is confirmed, and the patient has said nothing since
 */
export function declareIncapacity(
  before: Incapacity | undefined,
  of: LastSpoken & { readonly pseudonym: Pseudonym },
  evidence: Sha256,
  now: Instant,
  origin: Origin,
): Incapacity {
  const { pseudonym, lastCommand } = of;
  const after = lastCommand === undefined ? {} : { after: lastCommand.statementHash };
  if (before !== undefined && isIncapacitated(before, of)) return declaredAgain(before, evidence, now);
  const state = before?.state === 'declared' ? nextState(incapacityTable, before.state, 'declare') : 'declared';
  return { schemaVersion: 1, pseudonym, state, evidence, ...after, declaredAt: now, changedAt: now, origin };
}

function declaredAgain(confirmed: Incapacity, evidence: Sha256, now: Instant): Incapacity {
  const state = nextState(incapacityTable, confirmed.state, 'declare');
  if (evidence !== confirmed.evidence) throw new DomainError('ILLEGAL_STATE', 'something else is confirmed', { state, command: 'declare' });
  const again: Incapacity = { ...confirmed, state, changedAt: now };
  // two say it again: who has confirmed it before may do so again
  delete again.confirmedBy;
  delete again.confirmedAgainBy;
  return again;
}

/**
 * Confirms that a patient cannot decide.
 * @param by - a clinician of another hospital
 * @throws {@link DomainError} `ILLEGAL_STATE` — the patient has spoken since it was declared, or they have confirmed it since, or enough of their hospital; `SECOND_PERSON_NEEDED` —
 * somebody of the same organisation; `HASH_MISMATCH` — who confirms has found something else
 */
export function confirmIncapacity(incapacity: Incapacity, by: ActorReference, of: LastSpoken, evidence: Sha256, now: Instant): Incapacity {
  const state = nextState(incapacityTable, incapacity.state, 'confirm');
  if (incapacity.after !== of.lastCommand?.statementHash)
    throw new DomainError('ILLEGAL_STATE', 'the patient has spoken since', { state: incapacity.state, command: 'confirm' });
  assertOfAnother(by, [incapacity.origin.actor]);
  assertSame(evidence, incapacity.evidence);
  return { ...incapacity, state, ...confirmedOnceMore(incapacity, by, { state: incapacity.state, command: 'confirm' }), changedAt: now };
}

/** Whether a patient is dead as far as two have said and no two others have taken it back. */
export function isDead(death: Pick<Death, 'state'> | undefined): boolean {
  return death?.state === 'recorded' || death?.state === 'disputed';
}

/**
 * That a patient has died, as one registrar of their hospital says. Nothing follows from it before another one confirms.
 *
 * @param before - what was said earlier
 * @throws {@link DomainError} `ILLEGAL_STATE` — it is recorded
 */
export function proposeDeath(before: Death | undefined, pseudonym: Pseudonym, evidence: Sha256, now: Instant, origin: Origin): Death {
  const state = before === undefined ? 'proposed' : nextState(deathTable, before.state, 'propose');
  return { schemaVersion: 1, pseudonym, state, evidence, proposedBy: origin.actor, proposedAt: now, changedAt: now, origin };
}

/**
 * Records that a patient has died. From then on nobody commands in their name.
 * @param by - a registrar of another hospital; of what is recorded, one who has not recorded it
 * @throws {@link DomainError} `ILLEGAL_STATE` — it is not proposed, is disputed, or they have recorded it, or enough of their
 * hospital; `SECOND_PERSON_NEEDED`; `HASH_MISMATCH` — who confirms was shown something else
 */
export function confirmDeath(death: Death, by: ActorReference, evidence: Sha256, now: Instant): Death {
  const state = nextState(deathTable, death.state, 'confirm');
  assertOfAnother(by, [death.proposedBy]);
  assertSame(evidence, death.evidence);
  return { ...death, state, ...confirmedOnceMore(death, by, { state: death.state, command: 'confirm' }), changedAt: now };
}

/**
 * That a recorded death is wrong, as one registrar of the patient's hospital says who has not recorded it.
 * @throws {@link DomainError} `ILLEGAL_STATE` — none is recorded; `SECOND_PERSON_NEEDED` — by one of the two who have
 */
export function disputeDeath(death: Death, by: ActorReference, evidence: Sha256, now: Instant): Death {
  const state = nextState(deathTable, death.state, 'dispute');
  assertNoneOf(by, recordersOf(death));
  return { ...death, state, disputedBy: by, counterEvidence: evidence, changedAt: now };
}

/**
 * Takes a recorded death back: the patient lives, and their key is theirs as it was.
 * @param by - a registrar of another hospital than that of who has disputed it, and none of those who have taken it back or recorded it
 * @throws {@link DomainError} `ILLEGAL_STATE` — nobody has disputed it, or they have taken it back, or enough of their hospital; `SECOND_PERSON_NEEDED`;
 * `HASH_MISMATCH` — who confirms was shown something else
 */
export function revokeDeath(death: Death, by: ActorReference, evidence: Sha256, now: Instant): Death {
  const state = nextState(deathTable, death.state, 'revoke');
  assertOfAnother(by, [death.disputedBy]);
  const { first, again } = saidOnceMore({ first: death.revokedBy, again: death.revokedAgainBy }, by, {
    state: death.state,
    command: 'revoke',
  });
  assertNoneOf(by, recordersOf(death));
  assertSame(evidence, death.counterEvidence);
  return { ...death, state, revokedBy: first, ...(again.length === 0 ? {} : { revokedAgainBy: [...again] }), changedAt: now };
}

/** Nobody commands in the name of who has died; what they have permitted lasts until its end. @throws {@link DomainError} `PATIENT_DECEASED` */
export function assertLiving({ isDeceased }: Pick<PseudonymEntry, 'isDeceased'>): void {
  if (isDeceased === true) throw new DomainError('PATIENT_DECEASED');
}

/** The pseudonym as it is while a death is recorded, and as it is without. */
export function withDeath(entry: PseudonymEntry, death: Death): PseudonymEntry {
  if (isDead(death)) return { ...entry, isDeceased: true };
  const living = { ...entry };
  delete living.isDeceased;
  return living;
}

function assertOfAnother(by: ActorReference, others: readonly (ActorReference | undefined)[]): void {
  const isOfAnother = others.every((each) => each?.kind === 'staff' && by.kind === 'staff' && each.mspId !== by.mspId);
  if (!isOfAnother) throw new DomainError('SECOND_PERSON_NEEDED', 'somebody of another hospital confirms it');
}

/** Everybody who has recorded a death. */
function recordersOf({ proposedBy, confirmedBy, confirmedAgainBy = [] }: Death): readonly (ActorReference | undefined)[] {
  return [proposedBy, confirmedBy, ...confirmedAgainBy];
}

function assertNoneOf(by: ActorReference, others: readonly (ActorReference | undefined)[]): void {
  if (others.some((each) => isSameActor(each, by))) throw new DomainError('SECOND_PERSON_NEEDED', 'somebody else than who has recorded it');
}

function assertSame(evidence: Sha256, expected: Sha256 | undefined): void {
  if (evidence !== expected) throw new DomainError('HASH_MISMATCH', undefined, { field: 'evidence' });
}

/** What two people of two hospitals were shown or have found. It stays with the hospitals; the ledger has a salted hash of it. */
export const capacityEvidenceSchema = z.strictObject({
  /** Which documents were shown, or what was found, in the hospital's own words. */
  shown: z.string().min(1).max(512),
  salt: saltSchema,
});
export type CapacityEvidence = z.output<typeof capacityEvidenceSchema>;

/** What the evidence is of. */
export type EvidenceOf = 'court' | 'incapacity' | 'death' | 'life';

/** The commitment that the ledger keeps: of this evidence, for this patient and nothing else. */
export function capacityCommitment(of: EvidenceOf, pseudonym: Pseudonym, { shown, salt }: CapacityEvidence): Sha256 {
  return hashOfJson(['lianyi/capacity-evidence/v1', of, pseudonym, shown, salt]);
}
