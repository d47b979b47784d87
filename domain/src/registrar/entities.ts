import { z } from 'zod';
import { originSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { saltSchema, sha256Schema } from '../encoding/values';
import { type CardId, type LinkId, linkIdSchema, mspIdSchema, nameSchema, type Pseudonym, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';
import { cardSchema } from './card';

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
  nextKeyHash: sha256Schema,
  /** Absent until the first command. */
  lastCommand: lastCommandSchema.exactOptional(),
  state: z.enum(pseudonymStates),
  /** How many grantees the patient has granted anything; absent: none since this is counted. */
  grantees: z.int().min(1).exactOptional(),
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

export type LastCommand = z.output<typeof lastCommandSchema>;
export type PseudonymEntry = z.output<typeof pseudonymEntrySchema>;
export type IdentifierLink = z.output<typeof identifierLinkSchema>;

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
