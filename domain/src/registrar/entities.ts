import { z } from 'zod';
import { originSchema } from '../actor';
import { saltSchema, sha256Schema } from '../encoding/values';
import { cardIdSchema, linkIdSchema, mspIdSchema, nameSchema, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';

export const cardStates = ['requested', 'active', 'suspended', 'closed'] as const;
export const pseudonymStates = ['active', 'closed'] as const;
export const suspensionReasonSchema = z.enum(['lost', 'stolen', 'other']);

/** `card` (cardId): a patient's e-card, issued by one hospital. */
export const cardSchema = z.strictObject({
  schemaVersion: z.literal(1),
  cardId: cardIdSchema,
  issuerMspId: mspIdSchema,
  pseudonym: pseudonymSchema,
  holderCommitment: sha256Schema,
  state: z.enum(cardStates),
  suspensionReason: suspensionReasonSchema.exactOptional(),
  issuedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});
/** `pseudonym` (pseudonym): one patient at one hospital, and the hash of the key of the next command. */
export const pseudonymEntrySchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  mspId: mspIdSchema,
  suite: z.literal('P256-SHA256'),
  nextKeyHash: sha256Schema,
  state: z.enum(pseudonymStates),
  registeredAt: instantSchema,
  origin: originSchema,
});
/** Private `identifierLink` (linkId) in the implicit collection of the hospital: the only place that knows a number. */
export const identifierLinkSchema = z.strictObject({
  schemaVersion: z.literal(1),
  linkId: linkIdSchema,
  pseudonym: pseudonymSchema,
  system: nameSchema,
  value: z.string().min(1).max(128),
  salt: saltSchema,
});

export type Card = z.output<typeof cardSchema>;
export type CardState = Card['state'];
export type PseudonymEntry = z.output<typeof pseudonymEntrySchema>;
export type IdentifierLink = z.output<typeof identifierLinkSchema>;
export type SuspensionReason = z.output<typeof suspensionReasonSchema>;
