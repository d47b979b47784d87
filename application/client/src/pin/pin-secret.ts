import { primitives } from '#crypto';
import {
  canonicalJson,
  DomainError,
  encodeBase64url,
  hashOfKey,
  type PinId,
  pinIdOf,
  type Sha256,
  type TermsMac,
  termsMacSchema,
} from '@lianyi/domain';
import { base64urlBytes, concatBytes, utf8 } from '../crypto/bytes';
import { type PrivateKey } from '../crypto/private-key';
import { publicKeyOf } from '../signing/p256';
import { pinFinderKey, pinOpenKey, pinSealKey, pinTermsKey } from '../wallet/derived-keys';
import { bytesOfDigits, newPaperDigits } from '../wallet/hand-over-code';

const FEWEST_DIGITS = 6;
const MOST_DIGITS = 12;
const NONCE_BYTES = 12;

/** A new recovery code, 128 random bits and a check digit in groups of five. It opens nothing by itself; it lets who has it guess. */
export function newRecoveryCode(): { readonly code: string; readonly bytes: Uint8Array } {
  return newPaperDigits();
}

/**
 * The bytes of a recovery code as it was typed: small letters, spaces, and O, I and L for 0 and 1 are read.
 * @throws {@link DomainError} `RECOVERY_CODE_INVALID`
 */
export function recoveryCodeBytes(code: string): Uint8Array {
  return bytesOfDigits(code, 'RECOVERY_CODE_INVALID');
}

/**
 * Holds a PIN to being one: 6 to 12 digits, neither all the same nor counted up or down. Details do not repeat it.
 * @throws {@link DomainError} `PIN_INVALID` — obstacle `digits`, `length` or `easy`
 */
export function assertPin(pin: string): void {
  const obstacle = obstacleOf(pin);
  if (obstacle !== undefined) throw new DomainError('PIN_INVALID', undefined, { obstacle });
}

function obstacleOf(pin: string): 'digits' | 'length' | 'easy' | undefined {
  if (!/^[0-9]*$/.test(pin)) return 'digits';
  if (pin.length < FEWEST_DIGITS || pin.length > MOST_DIGITS) return 'length';
  const steps = new Set(Array.from(pin.slice(1), (digit, index) => (10 + Number(digit) - Number(pin[index])) % 10));
  const [only] = steps;
  return steps.size === 1 && (only === 0 || only === 1 || only === 9) ? 'easy' : undefined;
}

/** Where a PIN is, and who may guess it: both follow from the recovery code and the channel. */
export interface PinPlace {
  readonly pinId: PinId;
  readonly finderKey: PrivateKey;
  readonly finderKeyHash: Sha256;
}

/** @param codeBytes - of the recovery code */
export function placeOfPin(codeBytes: Uint8Array, genesis: Sha256): PinPlace {
  const finderKey = pinFinderKey(codeBytes, genesis);
  const finderKeyHash = hashOfKey(publicKeyOf(finderKey));
  return { pinId: pinIdOf(finderKeyHash), finderKey, finderKeyHash };
}

/** What the hospitals evaluate, blinded. With a type and a place of its own: no number that registrars compare is one. */
export function pinInput(pin: string, { pinId }: Pick<PinPlace, 'pinId'>): Uint8Array {
  return utf8(canonicalJson(['lianyi/pin-input/v1', pinId, pin]));
}

/** What shows to whoever has the code that a PIN's terms are as they were dealt: nobody without it makes one, a majority neither. */
export function termsMacOf(codeBytes: Uint8Array, termsSha256: Sha256): TermsMac {
  return termsMacSchema.parse(encodeBase64url(primitives.hmac('sha256', pinTermsKey(codeBytes)).update(utf8(termsSha256)).digest()));
}

/** What a PIN, its code and as many hospitals as it takes come to together. */
export class OpenedPin {
  readonly #secret: Uint8Array;

  /** @param output - of the function for the PIN: 64 bytes */
  constructor(output: Uint8Array, codeBytes: Uint8Array) {
    // the code is in it too: hospitals that collude cannot try PINs without it
    this.#secret = concatBytes([output, codeBytes]);
  }

  /** The key that proves a right guess. */
  get openKey(): PrivateKey {
    return pinOpenKey(this.#secret);
  }

  /** Seals a seed: nonce, AES-256-GCM, tag. */
  seal(seed: Uint8Array): string {
    const nonce = primitives.randomBytes(NONCE_BYTES);
    return encodeBase64url(concatBytes([nonce, primitives.sealAesGcm(pinSealKey(this.#secret), nonce, seed)]));
  }

  /** Undefined: it was sealed under another PIN, another code or another key. */
  open(sealed: string): Uint8Array | undefined {
    const bytes = base64urlBytes(sealed);
    return primitives.openAesGcm(pinSealKey(this.#secret), bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES));
  }
}
