import { type Actor, type ActorReference } from '../actor';
import { referenceTo } from '../catalogue/authorise';
import { DomainError } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { type ActorTag, type Group } from '../ids';
import { type Instant } from '../instant';
import { nextState, type StateTable } from '../state-table';
import { type Membership, MOST_MEMBERSHIPS, type Staff } from './entities';

export type MembershipCommand = 'join' | 'appoint' | 'confirm' | 'leave';

/**
 * What staff say is pending until a second person confirms it, as a hire is; the administrator's word needs none. Who has left may come back. A
 * change of duty is said as a new membership: what widens reading is never one person's word.
 */
export const membershipTable: StateTable<Membership['state'], MembershipCommand> = {
  pending: { join: 'pending', appoint: 'active', confirm: 'active', leave: 'left' },
  active: { join: 'pending', appoint: 'active', leave: 'left' },
  left: { join: 'pending', appoint: 'active' },
};

/** What is said of somebody's membership. */
export type MembershipDraft = Pick<Membership, 'group' | 'duty'>;

/**
 * The staff entry with a membership.
 * @throws {@link DomainError} `ILLEGAL_STATE` — the entry is revoked; `LIMIT_REACHED` — they belong, or have belonged, to {@link MOST_MEMBERSHIPS} others.
 */
export function joinGroup(staff: Staff, { group, duty }: MembershipDraft, by: Actor, now: Instant): Staff {
  if (staff.state === 'revoked') throw new DomainError('ILLEGAL_STATE', undefined, { state: staff.state });
  const all = staff.memberships ?? [];
  const before = all.find((each) => each.group === group);
  if (before === undefined && all.length >= MOST_MEMBERSHIPS)
    throw new DomainError('LIMIT_REACHED', undefined, { entity: 'membership', limit: MOST_MEMBERSHIPS });
  const command = by.kind === 'administrator' ? 'appoint' : 'join';
  const state = nextState(membershipTable, before?.state ?? 'left', command);
  return withMembership(staff, { group, state, ...(duty === undefined ? {} : { duty }), saidBy: referenceTo(by), changedAt: now }, now);
}

/**
 * The staff entry after a second person has confirmed a membership: they say what they know, not what a node shows them.
 * @throws {@link DomainError} `NOT_FOUND`; `ILLEGAL_STATE` — it is not pending; `SECOND_PERSON_NEEDED` — who said it, or the member, would
 * confirm it; `MEMBERSHIP_DIFFERS` — on another duty.
 */
export function confirmMembership(staff: Staff, said: MembershipDraft, by: ActorReference, now: Instant): Staff {
  const present = membershipOf(staff, said.group);
  const state = nextState(membershipTable, present.state, 'confirm');
  if (isFirst(present, staff, by)) throw new DomainError('SECOND_PERSON_NEEDED', undefined, { actorTag: staff.actorTag });
  if (canonicalJson(present.duty ?? null) !== canonicalJson(said.duty ?? null))
    throw new DomainError('MEMBERSHIP_DIFFERS', undefined, { field: 'duty' });
  return withMembership(staff, { ...present, state, confirmedBy: by, changedAt: now }, now);
}

function isFirst({ saidBy }: Membership, { mspId, actorTag }: Pick<Staff, 'mspId' | 'actorTag'>, by: ActorReference): boolean {
  const isThemselves = by.kind === 'staff' && by.mspId === mspId && by.actorTag === actorTag;
  return isThemselves || canonicalJson(saidBy) === canonicalJson(by);
}

/** The staff entry after a membership has ended. @throws {@link DomainError} `NOT_FOUND`; `ILLEGAL_STATE` — it had. */
export function leaveGroup(staff: Staff, group: Group, now: Instant): Staff {
  const present = membershipOf(staff, group);
  return withMembership(staff, { ...present, state: nextState(membershipTable, present.state, 'leave'), changedAt: now }, now);
}

function membershipOf({ memberships = [], actorTag }: Pick<Staff, 'memberships' | 'actorTag'>, group: Group): Membership {
  const found = memberships.find((each) => each.group === group);
  if (found === undefined) throw new DomainError('NOT_FOUND', 'no membership of this group', { actorTag, group });
  return found;
}

function withMembership(staff: Staff, membership: Membership, now: Instant): Staff {
  const others = (staff.memberships ?? []).filter(({ group }) => group !== membership.group);
  const memberships = [...others, membership].sort((one, other) => (one.group < other.group ? -1 : 1));
  return { ...staff, memberships, changedAt: now };
}

/** What is answered of a membership. */
export function stateOfMembership(staff: Staff, group: Group): { actorTag: ActorTag; group: Group; state: Membership['state'] } {
  return { actorTag: staff.actorTag, group, state: membershipOf(staff, group).state };
}
