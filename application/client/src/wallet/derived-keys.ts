import { primitives } from '#crypto';
import { type CardId, encodeBase64url, type IdNonce, idNonceSchema, type MspId, type Pseudonym, type Sha256 } from '@lianyi/domain';
import { utf8 } from '../crypto/bytes';
import { PrivateKey } from '../crypto/private-key';

/** The order of P-256 (SP 800-186 §3.2.1.3). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** 64 bits more than the order, so that the remainder's bias is negligible (FIPS 186-5 §A.2.1, "extra random bits"). */
const CANDIDATE_BYTES = 40;
const SCALAR_BYTES = 32;
const NONCE_BYTES = 16;
const SEAL_KEY_BYTES = 32;

/**
 * The one-time key at a counter of the pseudonym that is derived from a nonce: the pseudonym itself follows from its first key (ADR 0030).
 *
 * Derived by hashing, never from a public parent: one leaked key tells nothing of the others, and two pseudonyms' keys have
 * nothing in common.
 */
export function oneTimeKey(seed: Uint8Array, nonce: IdNonce, counter: number): PrivateKey {
  // a nonce has no NUL, so the parts cannot be read another way
  return derivedKey(seed, `lianyi/one-time-key/v1\0${nonce}\0${counter}`);
}

/**
 * The key that signs a card's tokens. It is the card's own for as long as the card lives, and nothing else is signed with it.
 *
 * Derived from the seed, so that whoever has the wallet's seed back has it too.
 */
export function cardTokenKey(seed: Uint8Array, cardId: CardId): PrivateKey {
  return derivedKey(seed, `lianyi/card-token-key/v1\0${cardId}`);
}

/**
 * The key with which the wallet's owner vouches for somebody else's pseudonym, as a guardian. One for each pseudonym, so that the keys of one
 * guardian, and the pseudonyms of one patient, have nothing in common.
 */
export function guardianKey(seed: Uint8Array, pseudonym: Pseudonym): PrivateKey {
  return derivedKey(seed, `lianyi/guardian-key/v1\0${pseudonym}`);
}

/** The key of a hand-over code, from its 16 bytes: the first key of a pseudonym for which others act until its patient has a wallet. */
export function handOverKeyFrom(codeBytes: Uint8Array): PrivateKey {
  return derivedKey(codeBytes, 'lianyi/hand-over-key/v1');
}

/** The key of a recovery code, from its 16 bytes: who signs with it may guess the PIN of that code. One for each channel. */
export function pinFinderKey(codeBytes: Uint8Array, genesis: Sha256): PrivateKey {
  return derivedKey(codeBytes, `lianyi/pin-finder-key/v1\0${genesis}`);
}

/** The key that proves a right guess, from all that a guess and its code come to. */
export function pinOpenKey(opened: Uint8Array): PrivateKey {
  return derivedKey(opened, 'lianyi/pin-open-key/v1');
}

/** The key by which whoever has a recovery code, from its 16 bytes, recognises what was dealt for the PIN of that code. */
export function pinTermsKey(codeBytes: Uint8Array): Uint8Array {
  return derivedBytes(codeBytes, 'lianyi/pin-terms-mac/v1', SEAL_KEY_BYTES);
}

/** The AES-256 key that seals the wallet's seed, from the same as {@link pinOpenKey}. */
export function pinSealKey(opened: Uint8Array): Uint8Array {
  return derivedBytes(opened, 'lianyi/pin-seal/v1', SEAL_KEY_BYTES);
}

/** For which relationship a nonce is: the number of its slot, whose hospital, and of a pseudonym that is there already, which. */
export type NoncePlace = { readonly index: number; readonly mspId: MspId; readonly pseudonym?: Pseudonym };

/**
 * The nonce of the relationship that has a summary slot: with the slot's number and the hospital, the seed alone leads to the pseudonym, also where its
 * slot was never written.
 *
 * The hospital is in it because two copies of a wallet, or one that came back without its newest slot, take the same number twice: two
 * pseudonyms of one nonce and one chain of keys would be known to be one patient's, by everybody and for ever.
 */
export function relationshipNonce(seed: Uint8Array, { index, mspId, pseudonym }: NoncePlace): IdNonce {
  // neither an organisation's id nor a pseudonym has a NUL
  const of = pseudonym === undefined ? mspId : `${mspId}\0${pseudonym}`;
  return nonceFrom(seed, `lianyi/relationship-nonce/v2\0${index}\0${of}`);
}

/** The nonce as it was made when the hospital was not in it; only looked for, never given to a new relationship. */
export function earlierRelationshipNonce(seed: Uint8Array, index: number): IdNonce {
  return nonceFrom(seed, `lianyi/relationship-nonce/v1\0${index}`);
}

function nonceFrom(seed: Uint8Array, purpose: string): IdNonce {
  return idNonceSchema.parse(encodeBase64url(derivedBytes(seed, purpose, NONCE_BYTES)));
}

/** Which summary slot: of which channel, by the header hash of its block 0, and which one of a wallet's, from 0 on. */
export type SlotPlace = { readonly genesis: Sha256; readonly index: number };

/**
 * The one-time key that signs the write after so many writes of a slot. The first one makes the slot's id; neither two slots nor two channels
 * have a key in common.
 */
export function slotKey(seed: Uint8Array, { genesis, index }: SlotPlace, writes: number): PrivateKey {
  return derivedKey(seed, `lianyi/summary-slot-key/v1\0${genesis}\0${index}\0${writes}`);
}

/** The AES-256 key that seals a slot. Each write takes a nonce of its own. */
export function slotSealKey(seed: Uint8Array, { genesis, index }: SlotPlace): Uint8Array {
  return derivedBytes(seed, `lianyi/summary-slot-seal/v1\0${genesis}\0${index}`, SEAL_KEY_BYTES);
}

function derivedBytes(seed: Uint8Array, purpose: string, length: number): Uint8Array {
  return primitives.hkdfSha256(seed, new Uint8Array(0), utf8(purpose), length);
}

function derivedKey(seed: Uint8Array, purpose: string): PrivateKey {
  const candidate = toBigInt(derivedBytes(seed, purpose, CANDIDATE_BYTES));
  return new PrivateKey(toBytes((candidate % (P256_ORDER - 1n)) + 1n));
}

function toBigInt(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function toBytes(scalar: bigint): Uint8Array {
  const bytes = new Uint8Array(SCALAR_BYTES);
  for (let index = SCALAR_BYTES - 1, rest = scalar; index >= 0; index -= 1, rest >>= 8n) bytes[index] = Number(rest & 0xffn);
  return bytes;
}
