import type { Kysely } from 'kysely';
import { type MspId, type Sha256 } from '@lianyi/domain';
import { openDatabase } from '../ledger-index/node-sqlite';

interface DepositTables {
  deposit: { object_sha256: string; msp_id: string };
}

const migrations = [
  `CREATE TABLE deposit (object_sha256 TEXT NOT NULL, msp_id TEXT NOT NULL, PRIMARY KEY (object_sha256, msp_id)) STRICT, WITHOUT ROWID`,
];

/**
 * Which members' objects this vault keeps.
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
  async add(object: Sha256, depositor: MspId): Promise<void> {
    await this.#db
      .insertInto('deposit')
      .values({ object_sha256: object, msp_id: depositor })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async isFrom(object: Sha256, depositor: MspId): Promise<boolean> {
    const query = this.#db.selectFrom('deposit').select('msp_id').where('object_sha256', '=', object).where('msp_id', '=', depositor);
    return (await query.executeTakeFirst()) !== undefined;
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }
}
