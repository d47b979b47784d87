import { type ActorTag, type Department, type MspId } from '@lianyi/domain';
import { type ReadRepositories } from '../../ledger/repositories';

/** All departments of a staff member, for whom a patient may have forbidden something; none of somebody whom the ledger does not know. */
export async function departmentsOf(
  ledger: ReadRepositories,
  { mspId, actorTag }: { readonly mspId: MspId; readonly actorTag: ActorTag },
): Promise<readonly Department[]> {
  return (await ledger.staff.find(mspId, actorTag))?.departments ?? [];
}
