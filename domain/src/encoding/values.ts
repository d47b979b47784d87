import { z } from 'zod';
import { decodeBase64url } from './base64url';
import { isP256PublicKey } from './p256-key';

/** The size of a note sealed to an organisation, in bytes: suite, encapsulated key, 512 bytes whatever it says, tag. */
export const SEALED_NOTE_BYTES = 1 + 65 + 512 + 16;
/** The size of a share sealed to an organisation, in bytes. */
export const SEALED_SHARE_BYTES = 1 + 65 + 32 + 16;

/** The size of a wallet's seed sealed under a PIN, in bytes: nonce, seed, tag. */
export const SEALED_SEED_BYTES = 12 + 32 + 16;

/** The size of what a summary slot holds: one for all slots, so that it tells nothing. In bytes. */
export const SLOT_BYTES = 1024;

/** A bounded base64url text in its one spelling. */
function bytesSchema(minBytes: number, maxBytes: number): z.ZodString {
  return z
    .string()
    .max(Math.ceil((maxBytes * 4) / 3))
    .refine((text) => {
      const bytes = decodeBase64url(text);
      return bytes !== undefined && bytes.length >= minBytes && bytes.length <= maxBytes;
    }, 'not base64url of the right length');
}

/** base64url of a SHA-256. */
export const sha256Schema = bytesSchema(32, 32).meta({ title: 'SHA-256, base64url' }).brand<'Sha256'>();
/** base64url of the SPKI DER of a P-256 key: 91 bytes with an uncompressed point of the curve, the only form accepted. */
export const publicKeySchema = bytesSchema(91, 91)
  .refine(
    (text) => isP256PublicKey(decodeBase64url(text) ?? new Uint8Array()),
    'not a P-256 public key: an uncompressed point of the curve in DER',
  )
  .meta({ title: 'P-256 public key, SPKI, base64url' })
  .brand<'PublicKey'>();
/** base64url of r‖s (IEEE P1363), 64 bytes; low-S is checked by the verifier. */
export const signatureSchema = bytesSchema(64, 64).meta({ title: 'signature, r‖s, base64url' }).brand<'Signature'>();
/** base64url of a random salt, 16 to 32 bytes. */
export const saltSchema = bytesSchema(16, 32).meta({ title: 'salt, base64url' }).brand<'Salt'>();
/** base64url of a random salt of 32 bytes, or of one under a pad. */
export const longSaltSchema = bytesSchema(32, 32).meta({ title: 'salt of 32 bytes, base64url' });
/** base64url of the 16 random bytes that make an id one of many of its owner (ADR 0030). */
export const idNonceSchema = bytesSchema(16, 16).meta({ title: 'nonce of an id, base64url' }).brand<'IdNonce'>();
/** base64url of the 16 random bytes by which a card token is told from every other of its card. */
export const tokenNonceSchema = bytesSchema(16, 16).meta({ title: 'nonce of a card token, base64url' }).brand<'TokenNonce'>();
/** base64url of a note sealed to an organisation: of one size, so that it tells nothing. */
export const sealedNoteSchema = bytesSchema(SEALED_NOTE_BYTES, SEALED_NOTE_BYTES).meta({ title: 'sealed note, base64url' });
/** base64url of a share sealed to an organisation. */
export const sealedShareSchema = bytesSchema(SEALED_SHARE_BYTES, SEALED_SHARE_BYTES).meta({ title: 'sealed share, base64url' });
/** base64url of a wallet's seed, sealed: of one size. */
export const sealedSeedSchema = bytesSchema(SEALED_SEED_BYTES, SEALED_SEED_BYTES).meta({ title: 'sealed seed, base64url' });
/** base64url of sealed bytes of a key, at most 4 KiB. */
export const sealedBytesSchema = bytesSchema(1, 4096);

