import { z } from 'zod';
import { originSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { DomainError } from '../domain-error';
import { saltSchema, setOf, sha256Schema, type TokenNonce, tokenNonceSchema } from '../encoding/values';
import {
  type CardId,
  cardIdSchema,
  type LinkId,
  linkIdSchema,
  mspIdSchema,
  nameSchema,
  type Pseudonym,
  pseudonymSchema,
  recoveryCaseIdSchema,
} from '../ids';
import { instantSchema } from '../instant';
import { cardSchema, type CardTokenStatement } from './card';

/** One of each guardian, seven at most, and of three registrars. */
const MOST_OPEN_RECOVERIES = 10;
const pseudonymStates = ['active', 'closed'] as const;

/** Which of the patient's commands used up the last one-time key, and the ledger's time of its transaction. */
export const lastCommandSchema = z.strictObject({
  /** SHA-256 of the signed text, see {@link statementHashOf}: which of several commands signed with that key it was. */
  statementHash: sha256Schema,
  at: instantSchema,
});
/** One patient at one hospital, and the hash of the key of the next command. */
export const pseudonymEntrySchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  mspId: mspIdSchema,
  suite: z.literal('P256-SHA256'),
  /** Nobody has a wallet of it: others act, until whoever has the hand-over code takes it over. */
  kind: z.literal('assisted').exactOptional(),
  nextKeyHash: sha256Schema,
  /** Absent until the first command. */
  lastCommand: lastCommandSchema.exactOptional(),
  /** When it last got a new key by a recovery; absent: never since this is kept. */
  recoveredAt: instantSchema.exactOptional(),
  /** The recoveries by which it may get a new key, in the order in which they were opened; among them may be some that have expired. */
  recoveries: setOf(recoveryCaseIdSchema, 1, MOST_OPEN_RECOVERIES).exactOptional(),
  /** A death is recorded, and no two others have taken it back: nobody commands in the patient's name. */
  isDeceased: z.literal(true).exactOptional(),
  state: z.enum(pseudonymStates),
  /** How many grantees the patient has granted anything; absent: none since this is counted. */
  grantees: z.int().min(1).exactOptional(),
  /** How many of them were granted something first by whoever acts for the patient; absent: none since this is counted. */
  granteesByOthers: z.int().min(1).exactOptional(),
  registeredAt: instantSchema,
  origin: originSchema,
});
/** Which identifier belongs to a pseudonym, in the hospital's private data: the only place that knows a number. */
export const identifierLinkSchema = z.strictObject({
  schemaVersion: z.literal(1),
  linkId: linkIdSchema,
  pseudonym: pseudonymSchema,
  system: nameSchema,
  value: z.string().min(1).max(128),
  salt: saltSchema,
});

/** That a token of a card was shown; nobody accepts it a second time. */
export const cardTokenUseSchema = z.strictObject({
  schemaVersion: z.literal(1),
  cardId: cardIdSchema,
  nonce: tokenNonceSchema,
  usedAt: instantSchema,
  origin: originSchema,
});

export type LastCommand = z.output<typeof lastCommandSchema>;
export type PseudonymEntry = z.output<typeof pseudonymEntrySchema>;
export type CardTokenUse = z.output<typeof cardTokenUseSchema>;
export type IdentifierLink = z.output<typeof identifierLinkSchema>;

/**
 * Uses up the nonce of a token, whoever asks and with whichever request: a desk that lost the answer asks for a new token.
 *
 * @param use - what the ledger has of the nonce; undefined when it was not shown before
 * @throws {@link DomainError} `CARD_TOKEN_USED` — details say when
 */
export function useCardToken(
  use: CardTokenUse | undefined,
  { cardId, nonce }: CardTokenStatement,
  shown: Pick<CardTokenUse, 'usedAt' | 'origin'>,
): CardTokenUse {
  if (use !== undefined) throw new DomainError('CARD_TOKEN_USED', undefined, { usedAt: use.usedAt });
  return { schemaVersion: 1, cardId, nonce, ...shown };
}

/**
 * The pseudonym as its patient's own, with whose wallet the command announces the next key.
 * @throws {@link DomainError} `ILLEGAL_STATE` — it is the patient's already
 */
export function takeOver(entry: PseudonymEntry): PseudonymEntry {
  const { kind, ...own } = entry;
  if (kind === undefined) throw new DomainError('ILLEGAL_STATE', 'the patient has it', { state: 'own', command: 'takeOver' });
  return own;
}

/** What the area keeps, under the names of its repositories. */
export const registrarEntities = {
  cards: defineEntity({
    objectType: 'card',
    summary: 'An e-card and its state.',
    schema: cardSchema,
    key: [idPart<CardId>('cardId')],
    keyOf: ({ cardId }) => [cardId],
    endorsement: 'channel',
  }),
  cardTokenUses: defineEntity({
    objectType: 'cardTokenUse',
    summary: 'That a token of a card was shown, by its nonce; it is accepted once in the consortium.',
    schema: cardTokenUseSchema,
    key: [idPart<CardId>('cardId'), idPart<TokenNonce>('nonce')],
    keyOf: ({ cardId, nonce }) => [cardId, nonce],
    endorsement: 'channel',
  }),
  pseudonyms: defineEntity({
    objectType: 'pseudonym',
    summary: 'One patient towards one hospital: the hash of the next one-time key.',
    schema: pseudonymEntrySchema,
    key: [idPart<Pseudonym>('pseudonym')],
    keyOf: ({ pseudonym }) => [pseudonym],
    endorsement: 'channel',
  }),
  identifierLinks: defineEntity({
    objectType: 'identifierLink',
    summary: 'Which identifier belongs to which pseudonym. Purged by UnlinkIdentifier.',
    schema: identifierLinkSchema,
    key: [idPart<LinkId>('linkId')],
    keyOf: ({ linkId }) => [linkId],
    endorsement: 'owner',
  }),
};
