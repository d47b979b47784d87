import {
  assertActsNow,
  type Card,
  type CardShown,
  checkCardToken,
  type Input,
  NETWORK_PARAMETER,
  shownThrough,
  type transactions,
  useCardToken,
} from '@lianyi/domain';
import { originOf, type WriteScope } from '../scope';
import { asStaff } from '../standing';

type Entry = typeof transactions.VerifyCardToken;

/**
 * The card that a token shows at the caller's desk; uses the token up.
 *
 * Card and nonce stand in the read set: a suspension that commits first makes this transaction fail (MVCC), and of two desks that are
 * shown the same token at once, one.
 */
export async function recogniseCard(scope: WriteScope, token: Input<Entry>['token']): Promise<Card & { readonly shown: CardShown }> {
  const { ledger, channel, now } = scope;
  const { cardId, nonce } = token.statement;
  const [card, use, { genesis }] = await Promise.all([
    ledger.cards.get(cardId),
    ledger.cardTokenUses.find(cardId, nonce),
    ledger.parameters.get(NETWORK_PARAMETER),
  ]);
  const shown = checkCardToken(token, { channel, genesis, now, msp: asStaff(scope.actor).mspId }, card);
  await assertStillTheirs(scope, card, shown);
  await ledger.cardTokenUses.insert(useCardToken(use, token.statement, { usedAt: now, origin: originOf(scope) }));
  return { ...card, shown };
}

/**
 * What a delegate has named as a card's is good as long as they act for the patient.
 * @throws DomainError `DELEGATION_NOT_IN_FORCE`; `PSEUDONYM_TAKEN_OVER` — a parent’s, and the patient has a wallet by now; `PATIENT_DECEASED`
 */
async function assertStillTheirs({ ledger, now }: WriteScope, card: Card, shown: CardShown): Promise<void> {
  const delegationId = shownThrough(card, shown);
  if (delegationId === undefined) return;
  const [delegation, entry, incapacity] = await Promise.all([
    ledger.delegations.get(card.pseudonym, delegationId),
    ledger.pseudonyms.get(card.pseudonym),
    ledger.incapacities.find(card.pseudonym),
  ]);
  assertActsNow(delegation, entry, now, incapacity);
}
