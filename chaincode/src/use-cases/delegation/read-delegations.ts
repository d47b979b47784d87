import { type Input, type Output, type transactions } from '@lianyi/domain';
import { type ReadScope } from '../scope';
import { assertConcerns } from '../standing';

type Get = typeof transactions.GetDelegation;
type List = typeof transactions.ListDelegations;

/** What a delegate's wallet asks to learn which of its commands has been committed. */
export function GetDelegation(scope: ReadScope, { pseudonym, delegationId }: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.delegations.get(pseudonym, delegationId);
}

/** Lists who acts or has acted for a patient. */
export async function ListDelegations(scope: ReadScope, input: Input<List>): Promise<Output<List>> {
  await assertConcerns(scope, input.pseudonym);
  return scope.ledger.delegations.list([input.pseudonym], input);
}
