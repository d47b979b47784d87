import { type ActorReference, type Origin } from '../actor';
import { DomainError } from '../domain-error';
import { type Sha256 } from '../encoding/values';
import { type DelegationId, type Pseudonym } from '../ids';
import { addMilliseconds, type Instant } from '../instant';
import { type PseudonymEntry } from '../registrar/entities';
import { nextState, type StateTable } from '../state-table';
import { type Delegation, type DelegationState } from './entities';
import { type DelegationBasis, type DelegationScope } from '../delegated-acts';

export type DelegationCommand = 'confirm' | 'end';

/** What has ended begins no more: who is to act again is appointed anew, with a new key. That its time is over is no state. */
export const delegationTable: StateTable<DelegationState, DelegationCommand> = {
  proposed: { confirm: 'active', end: 'ended' },
  active: { end: 'ended' },
  ended: {},
};

const DAY_MS = 24 * 3_600_000;
/**
 * How long a delegation may last at most, in milliseconds. A proxy's: five years, after which the patient says so again. A parent's: a
 * year and a day, after which two registrars look again; so that a term's end tells nobody a child's birthday but in the last year.
 */
const LONGEST_MS: Readonly<Record<DelegationBasis, number>> = { proxy: 1_827 * DAY_MS, parent: 366 * DAY_MS };

/** What somebody would have a delegate do. */
export type DelegationDraft = {
  readonly pseudonym: Pseudonym;
  readonly delegationId: DelegationId;
  readonly scopes: readonly DelegationScope[];
  readonly validUntil: Instant;
  readonly nextKeyHash: Sha256;
};

/**
 * A proxy, whom the patient appoints by their own command.
 * @throws {@link DomainError} `DELEGATION_TERM` — it would end before it begins, or last too long
 */
export function appointProxy(draft: DelegationDraft, now: Instant, origin: Origin): Delegation {
  return newDelegation(draft, { basis: 'proxy', state: 'active' }, now, origin);
}

/**
 * Holds a parent's delegation to patients who hold no keys: an adult with a wallet is made nobody's child by two registrars.
 * @throws {@link DomainError} `ILLEGAL_STATE` — the patient has the pseudonym
 */
export function assertNoWallet({ kind }: Pick<PseudonymEntry, 'kind'>): void {
  if (kind !== 'assisted')
    throw new DomainError('ILLEGAL_STATE', 'the patient has keys of their own', { state: 'own', command: 'propose' });
}

/**
 * A parent's delegation, which one registrar of the hospital proposes and another confirms.
 * @param evidence - the commitment to what the registrar was shown
 * @throws {@link DomainError} as {@link appointProxy}
 */
export function proposeParent(draft: DelegationDraft, evidence: Sha256, now: Instant, origin: Origin): Delegation {
  return { ...newDelegation(draft, { basis: 'parent', state: 'proposed' }, now, origin), evidence };
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

/**
 * Confirms what another registrar has proposed.
 * @param by - who confirms
 * @throws {@link DomainError} `ILLEGAL_STATE` — it is active or ended; `SECOND_PERSON_NEEDED` — by who has proposed it; `HASH_MISMATCH` —
 * who confirms was shown something else; `DELEGATION_NOT_IN_FORCE` — its time is over
 */
export function confirmDelegation(delegation: Delegation, by: ActorReference, evidence: Sha256, now: Instant): Delegation {
  const state = nextState(delegationTable, delegation.state, 'confirm');
  const { actor } = delegation.origin;
  const isAnother = by.kind === 'staff' && actor.kind === 'staff' && by.mspId === actor.mspId && by.actorTag !== actor.actorTag;
  if (!isAnother) throw new DomainError('SECOND_PERSON_NEEDED', 'another registrar of the hospital confirms it');
  if (evidence !== delegation.evidence) throw new DomainError('HASH_MISMATCH', undefined, { field: 'evidence' });
  const confirmed: Delegation = { ...delegation, state, changedAt: now };
  assertInForce(confirmed, now);
  return confirmed;
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — it has ended. */
export function endDelegation(delegation: Delegation, now: Instant): Delegation {
  return { ...delegation, state: nextState(delegationTable, delegation.state, 'end'), changedAt: now };
}

/** @throws {@link DomainError} `DELEGATION_NOT_IN_FORCE` — details say why: `proposed`, `ended`, or `over` when its time is. */
export function assertInForce({ state, validUntil }: Pick<Delegation, 'state' | 'validUntil'>, now: Instant): void {
  const standing = state === 'active' && now >= validUntil ? 'over' : state;
  if (standing !== 'active') throw new DomainError('DELEGATION_NOT_IN_FORCE', undefined, { standing, validUntil });
}
