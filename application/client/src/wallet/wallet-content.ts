import { z } from 'zod';
import {
  cardIdSchema,
  commandProofSchema,
  delegationIdSchema,
  DomainError,
  idNonceSchema,
  instantSchema,
  mspIdSchema,
  type Pseudonym,
  pseudonymSchema,
  recoveryCaseIdSchema,
  relationshipStateSchema,
  sha256Schema,
} from '@lianyi/domain';

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

/** The summary slot of a relationship, as far as the ledger has it. */
const heldSlotSchema = z.strictObject({
  /** Which of the wallet's slots it is; its keys and its id follow from the seed, the channel and this. */
  index: z.int().min(0),
  /** How often it was written. */
  version: z.int().min(0),
  /** Hash of what was written, but for time and key position; absent before the first write. */
  holds: sha256Schema.exactOptional(),
  /** The key position that was written. */
  counter: z.int().min(0).exactOptional(),
});

/** The name of a note: 24 hexadecimal digits of a hash of all that it says, the same in every wallet of its owner. */
export const noteIdSchema = z.string().regex(/^[0-9a-f]{24}$/);

/** Where reading one member's list has stopped because there was more than is read at once: of what it tells, what is older than `until` and younger than `from` was told. */
const restToReadSchema = z.strictObject({
  /** Whose list it is; what another one tells moves nothing here. */
  member: z.string().max(512),
  until: instantSchema,
  from: instantSchema,
  /** Where the list goes on; null: it has no more. */
  after: z.string().max(512).nullable(),
});

/** How far the notes of a pseudonym were read. */
const readNotesSchema = z.strictObject({
  /** Whatever is older, this moment excluded, was read; absent: nothing is settled by its age. */
  until: instantSchema.exactOptional(),
  /** What was read of the notes from then on. */
  read: z.array(z.strictObject({ id: noteIdSchema, at: instantSchema })),
  /** Of each member whose list was longer; absent where each was read from `until` on. A program of an earlier release does not read a wallet that has it. */
  rest: z.array(restToReadSchema).exactOptional(),
  /** When what members first tell differently happened, while lists are read in parts: `until` does not go beyond it before they agree. */
  contestedFrom: instantSchema.exactOptional(),
});

const relationshipSchema = z.strictObject({
  pseudonym: pseudonymSchema,
  /** Of somebody else's pseudonym: the delegation by which this wallet acts for it, and whose keys these are. */
  delegationId: delegationIdSchema.exactOptional(),
  /** From which the pseudonym and its keys are derived. */
  nonce: idNonceSchema,
  /** Of a pseudonym that was taken over: the hand-over code, whose key is the first of all; the others follow from seed and nonce. */
  handOverCode: z.string().exactOptional(),
  /** Of a pseudonym that this wallet gets, or has got, by a recovery: the case. Its keys follow from seed and nonce, the pseudonym does not. */
  recoveryCase: recoveryCaseIdSchema.exactOptional(),
  /** The hospital this pseudonym is for. */
  mspId: mspIdSchema,
  /** The key whose hash the ledger announces as the next one, by the last word of it. */
  counter: z.int().min(0),
  /** Every command signed with a key of late, oldest first. */
  commands: z.array(rememberedSchema),
  /** No key from this one on has signed a command. */
  firstUnused: z.int().min(0),
  /**
   * No key from this one on was announced by a command: each command announces a key of its own, so that the key which the ledger has next
   * tells which of several commands of one key was committed. Absent in a wallet that has signed nothing since this is kept. A program of an
   * earlier release does not read a wallet that has it.
   */
  firstUnannounced: z.int().min(1).exactOptional(),
  /**
   * Of a chain that came back by a recovery: `due` — the lost wallet may have signed with the present key, so that it signs a rotation and nothing
   * else; `done` — a rotation of this wallet is committed, by the last word of it. A program of an earlier release does not read a wallet that has it.
   */
  rotateFirst: z.enum(['due', 'done']).exactOptional(),
  /** Absent while it is the pseudonym for its hospital. */
  past: z.enum(pastReasons).exactOptional(),
  /** What the last command about the relationship made of it; the hospital may have changed it since. */
  state: relationshipStateSchema.exactOptional(),
  /** Absent in a wallet that has no recovery phrase. */
  slot: heldSlotSchema.exactOptional(),
  /** Absent until notes were marked as read. */
  inbox: readNotesSchema.exactOptional(),
});

/** A card that was activated with this wallet, by which pseudonym. The key of its tokens follows from the seed. */
const heldCardSchema = z.strictObject({ cardId: cardIdSchema, pseudonym: pseudonymSchema });

export const walletContentSchema = z.strictObject({
  /** 32 random bytes; whoever has them is the patient. */
  seed: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  relationships: z.array(relationshipSchema),
  /** Absent until the first; a program of a release before cards had tokens does not read a wallet that has it. */
  cards: z.array(heldCardSchema).exactOptional(),
  /**
   * Present once its recovery phrase was shown, or a PIN set: from then on each relationship has a summary slot. Absent, nobody can have the seed, and so
   * nobody could find a slot. A program of an earlier release does not read a wallet that has it.
   */
  isRecoverable: z.literal(true).exactOptional(),
});

export type PastReason = (typeof pastReasons)[number];
export type CommandState = (typeof commandStates)[number];
export type RememberedCommand = z.output<typeof rememberedSchema>;
export type WalletRelationship = z.output<typeof relationshipSchema>;
export type HeldSlot = z.output<typeof heldSlotSchema>;
export type NoteId = z.output<typeof noteIdSchema>;
export type RestToRead = z.output<typeof restToReadSchema>;
export type ReadNotes = z.output<typeof readNotesSchema>;
export type HeldCard = z.output<typeof heldCardSchema>;
export type WalletContent = z.output<typeof walletContentSchema>;

/** Whether the pseudonym is not this wallet's yet: the ledger has not named a later key than the first of its recovery. */
export function isRecoveryPending({ recoveryCase, counter }: WalletRelationship): boolean {
  return recoveryCase !== undefined && counter === 0;
}

/** Which chain of keys: a pseudonym may have several, the patient's own and one for each delegation. */
export type ChainName = Pick<WalletRelationship, 'pseudonym' | 'delegationId'>;

export function chainName({ pseudonym, delegationId }: ChainName): ChainName {
  return { pseudonym, ...(delegationId === undefined ? {} : { delegationId }) };
}

export function isSameChain(one: ChainName, other: ChainName): boolean {
  return one.pseudonym === other.pseudonym && one.delegationId === other.delegationId;
}

/** The content with one chain of keys changed. */
export function withRelationship(content: WalletContent, changed: WalletRelationship): WalletContent {
  return { ...content, relationships: content.relationships.map((each) => (isSameChain(each, changed) ? changed : each)) };
}

/** The keys for a pseudonym: its own, or the newest with which the wallet acts for it. */
export function keysFor(content: WalletContent, pseudonym: Pseudonym): WalletRelationship {
  const ofPseudonym = content.relationships.filter((relationship) => relationship.pseudonym === pseudonym);
  const found = ofPseudonym.find(({ delegationId }) => delegationId === undefined) ?? ofPseudonym.at(-1);
  if (found === undefined) throw new DomainError('NOT_FOUND', 'the wallet does not hold this pseudonym', { pseudonym });
  return found;
}
