import { type Input, type Output, type transactions } from '@lianyi/domain';
import { type ReadScope } from '../scope';
import { assertConcerns } from '../standing';

type GetPointer = typeof transactions.GetPointer;
type GetPointerVersion = typeof transactions.GetPointerVersion;
type ListPointers = typeof transactions.ListPointers;

/** Commitments and labels of a pointer, for whoever knows its two random ids. */
export function GetPointer(scope: ReadScope, input: Input<GetPointer>): Promise<Output<GetPointer>> {
  return scope.ledger.pointers.get(input.pseudonym, input.pointerId);
}

export function GetPointerVersion(scope: ReadScope, input: Input<GetPointerVersion>): Promise<Output<GetPointerVersion>> {
  return scope.ledger.pointerVersions.get(input.pseudonym, input.pointerId, input.version);
}

/** Lists the pointers of a pseudonym, for the patient or the hospital that keeps them. */
export async function ListPointers(scope: ReadScope, input: Input<ListPointers>): Promise<Output<ListPointers>> {
  await assertConcerns(scope, input.pseudonym);
  return scope.ledger.pointers.list([input.pseudonym], input);
}
