import { type Input, type Output, type transactions, updateStaffDuty } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';
import { ownActiveOrganisation } from '../standing';

type Entry = typeof transactions.UpdateStaffDuty;

/** Replaces the duty windows of a staff member of the caller's own organisation. */
export async function UpdateStaffDuty(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = await ownActiveOrganisation(scope);
  const staff = updateStaffDuty(await scope.ledger.staff.get(mspId, input.actorTag), input.dutyWindows, scope.now);
  await scope.ledger.staff.replace(staff);
  recordEvent(scope, { name: 'StaffDutyUpdated', mspId, actorTag: staff.actorTag });
  return { actorTag: staff.actorTag, state: staff.state };
}
