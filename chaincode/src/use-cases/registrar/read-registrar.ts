import { type Input, type Output, type transactions } from '@lianyi/domain';
import { type ReadScope } from '../scope';

type GetCard = typeof transactions.GetCard;
type GetPseudonym = typeof transactions.GetPseudonym;

export function GetCard(scope: ReadScope, input: Input<GetCard>): Promise<Output<GetCard>> {
  return scope.ledger.cards.get(input.cardId);
}

/** What a wallet asks to learn which of its commands has been committed: has the key been used up, and by which statement? */
export function GetPseudonym(scope: ReadScope, input: Input<GetPseudonym>): Promise<Output<GetPseudonym>> {
  return scope.ledger.pseudonyms.get(input.pseudonym);
}
