import { type Input, type Output, type transactions } from '@lianyi/domain';
import { assertMemberOf } from '@lianyi/domain/deciding';
import { type ReadScope } from '../scope';
import { asStaff } from '../standing';
import { belongingsOf } from './belongings-of';
import { permittedPage } from './permitted-page';

type Entry = typeof transactions.ListPermitted;

/** Lists what {@link RequestAccess} would permit the caller of one pseudonym now, by the same rule. */
export async function ListPermitted(scope: ReadScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId, actorTag, roles, departments } = asStaff(scope.actor);
  assertMemberOf({ departments }, input.department);
  const { pseudonym, purpose, department, ...page } = input;
  const actor = { mspId, actorTag, roles, department };
  const asker = { ...actor, ...(await belongingsOf(scope.ledger, actor)) };
  return permittedPage(scope.ledger, { pseudonym, purpose, at: scope.now, actor: asker }, page);
}
