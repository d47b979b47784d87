import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { canonicalJson, DomainError } from '@lianyi/domain';

/** With r = 8: 128 MiB and about half a second, OWASP's first choice for scrypt. A file names its cost, so it can be raised. */
const DEFAULT_N = 2 ** 17;
/** No file may make us take more than 1 GiB. */
const MAX_N = 2 ** 20;
/** More files than a demo opens in turn; what is beyond is derived anew. */
const MOST_KEPT = 64;
const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

/** What is sealed: the kind that stands in the text, and how it is refused. */
export interface SealedKind {
  readonly t: string;
  readonly unreadable: (cause?: unknown) => DomainError;
}

const sealedFileSchema = z.strictObject({
  t: z.string(),
  kdf: z.strictObject({ name: z.literal('scrypt'), N: z.int().min(2).max(MAX_N), r: z.literal(8), p: z.literal(1), salt: base64url }),
  nonce: base64url,
  ciphertext: base64url,
});
type Kdf = z.output<typeof sealedFileSchema>['kdf'];

/** A passphrase's key for one file; kept in memory so that each save need not derive it again. */
export type FileKey = { kdf: Kdf; key: Buffer };

/** Wrong passphrase and damaged file look the same: AES-GCM cannot tell, and nobody should learn. */
const WALLET: SealedKind = {
  t: 'lianyi/wallet/v1',
  unreadable: (cause) => new DomainError('WALLET_UNREADABLE', 'the wallet does not open: wrong passphrase or damaged file', {}, { cause }),
};

/** What a new file's passphrase costs, and where its key is kept; left out: the default cost, nowhere. */
export interface FileKeyOptions {
  readonly scryptN?: number;
  readonly keys?: FileKeys;
}

export function newFileKey(passphrase: string, { scryptN = DEFAULT_N, keys }: FileKeyOptions = {}): Promise<FileKey> {
  return keyOf(passphrase, { name: 'scrypt', N: scryptN, r: 8, p: 1, salt: randomBytes(16).toString('base64url') }, keys);
}

/**
 * The keys that passphrases gave in this process, for one that opens the same files again and again: a workbench, a demo. Whoever holds it
 * opens those files without their passphrases, so it is made by the program that asked for them, and goes when that lets it go.
 */
export class FileKeys {
  /** The least recently used first. What names a key is keyed by this process, so that it is no quick test of a guessed passphrase. */
  readonly #kept = new Map<string, Promise<FileKey>>();
  readonly #naming = randomBytes(32);

  /** The key of a passphrase, derived once. */
  of(passphrase: string, kdf: Kdf): Promise<FileKey> {
    const name = createHmac('sha256', this.#naming)
      .update(`${canonicalJson(kdf)}\n${passphrase}`)
      .digest('base64url');
    const kept = this.#kept.get(name) ?? derive(passphrase, kdf);
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    for (const oldest of [...this.#kept.keys()].slice(0, -MOST_KEPT)) this.#kept.delete(oldest);
    return kept;
  }
}

const keyOf = (passphrase: string, kdf: Kdf, keys: FileKeys | undefined): Promise<FileKey> =>
  keys === undefined ? derive(passphrase, kdf) : keys.of(passphrase, kdf);

async function derive(passphrase: string, kdf: Kdf): Promise<FileKey> {
  const derived: unknown = await promisify<string, Buffer, number, object, Buffer>(scrypt)(
    passphrase.normalize('NFC'),
    Buffer.from(kdf.salt, 'base64url'),
    32,
    {
      N: kdf.N,
      r: kdf.r,
      p: kdf.p,
      maxmem: 256 * kdf.N * kdf.r,
    },
  );
  if (!Buffer.isBuffer(derived)) throw new TypeError('scrypt gave no key');
  return { kdf, key: derived };
}

/** Encrypts content under a file key; each call takes a fresh nonce. */
export function sealFile({ kdf, key }: FileKey, content: string, { t }: Pick<SealedKind, 't'> = WALLET): string {
  const nonce = randomBytes(12);
  const header = { t, kdf, nonce: nonce.toString('base64url') };
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(canonicalJson(header)));
  const ciphertext = Buffer.concat([cipher.update(content, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return canonicalJson({ ...header, ciphertext: ciphertext.toString('base64url') });
}

/**
 * Decrypts a file.
 *
 * @param secret - the passphrase, or the key an earlier call derived for the same file.
 * @param keys - where the passphrase's key is looked for and kept
 * @throws {@link DomainError} `WALLET_UNREADABLE`, or what the kind says
 */
export async function openFile(
  secret: string | FileKey,
  text: string,
  kind: SealedKind = WALLET,
  keys?: FileKeys,
): Promise<{ fileKey: FileKey; content: string }> {
  const { t, unreadable } = kind;
  const { kdf, nonce, ciphertext } = parse(text, kind);
  // another program may have changed the passphrase since: then the kept key has another salt and is of no use
  if (typeof secret !== 'string' && secret.kdf.salt !== kdf.salt) throw unreadable();
  const fileKey = typeof secret === 'string' ? await keyOf(secret, kdf, keys) : secret;
  const sealed = Buffer.from(ciphertext, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', fileKey.key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(canonicalJson({ t, kdf, nonce })));
    decipher.setAuthTag(sealed.subarray(-16));
    return { fileKey, content: Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString('utf8') };
  } catch {
    throw unreadable();
  }
}

function parse(text: string, { t, unreadable }: SealedKind): z.output<typeof sealedFileSchema> {
  try {
    return sealedFileSchema.extend({ t: z.literal(t) }).parse(JSON.parse(text));
  } catch (error) {
    throw unreadable(error);
  }
}
