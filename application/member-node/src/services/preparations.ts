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
}
interface NodeTables {
  preparation: PreparationTable;
}

const migrations = [
  `CREATE TABLE preparation (pseudonym TEXT NOT NULL, record_id TEXT NOT NULL, key_epoch INTEGER NOT NULL, document_sha256 TEXT NOT NULL,
     input TEXT NOT NULL, envelope TEXT NOT NULL, prepared_at INTEGER NOT NULL, published_at INTEGER,
     PRIMARY KEY (pseudonym, record_id, key_epoch)) STRICT`,
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

const REPEATABLE_MILLIS = 3_600_000;
const LIMITS = { maxBytes: 256 * 1024, maxDepth: 32 };

/** Records sealed and stored but not yet anchored: what publishing them will need. Not rebuildable, so not part of the index. */
export class Preparations {
  readonly #db: Kysely<NodeTables>;

  constructor(file: string) {
    this.#db = openDatabase<NodeTables>(file, migrations);
  }

  async find(key: PreparationKey): Promise<(Preparation & { inputText: string }) | undefined> {
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
    };
  }

  /** Keeps the first preparation of a key; false if there is one already. */
  async keep(key: PreparationKey, preparation: Preparation): Promise<boolean> {
    const result = await this.#db
      .insertInto('preparation')
      .values({
        pseudonym: key.pseudonym,
        record_id: key.recordId,
        key_epoch: key.keyEpoch,
        document_sha256: preparation.documentSha256,
        input: canonicalJson(preparation.input),
        envelope: canonicalJson(preparation.envelope),
        prepared_at: Date.now(),
        published_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  async markPublished(key: PreparationKey): Promise<void> {
    await this.#db
      .updateTable('preparation')
      .set({ published_at: Date.now() })
      .where('pseudonym', '=', key.pseudonym)
      .where('record_id', '=', key.recordId)
      .where('key_epoch', '=', key.keyEpoch)
      .execute();
  }

  /** Forgets what was published more than an hour ago: the ledger's private data have it. */
  async sweep(): Promise<void> {
    await this.#db
      .deleteFrom('preparation')
      .where('published_at', '<', Date.now() - REPEATABLE_MILLIS)
      .execute();
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }
}
