import { type Instant } from '../instant';
import { nextState, type StateTable } from '../state-table';
import { type Card, type CardState, type SuspensionReason } from './entities';

export type CardCommand = 'activate' | 'suspend' | 'close';

/** A closed card stays closed: a lost card found again is a new card. */
export const cardTable: StateTable<CardState, CardCommand> = {
  requested: { activate: 'active', close: 'closed' },
  active: { suspend: 'suspended', close: 'closed' },
  suspended: { activate: 'active', close: 'closed' },
  closed: {},
};

/** @throws {@link DomainError} `ILLEGAL_STATE` — the card is active or closed. */
export function activateCard(card: Card, now: Instant): Card {
  const active: Card = { ...card, state: nextState(cardTable, card.state, 'activate'), changedAt: now };
  delete active.suspensionReason;
  return active;
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — the card is not active. */
export function suspendCard(card: Card, reason: SuspensionReason, now: Instant): Card {
  return { ...card, state: nextState(cardTable, card.state, 'suspend'), suspensionReason: reason, changedAt: now };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — the card is closed already. */
export function closeCard(card: Card, now: Instant): Card {
  return { ...card, state: nextState(cardTable, card.state, 'close'), changedAt: now };
}
