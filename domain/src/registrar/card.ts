import { z } from 'zod';
import { originSchema } from '../actor';
import { sha256Schema } from '../encoding/values';
import { cardIdSchema, mspIdSchema, pseudonymSchema } from '../ids';
import { type Instant, instantSchema } from '../instant';
import { nextState, type StateTable } from '../state-table';

export const cardStates = ['requested', 'active', 'suspended', 'lost', 'closed'] as const;
export const suspensionReasonSchema = z.enum(['lost', 'stolen', 'other']);

/** A patient's e-card, issued by one hospital. */
export const cardSchema = z.strictObject({
  schemaVersion: z.literal(1),
  cardId: cardIdSchema,
  issuerMspId: mspIdSchema,
  pseudonym: pseudonymSchema,
  /** Salted hash of who holds the card; whoever is given both can prove it. No rule reads it. */
  holderCommitment: sha256Schema,
  state: z.enum(cardStates),
  suspensionReason: suspensionReasonSchema.exactOptional(),
  issuedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});

export type Card = z.output<typeof cardSchema>;
export type CardState = Card['state'];
export type SuspensionReason = z.output<typeof suspensionReasonSchema>;

export type CardCommand = 'activate' | 'suspend' | 'reportLost' | 'close';

/** A closed card stays closed, and a lost card found again is not used again: its holder is issued a new one. */
export const cardTable: StateTable<CardState, CardCommand> = {
  requested: { activate: 'active', close: 'closed' },
  active: { suspend: 'suspended', reportLost: 'lost', close: 'closed' },
  suspended: { activate: 'active', reportLost: 'lost', close: 'closed' },
  lost: { close: 'closed' },
  closed: {},
};

/** @throws {@link DomainError} `ILLEGAL_STATE` — the card is active, lost or closed. */
export function activateCard(card: Card, now: Instant): Card {
  const active: Card = { ...card, state: nextState(cardTable, card.state, 'activate'), changedAt: now };
  delete active.suspensionReason;
  return active;
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — the card is not active. */
export function suspendCard(card: Card, reason: SuspensionReason, now: Instant): Card {
  return { ...card, state: nextState(cardTable, card.state, 'suspend'), suspensionReason: reason, changedAt: now };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — the card is neither active nor suspended. */
export function reportCardLost(card: Card, now: Instant): Card {
  return { ...card, state: nextState(cardTable, card.state, 'reportLost'), changedAt: now };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — the card is closed already. */
export function closeCard(card: Card, now: Instant): Card {
  return { ...card, state: nextState(cardTable, card.state, 'close'), changedAt: now };
}
