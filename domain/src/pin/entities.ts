import { z } from 'zod';
import { originSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { groupElementSchema, sealedSeedSchema, sealedShareSchema, setOf, sha256Schema } from '../encoding/values';
import { mspIdSchema, type PinId, pinIdSchema, type Pseudonym, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';

/** How many hospitals hold the key of one PIN at most. */
const MOST_HOLDERS = 16;

export const pinStates = ['open', 'tried', 'exhausted', 'removed'] as const;

/** What a wallet is kept in: it opens with the PIN, the recovery code and as many hospitals as the threshold, and with nothing less. */
export const pinVaultSchema = z.strictObject({
  /** Hash of the key that PIN, code and hospitals make together: who signs with it has guessed right. */
  openKeyHash: sha256Schema,
  /** Who holds a share of this PIN's own function key; a holder's place, from 1 on, is that in this list. */
  holders: setOf(mspIdSchema, 2, MOST_HOLDERS),
  /** So many holders answer a guess; more than half of them. */
  threshold: z.int().min(2).max(MOST_HOLDERS),
  /** The coefficients of the polynomial as elements; as many as the threshold. */
  commitments: z.array(groupElementSchema).min(2).max(MOST_HOLDERS),
  /** For each holder, in their order, sealed to its organisation. */
  shares: z
    .array(z.strictObject({ mspId: mspIdSchema, organisationKeyEpoch: z.int().min(1), sealed: sealedShareSchema }))
    .min(2)
    .max(MOST_HOLDERS),
  /** The wallet's seed; of one size. */
  sealed: sealedSeedSchema,
});

const guessSchema = z.strictObject({ blinded: groupElementSchema, at: instantSchema });

/** A PIN by which a wallet comes back, and how often it was tried (ADR 0045). */
export const pinSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pinId: pinIdSchema,
  pseudonym: pseudonymSchema,
  /** Hash of the key that follows from the recovery code: who signs with it may guess. */
  finderKeyHash: sha256Schema,
  /** Gone once the PIN was removed. */
  vault: pinVaultSchema.exactOptional(),
  state: z.enum(pinStates),
  /** Guesses in all, right and wrong; never reset, so that no statement about one is good for another. */
  attempts: z.int().min(0),
  /** The guess that was last proved right; 0 before. */
  confirmed: z.int().min(0),
  /** The last one. */
  guess: guessSchema.exactOptional(),
  storedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});
/** Which PIN a pseudonym has. */
const pinOfSchema = z.strictObject({ schemaVersion: z.literal(1), pseudonym: pseudonymSchema, pinId: pinIdSchema });

export type Pin = z.output<typeof pinSchema>;
export type PinVault = z.output<typeof pinVaultSchema>;
export type PinState = Pin['state'];

/** What the area keeps, under the names of its repositories. */
export const pinEntities = {
  pins: defineEntity({
    objectType: 'pin',
    summary: 'A PIN by which a lost wallet comes back: sealed shares, the sealed wallet, and how often it was tried.',
    schema: pinSchema,
    key: [idPart<PinId>('pinId')],
    keyOf: ({ pinId }) => [pinId],
    endorsement: 'channel',
  }),
  pinsOf: defineEntity({
    objectType: 'pinOf',
    summary: 'Which PIN a pseudonym has.',
    schema: pinOfSchema,
    key: [idPart<Pseudonym>('pseudonym')],
    keyOf: ({ pseudonym }) => [pseudonym],
    endorsement: 'channel',
  }),
};
