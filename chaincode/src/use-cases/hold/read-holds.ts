import { type Input, type Output, type transactions } from '@lianyi/domain';
import { type ReadScope } from '../scope';
import { assertConcerns } from '../standing';

type Get = typeof transactions.GetHolds;

/** Reads a patient's holds, those that are over and not yet lifted among them. */
export async function GetHolds(scope: ReadScope, input: Input<Get>): Promise<Output<Get>> {
  await assertConcerns(scope, input.pseudonym);
  const { pseudonym } = input;
  return { pseudonym, holds: (await scope.ledger.holdLists.find(pseudonym))?.holds ?? [] };
}
