import { z } from 'zod';
import { cardIdSchema, commandProofSchema, delegationIdSchema, idNonceSchema, mspIdSchema, pseudonymSchema } from '@lianyi/domain';

/**
 * What is known of a command that was signed.
 *
 * `sent`: not committed so far, it can still be. `refused`: the same, and a member said that it refused it, or that another command had its
 * key, which binds nobody who holds the command. `committed`. `superseded`: its key was used up by another command, so it never will be. `passed`: its key was used up, by
 * which command the ledger no longer tells.
 */
export const commandStates = ['sent', 'refused', 'committed', 'superseded', 'passed'] as const;

const signedSchema = z.strictObject({
  transaction: z.strictObject({ contract: z.string(), name: z.string() }),
  /** The input as canonical JSON: exactly what was signed. */
  input: z.string(),
  proof: commandProofSchema,
});

/** A command that was signed; kept whole, so that it can be sent again, and be recognised when it is committed later. */
const rememberedSchema = z.strictObject({
  ...signedSchema.shape,
  /** The key that signed it. */
  counter: z.int().min(0),
  state: z.enum(commandStates),
  /** Whether the patient was ever told that it would not be committed, whatever has been said since. They count on it. */
  wasToldDead: z.literal(true).exactOptional(),
});

/**
 * Why a pseudonym is one of the past. `ended`: its relationship is over, its grants may go on. `discarded`: the ledger did not know it when
 * it was asked. Either stays with its keys: the word was a member's, and what is thrown away cannot be had again.
 */
export const pastReasons = ['ended', 'discarded'] as const;

const relationshipSchema = z.strictObject({
  pseudonym: pseudonymSchema,
  /** Of somebody else's pseudonym: the delegation by which this wallet acts for it, and whose keys these are. */
  delegationId: delegationIdSchema.exactOptional(),
  /** From which the pseudonym and its keys are derived. */
  nonce: idNonceSchema,
  /** Of a pseudonym that was taken over: the hand-over code, whose key is the first of all; the others follow from seed and nonce. */
  handOverCode: z.string().exactOptional(),
  /** The hospital this pseudonym is for. */
  mspId: mspIdSchema,
  /** The key whose hash the ledger announces as the next one, by the last word of it. */
  counter: z.int().min(0),
  /** Every command signed with a key of late, oldest first. */
  commands: z.array(rememberedSchema),
  /** No key from this one on has signed a command. */
  firstUnused: z.int().min(0),
  /** Absent while it is the pseudonym for its hospital. */
  past: z.enum(pastReasons).exactOptional(),
});

/** A card that was activated with this wallet, by which pseudonym. The key of its tokens follows from the seed. */
const heldCardSchema = z.strictObject({ cardId: cardIdSchema, pseudonym: pseudonymSchema });

export const walletContentSchema = z.strictObject({
  /** 32 random bytes; whoever has them is the patient. */
  seed: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  relationships: z.array(relationshipSchema),
  /** Absent until the first; a program of a release before cards had tokens does not read a wallet that has it. */
  cards: z.array(heldCardSchema).exactOptional(),
});

export type PastReason = (typeof pastReasons)[number];
export type CommandState = (typeof commandStates)[number];
export type RememberedCommand = z.output<typeof rememberedSchema>;
export type WalletRelationship = z.output<typeof relationshipSchema>;
export type HeldCard = z.output<typeof heldCardSchema>;
export type WalletContent = z.output<typeof walletContentSchema>;
