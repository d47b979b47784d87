import {
  activateCard,
  assertOwnId,
  type Card,
  type CardId,
  cardIdOf,
  closeCard,
  type DelegationId,
  DomainError,
  type EventName,
  type Input,
  type Output,
  replaceCard,
  reportCardLost,
  setPaperCode,
  speaksFor,
  suspendCard,
  type transactions,
} from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { madeBefore, ownActivePseudonym } from '../standing';

type Activate = typeof transactions.ActivateCard;
type SetPaper = typeof transactions.SetCardPaperCode;
type Suspend = typeof transactions.SuspendCard;
type ReportLost = typeof transactions.ReportCardLost;
type Replace = typeof transactions.ReplaceCard;
type Close = typeof transactions.CloseCard;

export function ActivateCard(scope: WriteScope, input: Input<Activate>): Promise<Output<Activate>> {
  return change(scope, input.cardId, 'CardActivated', (card) => activateCard(card, scope.now, input.tokenKeyHash, delegationOf(scope)));
}

export function SetCardPaperCode(scope: WriteScope, input: Input<SetPaper>): Promise<Output<SetPaper>> {
  return change(scope, input.cardId, 'CardPaperCodeChanged', (card) => setPaperCode(card, input.paperCode, scope.now, delegationOf(scope)));
}

export function SuspendCard(scope: WriteScope, input: Input<Suspend>): Promise<Output<Suspend>> {
  return change(scope, input.cardId, 'CardSuspended', (card) => suspendCard(card, input.reason, scope.now));
}

export function ReportCardLost(scope: WriteScope, input: Input<ReportLost>): Promise<Output<ReportLost>> {
  return change(scope, input.cardId, 'CardLossReported', (card) => reportCardLost(card, scope.now));
}

/** Issues a card in the place of another, with an id made as any card's is; the patient activates it. */
export async function ReplaceCard(scope: WriteScope, input: Input<Replace>): Promise<Output<Replace>> {
  const { cardId, successorId, nonce, holderCommitment } = input;
  const card = await scope.ledger.cards.get(cardId);
  assertConcerned(scope, card);
  assertOwnId(successorId, cardIdOf({ mspId: card.issuerMspId, pseudonym: card.pseudonym, nonce }));
  const [existing] = await Promise.all([scope.ledger.cards.find(successorId), ownActivePseudonym(scope, card.pseudonym)]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return { cardId: successorId, state: repeated.state, replaces: cardId };
  }
  const { replaced, successor } = replaceCard(card, { cardId: successorId, holderCommitment, origin: originOf(scope) }, scope.now);
  await scope.ledger.cards.replace(replaced);
  await scope.ledger.cards.insert(successor);
  recordEvent(scope, { name: 'CardReplaced', cardId, pseudonym: card.pseudonym, replacedBy: successorId });
  return { cardId: successorId, state: successor.state, replaces: cardId };
}

export function CloseCard(scope: WriteScope, input: Input<Close>): Promise<Output<Close>> {
  return change(scope, input.cardId, 'CardClosed', (card) => closeCard(card, scope.now));
}

type CardEvent = Exclude<Extract<EventName, `${string}Card${string}`>, 'CardReplaced' | 'CardVerified'>;

async function change(scope: WriteScope, cardId: CardId, name: CardEvent, rule: (card: Card) => Card): Promise<Output<Activate>> {
  const card = await scope.ledger.cards.get(cardId);
  assertConcerned(scope, card);
  const changed = rule(card);
  await scope.ledger.cards.replace(changed);
  recordEvent(scope, { name, cardId, pseudonym: card.pseudonym });
  return { cardId, state: changed.state };
}

/** By whose delegation the command is given, if by any. */
function delegationOf({ actor }: WriteScope): DelegationId | undefined {
  return actor.kind === 'delegate' ? actor.delegationId : undefined;
}

/** A card is its holder's and its issuer's matter. @throws {@link DomainError} `NOT_PERMITTED` — the actor is neither. */
function assertConcerned({ actor }: WriteScope, card: Card): void {
  const isHolder = speaksFor(actor, card.pseudonym);
  const isIssuer = actor.kind === 'staff' && actor.mspId === card.issuerMspId;
  if (!isHolder && !isIssuer) {
    throw new DomainError('NOT_PERMITTED', 'neither the holder nor the issuer of this card');
  }
}
