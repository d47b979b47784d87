import type { DatabaseSync } from 'node:sqlite';
import type { ExpressionBuilder, ExpressionWrapper, Kysely, SqlBool } from 'kysely';
import { z } from 'zod';
import { canonicalJson, envelopeSchema, parseStrictJson, type Sha256 } from '@lianyi/domain';
import { forgetDeleted, type Migration, openDatabase } from '../ledger-index/node-sqlite';
import { type PreparationSeal } from './preparation-seal';

interface PreparationTable {
  pseudonym: string;
  record_id: string;
  key_epoch: number;
  /** The document's hash under this node's key. */
  document_mac: Uint8Array;
  /** The signed-to-be input, canonical JSON: what the ledger will show to every member. */
  input: string;
  /** What the envelope will hold, sealed: fine metadata and the record's key, which is sealed to this organisation besides. */
  envelope: Uint8Array;
  prepared_at: number;
  /** When the anchor was sent; null again when it certainly had no effect. */
  sent_at: number | null;
}
interface NodeTables {
  preparation: PreparationTable;
}

/** As the second migration leaves it. */
const table = `CREATE TABLE preparation (pseudonym TEXT NOT NULL, record_id TEXT NOT NULL, key_epoch INTEGER NOT NULL,
  document_mac BLOB NOT NULL, input TEXT NOT NULL, envelope BLOB NOT NULL, prepared_at INTEGER NOT NULL,
  PRIMARY KEY (pseudonym, record_id, key_epoch)) STRICT`;

const migrationsWith = (seal: PreparationSeal): readonly Migration[] => [
  `CREATE TABLE preparation (pseudonym TEXT NOT NULL, record_id TEXT NOT NULL, key_epoch INTEGER NOT NULL, document_sha256 TEXT NOT NULL,
     input TEXT NOT NULL, envelope TEXT NOT NULL, prepared_at INTEGER NOT NULL, published_at INTEGER,
     PRIMARY KEY (pseudonym, record_id, key_epoch)) STRICT`,
  (db) => {
    sealOpenRows(db, seal);
  },
  'ALTER TABLE preparation ADD COLUMN sent_at INTEGER',
];

const openRow = z.object({
  pseudonym: z.string(),
  record_id: z.string(),
  key_epoch: z.number(),
  document_sha256: z.string(),
  input: z.string(),
  envelope: z.string(),
  prepared_at: z.number(),
});

/** An earlier version kept them in clear, published ones for an hour and longer. */
function sealOpenRows(db: DatabaseSync, seal: PreparationSeal): void {
  const rows = z.array(openRow).parse(db.prepare('SELECT * FROM preparation WHERE published_at IS NULL').all());
  db.exec(`DROP TABLE preparation; ${table}`);
  const insert = db.prepare('INSERT INTO preparation VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const row of rows) {
    const key = { pseudonym: row.pseudonym, recordId: row.record_id, keyEpoch: row.key_epoch };
    const mac = seal.mac(key, row.document_sha256 as Sha256); // written from one
    insert.run(row.pseudonym, row.record_id, row.key_epoch, mac, row.input, seal.seal(key, row.envelope), row.prepared_at);
  }
}

export const envelopeContentSchema = envelopeSchema.pick({ envelope: true, details: true, salts: true });
export type EnvelopeContent = z.output<typeof envelopeContentSchema>;

export type PreparationKey = {
  readonly pseudonym: string;
  readonly recordId: string;
  readonly keyEpoch: number;
};
export interface Preparation {
  readonly documentSha256: Sha256;
  readonly input: Readonly<Record<string, unknown>>;
  readonly envelope: EnvelopeContent;
}
/** A preparation as it was kept: whose document it is can be asked, not read. */
export interface KeptPreparation extends Omit<Preparation, 'documentSha256'> {
  readonly inputText: string;
  /** The anchor was sent within the last quarter of an hour, and nobody can say what became of it. */
  readonly isInUse: boolean;
  isOf(documentSha256: Sha256): boolean;
}
/** A preparation in a list of all. */
export interface ListedPreparation extends PreparationKey {
  readonly inputText: string;
  /** It was prepared a day ago, and its anchor is not under way. */
  readonly hasEnded: boolean;
}

/** What is not published within a day never will be. */
const UNPUBLISHED_MILLIS = 24 * 3_600_000;
/** A staff member's statement is good for ten minutes; clocks differ. */
const IN_USE_MILLIS = 15 * 60_000;
const LIMITS = { maxBytes: 256 * 1024, maxDepth: 32 };

/**
 * Records sealed and stored but not yet anchored: what publishing them will need. Not rebuildable, so not part of the index.
 *
 * Nothing stays here once the ledger has it: an anchored record's row, and one whose envelope is purged, is overwritten and gone.
 */
