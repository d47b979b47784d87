import type { Kysely } from 'kysely';
import { type MspId, type Sha256 } from '@lianyi/domain';
import { openDatabase } from '../ledger-index/node-sqlite';

interface DepositTables {
  deposit: { object_sha256: string; msp_id: string; version_hash: string };
}

const migrations = [
  `CREATE TABLE deposit (object_sha256 TEXT NOT NULL, msp_id TEXT NOT NULL, PRIMARY KEY (object_sha256, msp_id)) STRICT, WITHOUT ROWID`,
  // what was deposited before a deposit said for which record is sealed for none that a reader could ask for
  `DROP TABLE deposit;
   CREATE TABLE deposit (object_sha256 TEXT NOT NULL, msp_id TEXT NOT NULL, version_hash TEXT NOT NULL,
     PRIMARY KEY (object_sha256, msp_id, version_hash)) STRICT, WITHOUT ROWID`,
];

/** An object that a member has deposited for one version of a record. */
export interface Deposit {
  readonly objectSha256: Sha256;
  readonly depositor: MspId;
  /** {@link hashOfVersion}: of which record's version; the receipt says the same. */
  readonly versionHash: Sha256;
}

/**
 * Which members' objects this vault keeps, and for which versions of records.
 *
 * The ledger shows every object's hash and receipts to every member, so a member could anchor another's object as a record of its own
 * and ask for it under its own permit. Whoever has deposited an object has its bytes; nobody else's record opens it here.
 */
export class Deposits {
  readonly #db: Kysely<DepositTables>;

  /** @param file a path, or `:memory:` */
  constructor(file: string) {
    this.#db = openDatabase<DepositTables>({ file, content: 'kept' }, migrations);
  }

  /** To be called once the object is stored, and before its receipt is given out. */
  async add({ objectSha256, depositor, versionHash }: Deposit): Promise<void> {
    await this.#db
      .insertInto('deposit')
      .values({ object_sha256: objectSha256, msp_id: depositor, version_hash: versionHash })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** Whether this very deposit was made. */
  async isFor({ objectSha256, depositor, versionHash }: Deposit): Promise<boolean> {
    const query = this.#db
      .selectFrom('deposit')
      .select('msp_id')
      .where('object_sha256', '=', objectSha256)
      .where('msp_id', '=', depositor)
      .where('version_hash', '=', versionHash);
    return (await query.executeTakeFirst()) !== undefined;
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }
}
