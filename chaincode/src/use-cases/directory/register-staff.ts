import { assertMayGrantRoles, assertRolesAssertable, type Input, type Output, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { isReplay, ownActiveOrganisation } from '../standing';

type Entry = typeof transactions.RegisterStaff;

/** Registers a staff member of the caller's own organisation with the roles that its kind may assert. */
export async function RegisterStaff(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { kinds, mspId } = await ownActiveOrganisation(scope);
  assertMayGrantRoles(scope.actor, input.roles);
  assertRolesAssertable(kinds, input.roles);
  const answer = { actorTag: input.actorTag, state: 'active' } as const;
  if (isReplay(scope, await scope.ledger.staff.find(mspId, input.actorTag))) {
    return answer;
  }
  await scope.ledger.staff.insert({
    schemaVersion: 1,
    mspId,
    ...input,
    state: 'active',
    registeredAt: scope.now,
    changedAt: scope.now,
    origin: originOf(scope),
  });
  recordEvent(scope, { name: 'StaffRegistered', mspId, actorTag: input.actorTag });
  return answer;
}
