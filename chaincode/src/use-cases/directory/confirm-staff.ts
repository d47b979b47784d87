import { confirmStaff, type Input, type Output, referenceTo, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';
import { ownActiveOrganisation } from '../standing';

type Entry = typeof transactions.ConfirmStaff;

/** Makes an entry that staff of the caller's own organisation have made active, as a second person. */
export async function ConfirmStaff(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = await ownActiveOrganisation(scope);
  const present = await scope.ledger.staff.get(mspId, input.actorTag);
  const staff = confirmStaff(present, referenceTo(scope.actor), input, scope.now);
  await scope.ledger.staff.replace(staff);
  recordEvent(scope, { name: 'StaffConfirmed', mspId, actorTag: staff.actorTag });
  return { actorTag: staff.actorTag, state: staff.state };
}
