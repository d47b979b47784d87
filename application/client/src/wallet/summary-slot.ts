import { primitives } from '#crypto';
import { z } from 'zod';
import {
  canonicalJson,
  cardIdSchema,
  delegationIdSchema,
  encodeBase64url,
  hashOfJson,
  hashOfKey,
  idNonceSchema,
  instantSchema,
  mspIdSchema,
  pseudonymSchema,
  relationshipStateSchema,
  type Sha256,
  SLOT_BYTES,
  type SlotId,
  slotIdOf,
  type SummarySlot,
} from '@lianyi/domain';
import { base64urlBytes, concatBytes, TAG_BYTES, utf8, utf8Text } from '../crypto/bytes';
import { publicKeyOf } from '../signing/p256';
import { slotKey, type SlotPlace, slotSealKey } from './derived-keys';
import { pastReasons, type WalletContent, type WalletRelationship } from './wallet-content';

/** More cards than a patient has at one hospital; the newest are kept. */
const CARDS = 6;
const NONCE_BYTES = 12;
const PLAINTEXT_BYTES = SLOT_BYTES - NONCE_BYTES - TAG_BYTES;

/** What a slot says to its owner: one pseudonym, and what is needed to be it again. */
export const slotContentSchema = z.strictObject({
  t: z.literal('lianyi/summary/v1'),
  /** Of the write: an earlier one under a later number is recognised. */
  version: z.int().min(1),
  pseudonym: pseudonymSchema,
  /** Of somebody else's pseudonym: by which delegation the owner acts for it. */
  delegationId: delegationIdSchema.exactOptional(),
  nonce: idNonceSchema,
  mspId: mspIdSchema,
  /** The key position when it was written; the present one is this or a later one. */
  counter: z.int().min(0),
  state: relationshipStateSchema.exactOptional(),
  past: z.enum(pastReasons).exactOptional(),
  cards: z.array(cardIdSchema).max(CARDS),
  /** Notes that are older were read. */
  readUntil: instantSchema.exactOptional(),
  at: instantSchema,
});
export type SlotContent = z.output<typeof slotContentSchema>;

/** The id of a wallet's slot. */
export function ownSlotId(seed: Uint8Array, place: SlotPlace): SlotId {
  return slotIdOf(hashOfKey(publicKeyOf(slotKey(seed, place, 0))));
}

/** What a slot says that is the same from one write to the next: all but when it was written, and how far the keys were then. */
export type SlotWord = Omit<SlotContent, 'version' | 'counter' | 'at'>;

/** What a relationship's slot is to say. */
export function slotWordOf(
  { cards = [] }: Pick<WalletContent, 'cards'>,
  { pseudonym, delegationId, nonce, mspId, state, past, inbox }: WalletRelationship,
): SlotWord {
  const own = cards.filter((card) => card.pseudonym === pseudonym).map(({ cardId }) => cardId);
  return {
    ...{ t: 'lianyi/summary/v1' as const, pseudonym, nonce, mspId, cards: own.slice(-CARDS) },
    ...(delegationId === undefined ? {} : { delegationId }),
    ...(state === undefined ? {} : { state }),
    ...(past === undefined ? {} : { past }),
    ...(inbox?.until === undefined ? {} : { readUntil: inbox.until }),
  };
}

/** A short name of what a slot says; the same as in earlier releases where it says nothing that is new since. */
export function hashOfWord({ t, pseudonym, delegationId, nonce, mspId, cards, state, past, readUntil }: SlotWord): Sha256 {
  const since = { ...(readUntil === undefined ? {} : { readUntil }), ...(delegationId === undefined ? {} : { delegationId }) };
  return hashOfJson({ t, pseudonym, nonce, mspId, cards, state: state ?? 'unknown', past: past ?? 'present', ...since });
}

/** Seals a slot: nonce, AES-256-GCM of the content filled up with zero bytes, tag; {@link SLOT_BYTES} whatever it says. */
export function sealSlot(seed: Uint8Array, place: SlotPlace, content: SlotContent): string {
  const text = utf8(canonicalJson(content));
  // the parts are bounded, so that this is a fault of this program
  if (text.length > PLAINTEXT_BYTES) throw new RangeError('a summary does not fit its slot');
  const plaintext = new Uint8Array(PLAINTEXT_BYTES);
  plaintext.set(text);
  const nonce = primitives.randomBytes(NONCE_BYTES);
  return encodeBase64url(concatBytes([nonce, primitives.sealAesGcm(slotSealKey(seed, place), nonce, plaintext)]));
}

/** What a slot says; undefined if its owner has not written that under this number. */
export function openSlot(seed: Uint8Array, place: SlotPlace, { sealed, version }: SummarySlot): SlotContent | undefined {
  const bytes = base64urlBytes(sealed);
  const plaintext = primitives.openAesGcm(slotSealKey(seed, place), bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES));
  if (plaintext === undefined) return undefined;
  const end = plaintext.indexOf(0);
  const content = parsed(utf8Text(end === -1 ? plaintext : plaintext.subarray(0, end)));
  return content?.version === version ? content : undefined;
}

function parsed(text: string): SlotContent | undefined {
  try {
    return slotContentSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
