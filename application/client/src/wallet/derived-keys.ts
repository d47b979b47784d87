import { primitives } from '#crypto';
import { type CardId, type IdNonce } from '@lianyi/domain';
import { utf8 } from '../crypto/bytes';
import { PrivateKey } from '../crypto/private-key';

/** The order of P-256 (SP 800-186 §3.2.1.3). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** 64 bits more than the order, so that the remainder's bias is negligible (FIPS 186-5 §A.2.1, "extra random bits"). */
const CANDIDATE_BYTES = 40;
const SCALAR_BYTES = 32;

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

/** The key of a hand-over code, from its 16 bytes: the first key of a pseudonym for which others act until its patient has a wallet. */
export function handOverKeyFrom(codeBytes: Uint8Array): PrivateKey {
  return derivedKey(codeBytes, 'lianyi/hand-over-key/v1');
}

function derivedKey(seed: Uint8Array, purpose: string): PrivateKey {
  const info = utf8(purpose);
  const candidate = toBigInt(primitives.hkdfSha256(seed, new Uint8Array(0), info, CANDIDATE_BYTES));
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
