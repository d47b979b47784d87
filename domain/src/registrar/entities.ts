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
import { z } from 'zod';

/** The resident identity number of the People's Republic of China (GB 11643-1999), the one system whose numbers have a rule here. */
const NATIONAL_ID = 'national-id';

/** A number by which somebody knows a patient already, and who gave it: `national-id`, `mrn`, `insurance`, or a name of the hospital's own. */
export const identifierSchema = z.strictObject({ system: nameSchema, value: z.string().min(1).max(128) });
export type Identifier = z.output<typeof identifierSchema>;

/** How far a full-width character stands from its ASCII one. */
const FULL_WIDTH = 0xfee0;
// eslint-disable-next-line no-control-regex -- exactly these are meant
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/;
/** Weights and check characters of ISO 7064 MOD 11-2, in the order of GB 11643. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/**
 * The one spelling of an identifier: without white space at either end, full-width characters (U+FF01 to U+FF5E) as the ASCII ones, and the
 * check character of a national ID in capitals. Everything that is kept or looked up is spelled so. The chaincode checks it, so it goes by
 * fixed code points: what Unicode calls a space or the same character may differ between two peers' Node.
 *
 * @throws {@link DomainError} `IDENTIFIER_INVALID` — empty or with control characters; a national ID of another form, with a date that is
 * none, or whose check character does not fit. No detail repeats the value.
 */
export function spellIdentifier({ system, value }: Identifier): Identifier {
  const ascii = value
    .replaceAll(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - FULL_WIDTH))
    .replaceAll('\u3000', ' ');
  const spelled = ascii.replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  if (spelled === '' || CONTROLS.test(spelled)) throw invalid('text');
  return { system, value: system === NATIONAL_ID ? spellNationalId(spelled) : spelled };
}

function spellNationalId(value: string): string {
  const spelled = value.replace('x', 'X');
  if (!/^[1-9]\d{16}[\dX]$/.test(spelled)) throw invalid('form');
  if (!isDate(spelled.slice(6, 14))) throw invalid('date');
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(spelled[place]), 0);
  if (CHECK_CHARACTERS[sum % CHECK_CHARACTERS.length] !== spelled[17]) throw invalid('check-digit');
  return spelled;
}

/** @param digits - YYYYMMDD */
function isDate(digits: string): boolean {
  const date = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  return z.iso.date().safeParse(date).success;
}

function invalid(obstacle: 'text' | 'form' | 'date' | 'check-digit'): DomainError {
  return new DomainError('IDENTIFIER_INVALID', undefined, { obstacle });
}

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
