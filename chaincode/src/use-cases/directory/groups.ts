import { type GroupEntry, type Input, type Output, referenceTo, type Staff, type transactions } from '@lianyi/domain';
import { confirmMembership, joinGroup, leaveGroup, stateOfMembership } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { mspOf, originOf, type ReadScope, type WriteScope } from '../scope';
import { madeBefore, ownActiveOrganisation } from '../standing';

type Found = typeof transactions.FoundGroup;
type Join = typeof transactions.JoinGroup;
type Confirm = typeof transactions.ConfirmMembership;
type Leave = typeof transactions.LeaveGroup;
type List = typeof transactions.ListGroups;

/** Names a group of the caller's own organisation, so that patients and relationships can name it. */
export async function FoundGroup(scope: WriteScope, input: Input<Found>): Promise<Output<Found>> {
  const { mspId } = await ownActiveOrganisation(scope);
  const { groups } = scope.ledger;
  const repeated = madeBefore(scope, await groups.find(mspId, input.group));
  if (repeated !== undefined) {
    return { group: repeated.group, kind: repeated.kind };
  }
  const founded: GroupEntry = { schemaVersion: 1, mspId, ...input, foundedAt: scope.now, origin: originOf(scope) };
  await groups.insert(founded);
  recordEvent(scope, { name: 'GroupFounded', mspId, group: founded.group });
  return { group: founded.group, kind: founded.kind };
}

/** Says that somebody of the caller's own organisation belongs to one of its groups. */
export async function JoinGroup(scope: WriteScope, input: Input<Join>): Promise<Output<Join>> {
  const { mspId } = await ownActiveOrganisation(scope);
  const [present] = await Promise.all([scope.ledger.staff.get(mspId, input.actorTag), scope.ledger.groups.get(mspId, input.group)]);
  return commit(scope, joinGroup(present, input, scope.actor, scope.now), input.group, 'GroupJoined');
}

/** Confirms a membership as a second person. */
export async function ConfirmMembership(scope: WriteScope, input: Input<Confirm>): Promise<Output<Confirm>> {
  const { mspId } = await ownActiveOrganisation(scope);
  const present = await scope.ledger.staff.get(mspId, input.actorTag);
  return commit(scope, confirmMembership(present, input, referenceTo(scope.actor), scope.now), input.group, 'MembershipConfirmed');
}

/** Ends a membership; it also works for the administrator of a suspended organisation, as revoking does. */
export async function LeaveGroup(scope: WriteScope, input: Input<Leave>): Promise<Output<Leave>> {
  const present = await scope.ledger.staff.get(mspOf(scope.actor), input.actorTag);
  return commit(scope, leaveGroup(present, input.group, scope.now), input.group, 'MembershipEnded');
}

export function ListGroups(scope: ReadScope, input: Input<List>): Promise<Output<List>> {
  return scope.ledger.groups.list([input.mspId], input);
}

async function commit(
  scope: WriteScope,
  staff: Staff,
  group: Input<Leave>['group'],
  name: 'GroupJoined' | 'MembershipConfirmed' | 'MembershipEnded',
): Promise<Output<Leave>> {
  await scope.ledger.staff.replace(staff);
  recordEvent(scope, { name, mspId: staff.mspId, actorTag: staff.actorTag, group });
  return stateOfMembership(staff, group);
}
