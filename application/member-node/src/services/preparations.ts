import type { Kysely } from 'kysely';
import { z } from 'zod';
import { canonicalJson, envelopeSchema, parseStrictJson, type Sha256 } from '@lianyi/domain';
import { openDatabase } from '../ledger-index/node-sqlite';

interface PreparationTable {
  pseudonym: string;
  record_id: string;
  key_epoch: number;
  document_sha256: string;
  /** The signed-to-be input, canonical JSON. */
  input: string;
  /** What the envelope will hold, canonical JSON: the key in it is sealed to this organisation. */
  envelope: string;
  prepared_at: number;
  /** Kept for a while, so that a client that lost the answer may ask again. */
  published_at: number | null;
  /** When the anchor was sent; null again when it certainly had no effect. */
  sent_at: number | null;
}
interface NodeTables {
  preparation: PreparationTable;
}

const migrations = [
  `CREATE TABLE preparation (pseudonym TEXT NOT NULL, record_id TEXT NOT NULL, key_epoch INTEGER NOT NULL, document_sha256 TEXT NOT NULL,
     input TEXT NOT NULL, envelope TEXT NOT NULL, prepared_at INTEGER NOT NULL, published_at INTEGER,
     PRIMARY KEY (pseudonym, record_id, key_epoch)) STRICT`,
  `ALTER TABLE preparation ADD COLUMN sent_at INTEGER`,
];

export const envelopeContentSchema = envelopeSchema.pick({ envelope: true, details: true, salts: true });
export type EnvelopeContent = z.output<typeof envelopeContentSchema>;

export interface PreparationKey {
  readonly pseudonym: string;
  readonly recordId: string;
  readonly keyEpoch: number;
}
export interface Preparation {
  readonly documentSha256: Sha256;
  readonly input: Readonly<Record<string, unknown>>;
  readonly envelope: EnvelopeContent;
}

/** What is found of a preparation. */
export interface FoundPreparation extends Preparation {
  readonly inputText: string;
  readonly isPublished: boolean;
  /** The anchor was sent within the last quarter of an hour, and nobody can say what became of it. */
  readonly isInUse: boolean;
}

const REPEATABLE_MILLIS = 3_600_000;
/** What is not published within a day never will be. */
const UNPUBLISHED_MILLIS = 24 * 3_600_000;
/** A staff member's statement is good for ten minutes; clocks differ. */
const IN_USE_MILLIS = 15 * 60_000;
const LIMITS = { maxBytes: 256 * 1024, maxDepth: 32 };

/** Records sealed and stored but not yet anchored: what publishing them will need. Not rebuildable, so not part of the index. */
export class Preparations {
  readonly #db: Kysely<NodeTables>;

  constructor(
    file: string,
    private readonly now: () => number = Date.now,
  ) {
    this.#db = openDatabase<NodeTables>(file, migrations);
  }

  async find(key: PreparationKey): Promise<FoundPreparation | undefined> {
    const row = await this.#db
      .selectFrom('preparation')
      .selectAll()
      .where('pseudonym', '=', key.pseudonym)
      .where('record_id', '=', key.recordId)
      .where('key_epoch', '=', key.keyEpoch)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return {
      documentSha256: row.document_sha256 as Sha256, // written by `keep` from one
      inputText: row.input,
      input: z.record(z.string(), z.unknown()).parse(parseStrictJson(row.input, LIMITS)),
      envelope: envelopeContentSchema.parse(parseStrictJson(row.envelope, LIMITS)),
      isPublished: row.published_at !== null,
      isInUse: (row.sent_at ?? -Infinity) > this.now() - IN_USE_MILLIS,
    };
  }

  /** Keeps a preparation, in place of another that is neither published nor in use; false if there is such a one. */
  async keep(key: PreparationKey, preparation: Preparation): Promise<boolean> {
    const content = {
      document_sha256: preparation.documentSha256,
      input: canonicalJson(preparation.input),
      envelope: canonicalJson(preparation.envelope),
      prepared_at: this.now(),
      published_at: null,
      sent_at: null,
    };
    const result = await this.#db
      .insertInto('preparation')
      .values({ pseudonym: key.pseudonym, record_id: key.recordId, key_epoch: key.keyEpoch, ...content })
      .onConflict((conflict) =>
        conflict
          .columns(['pseudonym', 'record_id', 'key_epoch'])
          .doUpdateSet(content)
          .where('preparation.published_at', 'is', null)
          .where((is) => is.or([is('preparation.sent_at', 'is', null), is('preparation.sent_at', '<=', this.now() - IN_USE_MILLIS)])),
      )
      .executeTakeFirst();
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  /** To be called before the anchor leaves. */
  async markSent(key: PreparationKey): Promise<void> {
    await this.#update(key, { sent_at: this.now() });
  }

  /** To be called when the anchor certainly had no effect. */
  async markUnsent(key: PreparationKey): Promise<void> {
    await this.#update(key, { sent_at: null });
  }

  async markPublished(key: PreparationKey): Promise<void> {
    await this.#update(key, { published_at: this.now() });
  }

  /** Those that were not published within a day. */
  async ended(): Promise<readonly PreparationKey[]> {
    const rows = await this.#db
      .selectFrom('preparation')
      .select(['pseudonym', 'record_id', 'key_epoch'])
      .where('published_at', 'is', null)
      .where('prepared_at', '<', this.now() - UNPUBLISHED_MILLIS)
      .execute();
    return rows.map((row) => ({ pseudonym: row.pseudonym, recordId: row.record_id, keyEpoch: row.key_epoch }));
  }

  async forget(key: PreparationKey): Promise<void> {
    await this.#db
      .deleteFrom('preparation')
      .where('pseudonym', '=', key.pseudonym)
      .where('record_id', '=', key.recordId)
      .where('key_epoch', '=', key.keyEpoch)
      .execute();
  }

  async #update(key: PreparationKey, values: Partial<Pick<PreparationTable, 'sent_at' | 'published_at'>>): Promise<void> {
    await this.#db
      .updateTable('preparation')
      .set(values)
      .where('pseudonym', '=', key.pseudonym)
      .where('record_id', '=', key.recordId)
      .where('key_epoch', '=', key.keyEpoch)
      .execute();
  }

  /** Forgets what was published more than an hour ago: the ledger's private data have it. */
  async sweep(): Promise<void> {
    await this.#db
      .deleteFrom('preparation')
      .where('published_at', '<', this.now() - REPEATABLE_MILLIS)
      .execute();
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }
}
