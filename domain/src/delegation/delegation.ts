import { z } from 'zod';
import { type ActorReference, type Origin } from '../actor';
import { assertLiving, isIncapacitated } from '../capacity/capacity';
import { type Incapacity } from '../capacity/transactions';
import { hashOfJson } from '../crypto/sha256';
import { DomainError } from '../domain-error';
import { type IdNonce, saltSchema, type Sha256 } from '../encoding/values';
import { type DelegationId, type Pseudonym } from '../ids';
import { addMilliseconds, type Instant, instantSchema } from '../instant';
import { delegationIdOf } from '../owned-ids';
import { type PseudonymEntry } from '../registrar/entities';
import { confirmedOnceMore, nextState, type StateTable } from '../state-table';
import { type Delegation, type DelegationState } from './transactions';
import { type DelegationBasis, type DelegationScope } from '../delegated-acts';

export type DelegationCommand = 'confirm' | 'end';

/**
 * What has ended begins no more: who is to act again is appointed anew, with a new key. That its time is over is no state. A court's may be
 * confirmed once more by another registrar, which changes nothing here: a hospital that believes the first of them nothing believes it then.
 */
export const delegationTable: StateTable<DelegationState, DelegationCommand> = {
  proposed: { confirm: 'active', end: 'ended' },
  active: { confirm: 'active', end: 'ended' },
  ended: {},
};

const DAY_MS = 24 * 3_600_000;
/**
 * How long a delegation may last at most, in milliseconds. A proxy's: five years, after which the patient says so again. A parent's: a
 * year and a day, after which two registrars look again; so that a term's end tells nobody a child's birthday but in the last year. By a
 * court's decision: five years, after which the registrars look for a newer one.
 */
const LONGEST_MS: Readonly<Record<DelegationBasis, number>> = { proxy: 1_827 * DAY_MS, parent: 366 * DAY_MS, court: 1_827 * DAY_MS };

/** What somebody would have a delegate do. */
export type DelegationDraft = {
  readonly pseudonym: Pseudonym;
  readonly delegationId: DelegationId;
  readonly scopes: readonly DelegationScope[];
  readonly validUntil: Instant;
  readonly nextKeyHash: Sha256;
  /** Of a proxy who acts only while the patient cannot decide. */
  readonly onIncapacity?: true;
};

/**
 * A proxy, whom the patient appoints by their own command.
 * @throws {@link DomainError} `DELEGATION_TERM` — it would end before it begins, or last too long
 */
export function appointProxy(draft: DelegationDraft, now: Instant, origin: Origin): Delegation {
  const made = newDelegation(draft, { basis: 'proxy', state: 'active' }, now, origin);
  return draft.onIncapacity === undefined ? made : { ...made, onIncapacity: draft.onIncapacity };
}

/**
 * Holds a parent's delegation to patients who hold no keys: an adult with a wallet is made nobody's child by two registrars.
 * @throws {@link DomainError} `ILLEGAL_STATE` — the patient has the pseudonym
 */
export function assertNoWallet({ kind }: Pick<PseudonymEntry, 'kind'>): void {
  if (kind !== 'assisted')
    throw new DomainError('ILLEGAL_STATE', 'the patient has keys of their own', { state: 'own', command: 'propose' });
}

/** Which right registrars vouch for. */
export type VouchedBasis = Exclude<DelegationBasis, 'proxy'>;

/**
 * A parent's delegation, which one registrar of the hospital proposes and another confirms; or one by a court's decision, which one of another
 * hospital confirms.
 * @param evidence - the commitment to what the registrar was shown
 * @throws {@link DomainError} as {@link appointProxy}
 */
export function proposeDelegation(
  draft: DelegationDraft,
  { basis, evidence }: { readonly basis: VouchedBasis; readonly evidence: Sha256 },
  now: Instant,
  origin: Origin,
): Delegation {
  return { ...newDelegation(draft, { basis, state: 'proposed' }, now, origin), evidence };
}

function newDelegation(
  { pseudonym, delegationId, scopes, validUntil, nextKeyHash }: DelegationDraft,
  { basis, state }: Pick<Delegation, 'basis' | 'state'>,
  now: Instant,
  origin: Origin,
): Delegation {
  assertTerm(basis, validUntil, now);
  const made = { createdAt: now, changedAt: now, origin };
  return { schemaVersion: 1, pseudonym, delegationId, basis, scopes: [...scopes], state, validUntil, nextKeyHash, ...made };
}

