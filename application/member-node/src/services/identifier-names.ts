import { createHmac, hkdfSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type PrivateKey, publicKeyOf } from '@lianyi/client';
import { createKeyFile, loadKeyFile } from '@lianyi/client/node';
import {
  canonicalJson,
  DomainError,
  hashOfKey,
  type Identifier,
  type LinkId,
  linkIdSchema,
  type MspId,
  spellIdentifier,
} from '@lianyi/domain';

const PURPOSE = 'lianyi/link-id/v1';
const KEY_BYTES = 32;

/**
 * Names the links between identifiers and pseudonyms. A link's id is a keyed hash (HMAC-SHA-256) of the identifier, so that the hospital finds
 * by a number what it linked, and a number is linked once; the ids are in every block, and whoever has not the key learns nothing from them.
 */
export class IdentifierNames {
  readonly #key: Uint8Array;

  constructor(
    private readonly mspId: MspId,
    secret: PrivateKey,
  ) {
    this.#key = new Uint8Array(hkdfSync('sha256', secret.scalar(), new Uint8Array(), PURPOSE, KEY_BYTES));
  }

  /**
   * By the secret in a file, which is made once. All nodes of a hospital need the same one, and a copy of it: without it, what is linked is
   * found by nobody any more, and would be linked a second time. So a file that is gone, or holds another secret than before, is refused: the
   * hash of its public key is kept beside it.
   * @throws {@link DomainError} `KEY_FILE_UNUSABLE`
   */
  static async open(mspId: MspId, file: string): Promise<IdentifierNames> {
    const mark = `${file}.sha256`;
    const before = existsSync(mark) ? readFileSync(mark, 'utf8').trim() : undefined;
    const secret = before === undefined && !existsSync(file) ? await createKeyFile(file) : await loadKeyFile(file);
    const hash = hashOfKey(publicKeyOf(secret));
    if (before === undefined) writeFileSync(mark, `${hash}\n`);
    else if (before !== hash) throw new DomainError('KEY_FILE_UNUSABLE', undefined, { path: file, cause: 'key-other-than-before' });
    return new IdentifierNames(mspId, secret);
  }

  /** @throws {@link DomainError} `IDENTIFIER_INVALID` */
  linkIdOf(identifier: Identifier): LinkId {
    const { system, value } = spellIdentifier(identifier);
    const text = canonicalJson({ t: PURPOSE, mspId: this.mspId, system, value });
    return linkIdSchema.parse(createHmac('sha256', this.#key).update(text).digest('base64url'));
  }
}
