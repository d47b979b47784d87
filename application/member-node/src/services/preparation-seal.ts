import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { type PrivateKey } from '@lianyi/client';
import { canonicalJson, type Sha256 } from '@lianyi/domain';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** What a sealed preparation is bound to. */
type Place = Readonly<Record<string, string | number>>;

/**
 * Keeps what a preparation holds from whoever has the database alone.
 *
 * A document's bare hash tells whether a guess is right, and title and author stand beside the sealed key. Both keys are derived from the
 * node's encapsulation key (RFC 5869), which is in no database: without it a file tells nothing, and with it the record opens anyway.
 */
export class PreparationSeal {
  readonly #macKey: Buffer;
  readonly #sealKey: Buffer;

  constructor(encapsulationKey: PrivateKey) {
    const secret = encapsulationKey.scalar();
    const derived = (use: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', `lianyi/preparation-${use}/v1`, KEY_BYTES));
    this.#macKey = derived('mac');
    this.#sealKey = derived('seal');
    secret.fill(0);
  }

  /** A document's hash, known again only with the key and at its place (RFC 2104, SHA-256). */
  mac(place: Place, documentSha256: Sha256): Buffer {
    return createHmac('sha256', this.#macKey).update(canonicalJson({ place, documentSha256 })).digest();
  }

  isMacOf(mac: Uint8Array, place: Place, documentSha256: Sha256): boolean {
    const expected = this.mac(place, documentSha256);
    return mac.length === expected.length && timingSafeEqual(mac, expected);
  }

  /** AES-256-GCM (NIST SP 800-38D): random IV, ciphertext, tag; the place is authenticated with it. */
  seal(place: Place, text: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#sealKey, iv).setAAD(Buffer.from(canonicalJson(place)));
    return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  /** The sealed text; undefined if it is another node's, another place's, or was changed. */
  open(place: Place, sealed: Uint8Array): string | undefined {
    const bytes = Buffer.from(sealed);
    if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv(CIPHER, this.#sealKey, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(canonicalJson(place))).setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
