import { type Input, type Output, type transactions } from '@lianyi/domain';
import { type ReadScope } from '../scope';
import { assertConcerns } from '../standing';

type Get = typeof transactions.GetRecovery;
type List = typeof transactions.ListRecoveries;

/** What guardians, registrars and the new wallet ask to learn how far a case is. */
export function GetRecovery(scope: ReadScope, { pseudonym, caseId }: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.recoveryCases.get(pseudonym, caseId);
}

/** Lists every case of a pseudonym. */
export async function ListRecoveries(scope: ReadScope, input: Input<List>): Promise<Output<List>> {
  await assertConcerns(scope, input.pseudonym);
  return scope.ledger.recoveryCases.list([input.pseudonym], input);
}