export class Preparations {
  readonly #db: Kysely<NodeTables>;

  /** @param file a path, or `:memory:` */
  constructor(
    file: string,
    private readonly seal: PreparationSeal,
    private readonly now: () => number = Date.now,
  ) {
    this.#db = openDatabase<NodeTables>({ file, content: 'kept' }, migrationsWith(seal));
  }

  /** One that this node's key does not open any more can serve nobody, and is forgotten. */
  async find(key: PreparationKey): Promise<KeptPreparation | undefined> {
    const row = await this.#db.selectFrom('preparation').selectAll().where(isAt(key)).executeTakeFirst();
    if (row === undefined) return undefined;
    const place = placeOf(key);
    const envelope = this.seal.open(place, row.envelope);
    if (envelope === undefined) {
      await this.forget([key]);
      return undefined;
    }
    return {
      isOf: (documentSha256) => this.seal.isMacOf(row.document_mac, place, documentSha256),
      inputText: row.input,
      isInUse: this.#isInUse(row),
      input: z.record(z.string(), z.unknown()).parse(parseStrictJson(row.input, LIMITS)),
      envelope: envelopeContentSchema.parse(parseStrictJson(envelope, LIMITS)),
    };
  }

  /** Keeps a preparation, in place of another that is not in use; false if there is one that is. */
  async keep(key: PreparationKey, preparation: Preparation): Promise<boolean> {
    const place = placeOf(key);
    const content = {
      document_mac: this.seal.mac(place, preparation.documentSha256),
      input: canonicalJson(preparation.input),
      envelope: this.seal.seal(place, canonicalJson(preparation.envelope)),
      prepared_at: this.now(),
      sent_at: null,
    };
    const result = await this.#db
      .insertInto('preparation')
      .values({ pseudonym: key.pseudonym, record_id: key.recordId, key_epoch: key.keyEpoch, ...content })
      .onConflict((conflict) =>
        conflict
          .columns(['pseudonym', 'record_id', 'key_epoch'])
          .doUpdateSet(content)
          .where((is) => is.or([is('preparation.sent_at', 'is', null), is('preparation.sent_at', '<=', this.now() - IN_USE_MILLIS)])),
      )
      .executeTakeFirst();
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  /** To be called before the anchor of this very input leaves; false if another preparation has taken its place meanwhile. */
  async markSent(key: PreparationKey, inputText: string): Promise<boolean> {
    const result = await this.#db
      .updateTable('preparation')
      .set({ sent_at: this.now() })
      .where(isAt(key))
      .where('input', '=', inputText)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  /** To be called when the anchor certainly had no effect. */
  async markUnsent(key: PreparationKey): Promise<void> {
    await this.#db.updateTable('preparation').set({ sent_at: null }).where(isAt(key)).execute();
  }

  /** Forgets what the ledger has, or what was purged; nothing of it is left in the file or its write-ahead log. */
  async forget(keys: readonly PreparationKey[]): Promise<void> {
    let deleted = 0n;
    for (const key of keys) {
      deleted += (await this.#db.deleteFrom('preparation').where(isAt(key)).executeTakeFirst()).numDeletedRows;
    }
    if (deleted > 0n) await forgetDeleted(this.#db);
  }

  /** Every preparation there is, with its input as it will be signed. */
  async all(): Promise<readonly ListedPreparation[]> {
    const columns = ['pseudonym', 'record_id', 'key_epoch', 'input', 'prepared_at', 'sent_at'] as const;
    const rows = await this.#db.selectFrom('preparation').select(columns).execute();
    return rows.map((row) => ({
      pseudonym: row.pseudonym,
      recordId: row.record_id,
      keyEpoch: row.key_epoch,
      inputText: row.input,
      hasEnded: row.prepared_at < this.now() - UNPUBLISHED_MILLIS && !this.#isInUse(row),
    }));
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }

  #isInUse({ sent_at }: Pick<PreparationTable, 'sent_at'>): boolean {
    return (sent_at ?? -Infinity) > this.now() - IN_USE_MILLIS;
  }
}

function isAt({ pseudonym, recordId, keyEpoch }: PreparationKey) {
  return (row: ExpressionBuilder<NodeTables, 'preparation'>): ExpressionWrapper<NodeTables, 'preparation', SqlBool> =>
    row.and({ pseudonym, record_id: recordId, key_epoch: keyEpoch });
}

/** The key and nothing else that the caller's object may hold. */
function placeOf({ pseudonym, recordId, keyEpoch }: PreparationKey): PreparationKey {
  return { pseudonym, recordId, keyEpoch };
}
