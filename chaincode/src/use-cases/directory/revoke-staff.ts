import { type Input, type Output, revokeStaff, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { mspOf, type WriteScope } from '../scope';

type Entry = typeof transactions.RevokeStaff;

/**
 * Revokes a staff member of the caller's own organisation for good.
 *
 * A kill switch asks for nothing more than it must: it also works for the administrator of a suspended organisation.
 */
export async function RevokeStaff(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const mspId = mspOf(scope.actor);
  const staff = revokeStaff(await scope.ledger.staff.get(mspId, input.actorTag), scope.now);
  await scope.ledger.staff.replace(staff);
  recordEvent(scope, { name: 'StaffRevoked', mspId, actorTag: staff.actorTag });
  return { actorTag: staff.actorTag, state: staff.state };
}
