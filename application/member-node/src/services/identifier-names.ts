import { createHmac, hkdfSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type PrivateKey } from '@lianyi/client';
import { createKeyFile, loadKeyFile } from '@lianyi/client/node';
import { canonicalJson, type Identifier, type LinkId, linkIdSchema, type MspId, spellIdentifier } from '@lianyi/domain';

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
   * By the secret in a file, which is made when it is not there. All nodes of a hospital need the same one, and a copy of it: without it,
   * what is linked is found by nobody any more.
   * @throws {@link DomainError} `KEY_FILE_UNUSABLE`
   */
  static async open(mspId: MspId, file: string): Promise<IdentifierNames> {
    return new IdentifierNames(mspId, existsSync(file) ? await loadKeyFile(file) : await createKeyFile(file));
  }

  /** @throws {@link DomainError} `IDENTIFIER_INVALID` */
  linkIdOf(identifier: Identifier): LinkId {
    const { system, value } = spellIdentifier(identifier);
    const text = canonicalJson({ t: PURPOSE, mspId: this.mspId, system, value });
    return linkIdSchema.parse(createHmac('sha256', this.#key).update(text).digest('base64url'));
  }
}
