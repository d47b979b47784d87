import type { DatabaseSync } from 'node:sqlite';
import type { ExpressionBuilder, ExpressionWrapper, Generated, Kysely, SelectQueryBuilder, SqlBool } from 'kysely';
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
}
/** One sending of a preparation's anchor that may still come into a block. */
interface SendingTable {
  sending: Generated<number>;
  pseudonym: string;
  record_id: string;
  key_epoch: number;
  ends_at: number;
}
interface NodeTables {
  preparation: PreparationTable;
  sending: SendingTable;
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
  // numbers are never given twice: who takes a mark of their own away takes no later one
  `CREATE TABLE sending (sending INTEGER PRIMARY KEY AUTOINCREMENT, pseudonym TEXT NOT NULL, record_id TEXT NOT NULL,
     key_epoch INTEGER NOT NULL, ends_at INTEGER NOT NULL) STRICT;
   CREATE INDEX sending_of ON sending (pseudonym, record_id, key_epoch);
   INSERT INTO sending (pseudonym, record_id, key_epoch, ends_at)
     SELECT pseudonym, record_id, key_epoch, sent_at + 900000 FROM preparation WHERE sent_at IS NOT NULL;
   ALTER TABLE preparation DROP COLUMN sent_at`,
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
  /** The anchor was sent, may still come into a block, and nobody can say what became of it. */
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
/** How long after the end of its statement an anchor may still come into a block: clocks differ, and orderers may be slow. */
const LATE_MILLIS = 5 * 60_000;
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
      isInUse: await this.#isInUse(key),
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
    };
    const result = await this.#db
      .insertInto('preparation')
      .values({ pseudonym: key.pseudonym, record_id: key.recordId, key_epoch: key.keyEpoch, ...content })
      .onConflict((conflict) =>
        conflict
          .columns(['pseudonym', 'record_id', 'key_epoch'])
          .doUpdateSet(content)
          .where((is) => is.not(is.exists(this.#sendings(key)))),
      )
      .executeTakeFirst();
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  /**
   * To be called before the anchor of this very input leaves. Each sending has a mark of its own, which lasts as long as its signed statement
   * may be committed: the same statement sent again prolongs nothing.
   * @param notAfter - of the statement
   * @returns the mark; undefined if another preparation has taken its place meanwhile
   */
  async markSent(key: PreparationKey, inputText: string, notAfter: Date): Promise<number | undefined> {
    const endsAt = notAfter.getTime() + LATE_MILLIS;
    await this.#db.deleteFrom('sending').where('ends_at', '<=', this.now()).execute();
    const marked = await this.#db
      .insertInto('sending')
      .columns(['pseudonym', 'record_id', 'key_epoch', 'ends_at'])
      .expression((from) =>
        from
          .selectFrom('preparation')
          .select((row) => ['pseudonym', 'record_id', 'key_epoch', row.val(endsAt).as('ends_at')])
          .where(isAt(key))
          .where('input', '=', inputText),
      )
      .returning('sending')
      .executeTakeFirst();
    return marked?.sending;
  }

  /** To be called when the anchor of this very sending certainly had no effect; what else is under way stays so. */
  async markUnsent(sending: number): Promise<void> {
    await this.#db.deleteFrom('sending').where('sending', '=', sending).execute();
  }

  /** Forgets what the ledger has, or what was purged; nothing of it is left in the file or its write-ahead log. */
  async forget(keys: readonly PreparationKey[]): Promise<void> {
    let deleted = 0n;
    for (const key of keys) {
      deleted += (await this.#db.deleteFrom('preparation').where(isAt(key)).executeTakeFirst()).numDeletedRows;
      await this.#db.deleteFrom('sending').where(isOf(key)).execute();
    }
    if (deleted > 0n) await forgetDeleted(this.#db);
  }

  /**
   * Forgets a preparation that has ended, unless it was replaced, or is being sent, since it was listed.
   * @returns whether it was forgotten
   */
  async end({ inputText, ...key }: ListedPreparation): Promise<boolean> {
    const ended = this.#db
      .deleteFrom('preparation')
      .where(isAt(key))
      .where('input', '=', inputText)
      .where('prepared_at', '<', this.now() - UNPUBLISHED_MILLIS)
      .where((is) => is.not(is.exists(this.#sendings(key))));
    if ((await ended.executeTakeFirst()).numDeletedRows === 0n) return false;
    await forgetDeleted(this.#db);
    return true;
  }

  /** Every preparation there is, with its input as it will be signed. */
  async all(): Promise<readonly ListedPreparation[]> {
    const columns = ['pseudonym', 'record_id', 'key_epoch', 'input', 'prepared_at'] as const;
    const rows = await this.#db.selectFrom('preparation').select(columns).execute();
    const listed = rows.map(async (row) => {
      const key = { pseudonym: row.pseudonym, recordId: row.record_id, keyEpoch: row.key_epoch };
      const isOld = row.prepared_at < this.now() - UNPUBLISHED_MILLIS;
      return { ...key, inputText: row.input, hasEnded: isOld && !(await this.#isInUse(key)) };
    });
    return Promise.all(listed);
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }

  async #isInUse(key: PreparationKey): Promise<boolean> {
    return (await this.#sendings(key).executeTakeFirst()) !== undefined;
  }

  /** Those of a preparation that may still come into a block. */
  #sendings(key: PreparationKey): SelectQueryBuilder<NodeTables, 'sending', { sending: number }> {
    return this.#db.selectFrom('sending').select('sending').where(isOf(key)).where('ends_at', '>', this.now());
  }
}

function isAt({ pseudonym, recordId, keyEpoch }: PreparationKey) {
  return (row: ExpressionBuilder<NodeTables, 'preparation'>): ExpressionWrapper<NodeTables, 'preparation', SqlBool> =>
    row.and({ pseudonym, record_id: recordId, key_epoch: keyEpoch });
}

function isOf({ pseudonym, recordId, keyEpoch }: PreparationKey) {
  return (row: ExpressionBuilder<NodeTables, 'sending'>): ExpressionWrapper<NodeTables, 'sending', SqlBool> =>
    row.and({ pseudonym, record_id: recordId, key_epoch: keyEpoch });
}

/** The key and nothing else that the caller's object may hold. */
function placeOf({ pseudonym, recordId, keyEpoch }: PreparationKey): PreparationKey {
  return { pseudonym, recordId, keyEpoch };
}
