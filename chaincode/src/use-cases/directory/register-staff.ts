import { assertMayGrantRoles, assertRolesAssertable, type Input, type Output, type Staff, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { madeBefore, ownActiveOrganisation } from '../standing';

type Entry = typeof transactions.RegisterStaff;

/** Registers a staff member of the caller's own organisation with the roles that its kind may assert. */
export async function RegisterStaff(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { kinds, mspId } = await ownActiveOrganisation(scope);
  assertMayGrantRoles(scope.actor, input.roles);
  assertRolesAssertable(kinds, input.roles);
  const repeated = madeBefore(scope, await scope.ledger.staff.find(mspId, input.actorTag));
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  const staff: Staff = {
    schemaVersion: 1,
    mspId,
    ...input,
    state: 'active',
    registeredAt: scope.now,
    changedAt: scope.now,
    origin: originOf(scope),
  };
  await scope.ledger.staff.insert(staff);
  recordEvent(scope, { name: 'StaffRegistered', mspId, actorTag: input.actorTag });
  return answerOf(staff);
}

function answerOf({ actorTag, state }: Staff): Output<Entry> {
  return { actorTag, state };
}
