import type { Kysely } from 'kysely';
import { type z } from 'zod';
import { introducedSchema, MOST_INTRODUCED } from '@lianyi/client';
import {
  canonicalJson,
  hashOfJson,
  type IntroductionStatement,
  millisecondsOf,
  type MspId,
  parseStrictJson,
  type Pseudonym,
} from '@lianyi/domain';
import { forgetDeleted, openDatabase } from '../ledger-index/node-sqlite';
import { type PreparationSeal } from './preparation-seal';

type Introduced = z.output<typeof introducedSchema>;

interface IntroductionTables {
  introduction: {
    /** Of the two pseudonyms, under this node's key. */
    pair: Uint8Array;
    /** Of the one of this hospital, likewise. */
    own: Uint8Array;
    /** The other, sealed; null: it was withdrawn, and what was said before that comes too late. */
    other: Uint8Array | null;
    said_at: number;
  };
}

const migrations = [
  `CREATE TABLE introduction (pair BLOB PRIMARY KEY, own BLOB NOT NULL, other BLOB, said_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE INDEX introduction_of ON introduction (own)`,
];

/** Longer than any statement may be valid: until then a withdrawal must be remembered, so that nobody sends again what was said before it. */
const REMEMBERED_MILLIS = 3_600_000;
const LIMITS = { maxBytes: 4_096, maxDepth: 4 };

/**
 * By which other pseudonyms patients of this hospital have said to be known (ADR 0059). It stands in no block, so it cannot be had again from the
 * ledger. Who has the file without the node's key learns how many there are, and of nobody any.
 */
export class Introductions {
  readonly #db: Kysely<IntroductionTables>;

  /** @param file a path, or `:memory:` */
  constructor(
    file: string,
    private readonly seal: PreparationSeal,
    private readonly now: () => number = Date.now,
  ) {
    this.#db = openDatabase<IntroductionTables>({ file, content: 'kept' }, migrations);
  }

  /**
   * Keeps what a patient has said, or forgets it.
   * @param otherMspId - the hospital of the other pseudonym
   * @returns false if something later was said of the same two already
   */
  async note({ act, pseudonyms, issuedAt }: IntroductionStatement, otherMspId: MspId | undefined): Promise<boolean> {
    const [own, other] = pseudonyms;
    const said_at = millisecondsOf(issuedAt);
    const pair = this.seal.mac({ use: 'introduced-pair' }, hashOfJson([own, other]));
    const kept = { pseudonym: other, mspId: otherMspId ?? '', saidAt: issuedAt };
    const sealed = act === 'withdraw' ? null : this.seal.seal({ introducedTo: own }, canonicalJson(kept));
    const result = await this.#db
      .insertInto('introduction')
      .values({ pair, own: this.#macOf(own), other: sealed, said_at })
      .onConflict((conflict) => conflict.column('pair').doUpdateSet({ other: sealed, said_at }).where('introduction.said_at', '<', said_at))
      .executeTakeFirst();
    await this.#forget();
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  /** What a patient has said of a pseudonym of this hospital, the newest first. */
  async of(own: Pseudonym): Promise<readonly Introduced[]> {
    const rows = await this.#db
      .selectFrom('introduction')
      .select('other')
      .where('own', '=', this.#macOf(own))
      .where('other', 'is not', null)
      .orderBy('said_at', 'desc')
      .limit(MOST_INTRODUCED)
      .execute();
    return rows.flatMap(({ other }) => {
      // of a node that has another key now, nothing is known any more
      const text = other === null ? undefined : this.seal.open({ introducedTo: own }, other);
      return text === undefined ? [] : [introducedSchema.parse(parseStrictJson(text, LIMITS))];
    });
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }

  #macOf(own: Pseudonym): Buffer {
    return this.seal.mac({ use: 'introduced-to' }, hashOfJson(own));
  }

  /** What was withdrawn is overwritten at once; that something was, after an hour. */
  async #forget(): Promise<void> {
    const over = this.now() - REMEMBERED_MILLIS;
    await this.#db.deleteFrom('introduction').where('other', 'is', null).where('said_at', '<', over).execute();
    await forgetDeleted(this.#db);
  }
}
