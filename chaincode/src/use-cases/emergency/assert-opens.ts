import { type Emergency, type Input, type transactions } from '@lianyi/domain';
import { assertEscalates } from '@lianyi/domain/deciding';
import { type ReadScope } from '../scope';

/** @throws DomainError as `assertEscalates` */
export async function assertOpens(
  scope: ReadScope,
  { opening, pseudonym }: Pick<Input<typeof transactions.BreakGlass>, 'opening' | 'pseudonym'>,
  asker: Emergency['asker'],
): Promise<void> {
  const earlier = 'after' in opening ? await scope.ledger.emergencies.find(opening.after) : undefined;
  assertEscalates(opening, earlier, { pseudonym, asker, now: scope.now });
}