function assertTerm(basis: DelegationBasis, validUntil: Instant, now: Instant): void {
  const latest = addMilliseconds(now, LONGEST_MS[basis]);
  if (validUntil <= now || validUntil > latest) throw new DomainError('DELEGATION_TERM', undefined, { basis, after: now, latest });
}

/** What the second registrar says that the delegation says: what they were shown, and what the delegate's own screen says of the key. */
export type DelegationConfirmation = Omit<DelegationDraft, 'onIncapacity'> & {
  readonly nonce: IdNonce;
  readonly basis: VouchedBasis;
  readonly evidence: Sha256;
};

/**
 * Confirms what another registrar has proposed; by a court's decision, also what a third one has confirmed. The patient, and colleagues of one
 * hospital, know whose word they have; of another hospital's registrar that hospital's own may not.
 * @param by - who confirms
 * @throws {@link DomainError} `ILLEGAL_STATE` — it is ended, confirmed by them or enough of their hospital, or active and no court's; `SECOND_PERSON_NEEDED` — by who has proposed it; `HASH_MISMATCH` —
 * who confirms was shown something else; `DELEGATION_DIFFERS` — it says something else than they; `DELEGATION_NOT_IN_FORCE` — its time is over
 */
export function confirmDelegation(delegation: Delegation, by: ActorReference, said: DelegationConfirmation, now: Instant): Delegation {
  const state = nextState(delegationTable, delegation.state, 'confirm');
  const { actor } = delegation.origin;
  if (delegation.state === 'active' && delegation.basis !== 'court')
    throw new DomainError('ILLEGAL_STATE', 'it is confirmed', { state, command: 'confirm' });
  assertSecond(delegation.basis, actor, by);
  if (said.evidence !== delegation.evidence) throw new DomainError('HASH_MISMATCH', undefined, { field: 'evidence' });
  assertSaysTheSame(delegation, said);
  const confirmed: Delegation = {
    ...delegation,
    state,
    ...confirmedOnceMore(delegation, by, { state, command: 'confirm' }),
    changedAt: now,
  };
  assertInForce(confirmed, now);
  return confirmed;
}

/** The evidence is of a paper, which says nothing of the key and may be used for another delegation: each is said by itself. */
function assertSaysTheSame(delegation: Delegation, said: DelegationConfirmation): void {
  for (const field of ['basis', 'validUntil'] as const)
    if (delegation[field] !== said[field]) throw new DomainError('DELEGATION_DIFFERS', undefined, { field });
  if ([...delegation.scopes].sort().join(' ') !== [...said.scopes].sort().join(' '))
    throw new DomainError('DELEGATION_DIFFERS', undefined, { field: 'scopes' });
  if (!isFirstKey(delegation, said)) throw new DomainError('DELEGATION_DIFFERS', undefined, { field: 'nextKeyHash' });
}

/** The id is made of the first key, so that it can be said also once the delegate has used it. */
function isFirstKey({ pseudonym, delegationId, lastCommand, nextKeyHash }: Delegation, said: DelegationConfirmation): boolean {
  if (lastCommand === undefined && nextKeyHash !== said.nextKeyHash) return false;
  return delegationId === delegationIdOf({ pseudonym, firstKeyHash: said.nextKeyHash, nonce: said.nonce });
}

