import { z } from 'zod';
import { type ErrorCode } from '../errors/table';
import { originSchema } from '../actor';
import { hashOfKey } from '../crypto/sha256';
import { verifySignature } from '../crypto/verify-signature';
import { DomainError } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { publicKeySchema, type Sha256, sha256Schema, signatureSchema, tokenNonceSchema } from '../encoding/values';
import { cardIdSchema, type DelegationId, delegationIdSchema, type MspId, mspIdSchema, nameSchema, pseudonymSchema } from '../ids';
import { addMilliseconds, type Instant, instantSchema } from '../instant';
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
  /** Hash of the key that signs the card's tokens; absent on a card that was activated without one, which shows none. */
  tokenKeyHash: sha256Schema.exactOptional(),
  /** The code on paper: hash of the key in it, and when it ends, exclusive. A new one takes the place of the one before. */
  paperCode: z.strictObject({ keyHash: sha256Schema, notAfter: instantSchema }).exactOptional(),
  /** Who acted for the patient when the key of the tokens, or of the code on paper, was named: it is good as long as they act. */
  tokenKeyBy: delegationIdSchema.exactOptional(),
  paperCodeBy: delegationIdSchema.exactOptional(),
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

export type CardCommand = 'activate' | 'setPaperCode' | 'suspend' | 'reportLost' | 'replace' | 'close';

/**
 * A closed or replaced card stays so, and a lost card found again is not used again: its holder is issued a new one. A requested card is in
 * nobody's hands yet, so there is nothing to replace.
 */
export const cardTable: StateTable<CardState, CardCommand> = {
  requested: { activate: 'active', close: 'closed' },
  active: { setPaperCode: 'active', suspend: 'suspended', reportLost: 'lost', replace: 'replaced', close: 'closed' },
  suspended: { activate: 'active', reportLost: 'lost', replace: 'replaced', close: 'closed' },
  lost: { replace: 'replaced', close: 'closed' },
  replaced: {},
  closed: {},
};

/**
 * @param tokenKeyHash - of the key that signs the card's tokens from now on; left out, the key before stays
 * @param by - who activates it for the patient
 * @throws {@link DomainError} `ILLEGAL_STATE` — the card is active, lost, replaced or closed.
 */
export function activateCard(card: Card, now: Instant, tokenKeyHash?: Sha256, by?: DelegationId): Card {
  const active: Card = { ...card, state: nextState(cardTable, card.state, 'activate'), changedAt: now };
  delete active.suspensionReason;
  if (tokenKeyHash === undefined) return active;
  delete active.tokenKeyBy;
  return { ...active, tokenKeyHash, ...(by === undefined ? {} : { tokenKeyBy: by }) };
}

/** How long a code on paper may be good at most, in milliseconds: two years, one of them a leap year. */
export const PAPER_CODE_MS = 731 * 86_400_000;

/**
 * Makes a code on paper the card's, in the place of the one before; without one, the card has none any more.
 * @param by - who makes it for the patient
 * @throws {@link DomainError} `ILLEGAL_STATE` — the card is not active · `INVALID_REQUEST` — it has ended, or ends too late, or its key is the
 * wallet's
 */
export function setPaperCode(card: Card, paperCode: Card['paperCode'], now: Instant, by?: DelegationId): Card {
  const state = nextState(cardTable, card.state, 'setPaperCode');
  if (paperCode !== undefined) {
    const { notAfter, keyHash } = paperCode;
    if (notAfter <= now || notAfter > addMilliseconds(now, PAPER_CODE_MS)) throw unfitting('notAfter', 'not within two years from now');
    if (keyHash === card.tokenKeyHash) throw unfitting('keyHash', 'the key of the wallet’s own codes');
  }
  const bare = { ...withoutPaperCode(card), state, changedAt: now };
  if (paperCode === undefined) return bare;
  return { ...bare, paperCode, ...(by === undefined ? {} : { paperCodeBy: by }) };
}

function withoutPaperCode(card: Card): Card {
  const without = { ...card };
  delete without.paperCode;
  delete without.paperCodeBy;
  return without;
}

function unfitting(field: string, problem: string): DomainError {
  return new DomainError('INVALID_REQUEST', undefined, { path: `input.paperCode.${field}`, problem });
}

