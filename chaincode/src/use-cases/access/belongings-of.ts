import { type ActorTag, type AskingActor, type MspId } from '@lianyi/domain';
import { type ReadRepositories } from '../../ledger/repositories';

/**
 * All departments and groups of a staff member, for whom a patient may have permitted or forbidden something; none of somebody whom the ledger
 * does not know.
 */
export async function belongingsOf(
  ledger: ReadRepositories,
  { mspId, actorTag }: { readonly mspId: MspId; readonly actorTag: ActorTag },
): Promise<Pick<AskingActor, 'departments' | 'groups'>> {
  const staff = await ledger.staff.find(mspId, actorTag);
  return { departments: staff?.departments ?? [], groups: staff?.memberships ?? [] };
}