/** A court's decision is looked at by two hospitals: it takes a say from somebody who has one. */
function assertSecond(basis: DelegationBasis, first: ActorReference, second: ActorReference): void {
  const areStaff = first.kind === 'staff' && second.kind === 'staff';
  const isColleague = areStaff && first.mspId === second.mspId && first.actorTag !== second.actorTag;
  const isOfAnother = areStaff && first.mspId !== second.mspId;
  if (basis === 'court' ? isOfAnother : isColleague) return;
  throw new DomainError('SECOND_PERSON_NEEDED', `another registrar of ${basis === 'court' ? 'another' : 'the'} hospital confirms it`);
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — it has ended. */
export function endDelegation(delegation: Delegation, now: Instant): Delegation {
  return { ...delegation, state: nextState(delegationTable, delegation.state, 'end'), changedAt: now };
}

/** @throws {@link DomainError} `DELEGATION_NOT_IN_FORCE` — details say why: `proposed`, `ended`, or `over` when its time is. */
function assertInForce({ state, validUntil }: Pick<Delegation, 'state' | 'validUntil'>, now: Instant): void {
  const standing = state === 'active' && now >= validUntil ? 'over' : state;
  if (standing !== 'active') throw new DomainError('DELEGATION_NOT_IN_FORCE', undefined, { standing, validUntil });
}

/** What the ledger has of a patient for whom somebody acts. */
export type ActedFor = Pick<PseudonymEntry, 'kind' | 'lastCommand' | 'isDeceased'>;

/**
 * Holds a delegation to be in force for its patient now: a parent speaks for who has no wallet, and once the patient has, what is done in
 * their name is theirs; whom the patient has appointed for the loss of capacity, while it lasts; and nobody for who has died.
 * @param of - the patient's entry
 * @param incapacity - what was declared of the patient's capacity; asked only of who acts in that case
 * @throws {@link DomainError} `DELEGATION_NOT_IN_FORCE` — `standby` in details: the patient can decide; `PSEUDONYM_TAKEN_OVER` — a
 * parent’s, and the patient has a wallet by now; `PATIENT_DECEASED`
 */
export function assertActsNow(
  delegation: Pick<Delegation, 'state' | 'validUntil' | 'basis' | 'onIncapacity'>,
  of: ActedFor,
  now: Instant,
  incapacity?: Incapacity,
): void {
  assertInForce(delegation, now);
  assertLiving(of);
  if (delegation.basis === 'parent' && of.kind !== 'assisted') throw new DomainError('PSEUDONYM_TAKEN_OVER');
  assertOffStandby(delegation, of, incapacity);
}

/**
 * Holds whom the patient has appointed for the loss of capacity to that case.
 * @throws {@link DomainError} `DELEGATION_NOT_IN_FORCE` — `standby` in details: the patient can decide
 */
function assertOffStandby(
  { onIncapacity, validUntil }: Pick<Delegation, 'onIncapacity' | 'validUntil'>,
  of: Pick<ActedFor, 'lastCommand'>,
  incapacity: Incapacity | undefined,
): void {
  if (onIncapacity === true && !isIncapacitated(incapacity, of))
    throw new DomainError('DELEGATION_NOT_IN_FORCE', undefined, { standing: 'standby', validUntil });
}

/** What two registrars were shown of a minor and a parent. It stays with the hospital; the ledger has a salted hash of it. */
export const guardianshipEvidenceSchema = z.strictObject({
  /** The child's date of birth, as the document has it. */
  birthDate: z.iso.date(),
  /** Which documents were shown, in the hospital's own words. */
  shown: z.string().min(1).max(512),
  salt: saltSchema,
});
export type GuardianshipEvidence = z.output<typeof guardianshipEvidenceSchema>;

/** The commitment that the ledger keeps: of this evidence, for this child. Without the salt nobody finds the date by trying all. */
export function evidenceCommitment(pseudonym: Pseudonym, evidence: GuardianshipEvidence): Sha256 {
  return hashOfJson(['lianyi/guardianship/v1', pseudonym, evidence.birthDate, evidence.shown, evidence.salt]);
}

/** Full years at which a person is of age (Civil Code of the People's Republic of China, article 17). */
const AGE_OF_MAJORITY = 18;
/** Calendar dates are China's, which has one time zone, UTC+08:00, and no summer time (IANA Asia/Shanghai since 1992). */
const AHEAD_OF_UTC_MS = 8 * 3_600_000;

/**
 * The instant from which somebody is of age: 00:00 in China (UTC+08:00) of the day 18 years after the date of birth. Who was born on 29
 * February is of age on 1 March where that year has no 29 February: never before 18 years are full.
 *
 * @param birthDate - `YYYY-MM-DD`, a day of the calendar
 */
export function comesOfAgeAt(birthDate: string): Instant {
  const year = String(Number(birthDate.slice(0, 4)) + AGE_OF_MAJORITY).padStart(4, '0');
  const sameDay = `${year}${birthDate.slice(4)}`;
  const day = z.iso.date().safeParse(sameDay).success ? sameDay : `${year}-03-01`;
  return addMilliseconds(instantSchema.parse(`${day}T00:00:00.000Z`), -AHEAD_OF_UTC_MS);
}
