import { assertNewStaffKey, type Input, type MspId, type Output, type Staff, stateOfNewStaff, type transactions } from '@lianyi/domain';
import { assertMayGrantRoles, assertRolesAssertable } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { madeBefore, ownActiveOrganisation } from '../standing';

type Entry = typeof transactions.RegisterStaff;

/**
 * Registers a staff member of the caller's own organisation with the roles that its kind may assert.
 *
 * The administrator's entry is active at once, staff's when a second person has confirmed it. The same request again answers what the
 * entry is now.
 */
export async function RegisterStaff(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { kinds, mspId } = await ownActiveOrganisation(scope);
  assertMayGrantRoles(scope.actor, input.roles);
  assertRolesAssertable(kinds, input.roles);
  const { staff, staffKeys } = scope.ledger;
  const { actorTag, publicKeyHash } = input;
  const [existing, keyEntry] = await Promise.all([staff.find(mspId, actorTag), staffKeys.find(mspId, publicKeyHash)]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  assertNewStaffKey(keyEntry);
  const state = stateOfNewStaff(scope.actor);
  const hired: Staff = {
    schemaVersion: 1,
    mspId,
    ...input,
    state,
    registeredAt: scope.now,
    changedAt: scope.now,
    origin: originOf(scope),
  };
  await staff.insert(hired);
  await staffKeys.insert({ schemaVersion: 1, mspId, publicKeyHash, actorTag });
  await nameDepartments(scope, mspId, input.departments);
  recordEvent(scope, { name: 'StaffRegistered', mspId, actorTag });
  return answerOf(hired);
}

function answerOf({ actorTag, state }: Staff): Output<Entry> {
  return { actorTag, state };
}

/** Writes the departments that the ledger does not know yet; a known one is only read, so that two hirings do not collide. */
async function nameDepartments({ ledger }: WriteScope, mspId: MspId, departments: Input<Entry>['departments']): Promise<void> {
  const known = await Promise.all(departments.map((department) => ledger.departments.find(mspId, department)));
  for (const [index, department] of departments.entries()) {
    if (known[index] === undefined) {
      await ledger.departments.insert({ schemaVersion: 1, mspId, department });
    }
  }
}
