import { type ActorTag, type AskingActor, type MspId, type Staff } from '@lianyi/domain';
import { type ReadRepositories } from '../../ledger/repositories';

type Belongings = Pick<AskingActor, 'departments' | 'groups'>;

/**
 * All departments and groups of a staff member, for whom a patient may have permitted or forbidden something; none of somebody whom the ledger
 * does not know.
 */
export async function belongingsOf(
  ledger: ReadRepositories,
  { mspId, actorTag }: { readonly mspId: MspId; readonly actorTag: ActorTag },
): Promise<Belongings> {
  return belongingsIn(await ledger.staff.find(mspId, actorTag));
}

/** The same of an entry that has been read. */
export function belongingsIn(staff: Pick<Staff, 'departments' | 'memberships'> | undefined): Belongings {
  return { departments: staff?.departments ?? [], groups: staff?.memberships ?? [] };
}
