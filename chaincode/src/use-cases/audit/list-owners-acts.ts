import { type Input, type Output, type transactions } from '@lianyi/domain';
import { mspOf, type ReadScope } from '../scope';
import { asPatientSide } from '../standing';

type Entry = typeof transactions.ListOwnersActs;

/** Lists what the hospital whose node carries the question did about the patient among its own peers; who did not, has nothing. */
export async function ListOwnersActs(scope: ReadScope, { pseudonym, ...page }: Input<Entry>): Promise<Output<Entry>> {
  asPatientSide(scope.actor, pseudonym);
  const { items, ...rest } = await scope.ledger.own({ mspId: mspOf(scope.actor) }).ownLines.list([pseudonym], page);
  return { items: items.map(({ blind: _blind, ...line }) => line), ...rest };
}
