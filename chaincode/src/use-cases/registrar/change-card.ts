import {
  activateCard,
  type Card,
  type CardId,
  closeCard,
  DomainError,
  type EventName,
  type Input,
  type Output,
  reportCardLost,
  suspendCard,
  type transactions,
} from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';

type Activate = typeof transactions.ActivateCard;
type Suspend = typeof transactions.SuspendCard;
type ReportLost = typeof transactions.ReportCardLost;
type Close = typeof transactions.CloseCard;

export function ActivateCard(scope: WriteScope, input: Input<Activate>): Promise<Output<Activate>> {
  return change(scope, input.cardId, 'CardActivated', (card) => activateCard(card, scope.now));
}

export function SuspendCard(scope: WriteScope, input: Input<Suspend>): Promise<Output<Suspend>> {
  return change(scope, input.cardId, 'CardSuspended', (card) => suspendCard(card, input.reason, scope.now));
}

export function ReportCardLost(scope: WriteScope, input: Input<ReportLost>): Promise<Output<ReportLost>> {
  return change(scope, input.cardId, 'CardLossReported', (card) => reportCardLost(card, scope.now));
}

export function CloseCard(scope: WriteScope, input: Input<Close>): Promise<Output<Close>> {
  return change(scope, input.cardId, 'CardClosed', (card) => closeCard(card, scope.now));
}

type CardEvent = Extract<EventName, `${string}Card${string}`>;

async function change(scope: WriteScope, cardId: CardId, name: CardEvent, rule: (card: Card) => Card): Promise<Output<Activate>> {
  const card = await scope.ledger.cards.get(cardId);
  assertConcerned(scope, card);
  const changed = rule(card);
  await scope.ledger.cards.replace(changed);
  recordEvent(scope, { name, cardId, pseudonym: card.pseudonym });
  return { cardId, state: changed.state };
}

/** A card is its holder's and its issuer's matter. @throws {@link DomainError} `NOT_PERMITTED` — the actor is neither. */
function assertConcerned({ actor }: WriteScope, card: Card): void {
  const isHolder = actor.kind === 'patient' && actor.pseudonym === card.pseudonym;
  const isIssuer = actor.kind === 'staff' && actor.mspId === card.issuerMspId;
  if (!isHolder && !isIssuer) {
    throw new DomainError('NOT_PERMITTED', 'neither the holder nor the issuer of this card');
  }
}
