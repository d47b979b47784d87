import { primitives } from '#crypto';
import { DomainError, hashOfKey, sha256, type Sha256 } from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { type PrivateKey } from '../crypto/private-key';
import { publicKeyOf } from '../signing/p256';
import { handOverKeyFrom } from './derived-keys';

/** Without I, L, O and U, which are misread (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_BYTES = 16;
const CODE_DIGITS = 26;
const GROUP = 5;

/** A new hand-over code, 128 random bits and a check digit in groups of five: for paper, and for whoever holds the paper. */
export function newHandOverCode(): string {
  return newPaperDigits().code;
}

/** A new code of that form, and its 16 bytes. */
export function newPaperDigits(): { readonly code: string; readonly bytes: Uint8Array } {
  const bytes = primitives.randomBytes(CODE_BYTES);
  const digits = `${digitsOf(bytes)}${checkDigitOf(bytes)}`;
  return { code: (digits.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? []).join('-'), bytes };
}

/**
 * The key of a code: it signs that a pseudonym is taken over, and the ledger knows its hash from the registration on.
 * @param code - as it was typed: small letters, spaces, and O, I and L for 0 and 1 are read
 * @throws {@link DomainError} `HAND_OVER_CODE_INVALID` — it has a typing error; details do not repeat it
 */
export function handOverKey(code: string): PrivateKey {
  return handOverKeyFrom(bytesOfDigits(code, 'HAND_OVER_CODE_INVALID'));
}

/** What the ledger has of a code. @throws as {@link handOverKey} */
export function handOverKeyHash(code: string): Sha256 {
  return hashOfKey(publicKeyOf(handOverKey(code)));
}

function digitsOf(bytes: Uint8Array): string {
  let value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let digits = '';
  for (let count = 0; count < CODE_DIGITS; count += 1, value >>= 5n) digits = `${ALPHABET[Number(value & 31n)] ?? ''}${digits}`;
  return digits;
}

function checkDigitOf(bytes: Uint8Array): string {
  const [first = 0] = base64urlBytes(sha256(bytes));
  return ALPHABET[first % ALPHABET.length] ?? '';
}

/**
 * The bytes of a code of that form.
 * @throws {@link DomainError} with the code that says which code it is: it has a typing error; details do not repeat it
 */
export function bytesOfDigits(code: string, refusal: 'HAND_OVER_CODE_INVALID' | 'RECOVERY_CODE_INVALID'): Uint8Array {
  const spelled = code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const values = Array.from(spelled, (digit) => ALPHABET.indexOf(digit));
  if (values.length !== CODE_DIGITS + 1 || values.includes(-1)) throw new DomainError(refusal, undefined, { obstacle: 'form' });
  let value = values.slice(0, CODE_DIGITS).reduce((sum, digit) => (sum << 5n) | BigInt(digit), 0n);
  const isTooLarge = value >> BigInt(8 * CODE_BYTES) !== 0n;
  const bytes = new Uint8Array(CODE_BYTES);
  for (let index = CODE_BYTES - 1; index >= 0; index -= 1, value >>= 8n) bytes[index] = Number(value & 255n);
  if (isTooLarge || checkDigitOf(bytes) !== spelled.at(-1)) {
    throw new DomainError(refusal, undefined, { obstacle: 'check-digit' });
  }
  return bytes;
}
