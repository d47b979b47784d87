import { z } from 'zod';
import { originSchema } from '../actor';
import { sha256Schema } from '../encoding/values';
import { cardIdSchema, mspIdSchema, pseudonymSchema } from '../ids';
import { type Instant, instantSchema } from '../instant';
import { nextState, type StateTable } from '../state-table';

export const cardStates = ['requested', 'active', 'suspended', 'lost', 'replaced', 'closed'] as const;
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
  /** The card in whose place it was issued. */
  replaces: cardIdSchema.exactOptional(),
  /** The card issued in its place; with the state `replaced` and no other. */
  replacedBy: cardIdSchema.exactOptional(),
  issuedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});

export type Card = z.output<typeof cardSchema>;
export type CardState = Card['state'];
export type SuspensionReason = z.output<typeof suspensionReasonSchema>;

export type CardCommand = 'activate' | 'suspend' | 'reportLost' | 'replace' | 'close';

/**
 * A closed or replaced card stays so, and a lost card found again is not used again: its holder is issued a new one. A requested card is in
 * nobody's hands yet, so there is nothing to replace.
 */
export const cardTable: StateTable<CardState, CardCommand> = {
  requested: { activate: 'active', close: 'closed' },
  active: { suspend: 'suspended', reportLost: 'lost', replace: 'replaced', close: 'closed' },
  suspended: { activate: 'active', reportLost: 'lost', replace: 'replaced', close: 'closed' },
  lost: { replace: 'replaced', close: 'closed' },
  replaced: {},
  closed: {},
};

/** @throws {@link DomainError} `ILLEGAL_STATE` — the card is active, lost, replaced or closed. */
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

/**
 * Puts a new card, which its holder has yet to activate, in the place of another of the same issuer and pseudonym. The old one keeps the
 * reason of a suspension.
 *
 * @throws {@link DomainError} `ILLEGAL_STATE` — the old card is requested, replaced or closed.
 */
export function replaceCard(
  card: Card,
  issued: Pick<Card, 'cardId' | 'holderCommitment' | 'origin'>,
  now: Instant,
): { readonly replaced: Card; readonly successor: Card } {
  const { schemaVersion, issuerMspId, pseudonym } = card;
  const state = nextState(cardTable, card.state, 'replace');
  return {
    replaced: { ...card, state, replacedBy: issued.cardId, changedAt: now },
    successor: {
      ...{ schemaVersion, issuerMspId, pseudonym },
      ...issued,
      ...{ state: 'requested', replaces: card.cardId, issuedAt: now, changedAt: now },
    },
  };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — the card is replaced or closed already. */
export function closeCard(card: Card, now: Instant): Card {
  return { ...card, state: nextState(cardTable, card.state, 'close'), changedAt: now };
}