/** base64url of an element of the group ristretto255, 32 bytes; that they are one is checked by whoever computes with it. */
export const groupElementSchema = bytesSchema(32, 32).meta({ title: 'element of ristretto255, base64url' }).brand<'GroupElement'>();
/** base64url of a proof that two elements have one logarithm (RFC 9497 §2.2), 64 bytes. */
const equalityProofSchema = bytesSchema(64, 64).meta({ title: 'proof of RFC 9497 §2.2, base64url' });
/** That a dealer knows the number behind a commitment. */
export const possessionSchema = z.strictObject({ evaluated: groupElementSchema, proof: equalityProofSchema });
/** One holder's part of an evaluation: an element for each that was asked for, and one proof for all. */
export const evaluatedPartSchema = z.strictObject({ evaluated: z.array(groupElementSchema).min(1).max(64), proof: equalityProofSchema });

/** base64url of the tag by which two hospitals name one number; 32 bytes that no one computes alone. Who is asked is told it: it proves nothing. */
export const matchTagSchema = bytesSchema(32, 32).meta({ title: 'tag of a number between two hospitals, base64url' }).brand<'MatchTag'>();
/** base64url of what two hospitals that know one number have in common and tell nobody, each other included; 32 bytes. */
export const matchSecretSchema = bytesSchema(32, 32)
  .meta({ title: 'secret of a number between two hospitals, base64url' })
  .brand<'MatchSecret'>();
/** base64url of what proves, to the other of two hospitals, that a hospital has their secret; 32 bytes, for one claim. */
export const matchProofSchema = bytesSchema(32, 32).meta({ title: 'proof of knowing a number, base64url' }).brand<'MatchProof'>();

/** base64url of what shows, to whoever has the recovery code of a PIN, that the PIN's terms are as they were dealt; 32 bytes. */
export const termsMacSchema = bytesSchema(32, 32).meta({ title: 'MAC of a PIN’s terms, base64url' }).brand<'TermsMac'>();

/** base64url of what a summary slot holds: sealed, and 1,024 bytes whatever it says. */
export const sealedSlotSchema = bytesSchema(SLOT_BYTES, SLOT_BYTES).meta({ title: 'sealed slot, 1,024 bytes, base64url' });

export type Sha256 = z.output<typeof sha256Schema>;
export type GroupElement = z.output<typeof groupElementSchema>;
export type MatchTag = z.output<typeof matchTagSchema>;
export type MatchSecret = z.output<typeof matchSecretSchema>;
export type TermsMac = z.output<typeof termsMacSchema>;
export type MatchProof = z.output<typeof matchProofSchema>;
export type Possession = z.output<typeof possessionSchema>;
export type EvaluatedPart = z.output<typeof evaluatedPartSchema>;
export type IdNonce = z.output<typeof idNonceSchema>;
export type TokenNonce = z.output<typeof tokenNonceSchema>;
export type PublicKey = z.output<typeof publicKeySchema>;
export type Signature = z.output<typeof signatureSchema>;

/** An opaque position in a list, given back as it was received. */
export const cursorSchema = z.string().regex(/^[A-Za-z0-9_-]{1,512}$/);

/** One page of a list. */
export const pageFields = { limit: z.int().min(1).max(100), after: cursorSchema.exactOptional() };

const unreadableSchema = z.int().min(1).max(100);

/**
 * The answer of a list: one page and, when there is more, where it goes on; and how much stands between that is no entry of the list, which no
 * chaincode writes.
 */
export function pageOf<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<
  { items: z.ZodArray<Item>; next: z.ZodExactOptional<typeof cursorSchema>; unreadable: z.ZodExactOptional<typeof unreadableSchema> },
  z.core.$strict
> {
  return z.strictObject({ items: z.array(item), next: cursorSchema.exactOptional(), unreadable: unreadableSchema.exactOptional() });
}

/** An array of different values, at least `min` and at most `max`. */
export function setOf<Item extends z.ZodType<string>>(item: Item, min: number, max: number): z.ZodArray<Item> {
  return z
    .array(item)
    .min(min)
    .max(max)
    .refine((values) => new Set(values).size === values.length, 'repeated value');
}