/** The code on paper ends with it: a card is often suspended because something was lost. @throws {@link DomainError} `ILLEGAL_STATE` — not active. */
export function suspendCard(card: Card, reason: SuspensionReason, now: Instant): Card {
  return { ...withoutPaperCode(card), state: nextState(cardTable, card.state, 'suspend'), suspensionReason: reason, changedAt: now };
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

/** What a wallet signs when its holder shows a card: this card, on this channel, at one member's desk, for this minute, once. */
export const cardTokenStatementSchema = z.strictObject({
  t: z.literal('lianyi/card-token/v2'),
  channel: nameSchema,
  /** The header hash of block 0. */
  genesis: sha256Schema,
  /** At whose desk it is shown: others see it before it is ordered, and could use it up there first. */
  msp: mspIdSchema,
  cardId: cardIdSchema,
  nonce: tokenNonceSchema,
  issuedAt: instantSchema,
  notAfter: instantSchema,
});
/** What the code on a card's screen holds, as canonical JSON. The ledger's entry of the card has the hash of the public key. */
export const cardTokenSchema = z.strictObject({
  statement: cardTokenStatementSchema,
  publicKey: publicKeySchema,
  signature: signatureSchema,
});
export type CardTokenStatement = z.output<typeof cardTokenStatementSchema>;
export type CardToken = z.output<typeof cardTokenSchema>;

/** The fields of a token that must be those of what it is shown for. */
export const CARD_TOKEN_BOUND = ['channel', 'genesis', 'cardId', 'msp'] as const;
/** How long a card token may be valid at most, in milliseconds: as long as it takes to hold a screen before a scanner. */
export const CARD_TOKEN_MS = 60_000;
/**
 * How far a token's `issuedAt` may lie ahead of the ledger's time, in milliseconds. A telephone keeps its clock by its network and differs
 * by less; what is added here is added to the minute in which somebody who has photographed a code could use it.
 */
const CARD_TOKEN_SKEW_MS = 30_000;

/** What a holder has shown at a desk. */
export const cardShownSchema = z.enum(['wallet', 'paper']);
export type CardShown = z.output<typeof cardShownSchema>;

/** Where a token is shown: the channel, its first block, the ledger's time, and whose desk it is. */
type TokenPlace = { readonly channel: string; readonly genesis: Sha256; readonly now: Instant; readonly msp: MspId };

/**
 * Recognises a card by a token that its holder shows: signed by the card's own key, for this card on this channel and this member, in this
 * minute, and the card is active. That a token is shown once, its nonce decides: see {@link useCardToken}.
 *
 * What the ledger says of the card is told only to who shows a token of it, so its state comes last.
 * @returns what the holder has shown: the wallet, or a code on paper and what opens it
 * @throws {@link DomainError} `CARD_TOKEN_INVALID` — details name the field · `CARD_TOKEN_ELSEWHERE` — details name the member ·
 * `CARD_TOKEN_EXPIRED` · `CARD_TOKEN_NOT_YET_VALID` · `CARD_NOT_ACTIVE` — details name the state
 */
export function checkCardToken(token: CardToken, ledger: TokenPlace, card: Card): CardShown {
  const { statement, publicKey } = token;
  const shown = shownBy(hashOfKey(publicKey), card);
  if (!verifySignature(publicKey, canonicalJson(statement), token.signature)) throw invalidToken('signature');
  const shownFor = { channel: ledger.channel, genesis: ledger.genesis, cardId: card.cardId };
  for (const field of ['channel', 'genesis', 'cardId'] as const) if (statement[field] !== shownFor[field]) throw invalidToken(field);
  assertShownAt(ledger.msp, statement);
  assertInItsMinute(statement, ledger.now);
  if (shown === 'paper') assertPaperCodeHolds(card, ledger.now);
  if (card.state !== 'active') throw new DomainError('CARD_NOT_ACTIVE', undefined, { state: card.state });
  return shown;
}

/** What is refused where a card is shown by its token, besides that there is none. */
export const refusalsOfCardTokens = [
  'CARD_TOKEN_INVALID',
  'CARD_TOKEN_ELSEWHERE',
  'CARD_TOKEN_EXPIRED',
  'CARD_TOKEN_NOT_YET_VALID',
  'CARD_NOT_ACTIVE',
  'CARD_TOKEN_USED',
] as const satisfies readonly ErrorCode[];

/** Whoever endorses the verification of another's desk sees the token too, and is first where it likes: what it is for, only that desk uses up. */
function assertShownAt(verifier: MspId, { msp }: CardTokenStatement): void {
  if (msp !== verifier) throw new DomainError('CARD_TOKEN_ELSEWHERE', undefined, { msp });
}

function shownBy(keyHash: Sha256, { tokenKeyHash, paperCode }: Card): CardShown {
  if (keyHash === tokenKeyHash) return 'wallet';
  if (keyHash === paperCode?.keyHash) return 'paper';
  throw invalidToken('publicKey');
}

/** By whose delegation what was shown is the card's; undefined: by the patient's own command. */
export function shownThrough({ tokenKeyBy, paperCodeBy }: Card, shown: CardShown): DelegationId | undefined {
  return shown === 'wallet' ? tokenKeyBy : paperCodeBy;
}

function assertPaperCodeHolds({ paperCode }: Card, now: Instant): void {
  const notAfter = paperCode?.notAfter;
  if (notAfter !== undefined && now >= notAfter) throw new DomainError('CARD_TOKEN_EXPIRED', undefined, { notAfter });
}

function assertInItsMinute({ issuedAt, notAfter }: CardToken['statement'], now: Instant): void {
  if (notAfter > addMilliseconds(issuedAt, CARD_TOKEN_MS)) throw invalidToken('notAfter');
  if (now >= notAfter) throw new DomainError('CARD_TOKEN_EXPIRED', undefined, { notAfter });
  if (issuedAt > addMilliseconds(now, CARD_TOKEN_SKEW_MS)) throw new DomainError('CARD_TOKEN_NOT_YET_VALID', undefined, { issuedAt });
}

function invalidToken(field: string): DomainError {
  return new DomainError('CARD_TOKEN_INVALID', undefined, { field });
}
