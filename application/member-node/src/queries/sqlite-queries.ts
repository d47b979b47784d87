import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { type QueryRows } from '@lianyi/client/pointers';
import { type Query, type QueryParameters } from '@lianyi/domain';
import { nodeSqlite } from '../ledger-index/node-sqlite';
import { type AnyView, type QueryDatabase, queryUnavailable, runQuery } from './query-database';

/** A SQLite file of the hospital, opened to be read for each query: whoever keeps it may put another in its place. */
export class SqliteQueries implements QueryDatabase {
  constructor(private readonly file: string) {}

  async rows(query: Query, parameters: QueryParameters): Promise<QueryRows> {
    const db = this.#open();
    try {
      return await runQuery(db, query, parameters);
    } finally {
      await db.destroy();
    }
  }

  #open(): Kysely<AnyView> {
    if (!existsSync(this.file)) throw queryUnavailable('database');
    try {
      const database = new DatabaseSync(this.file, { readOnly: true, timeout: 5_000 });
      return new Kysely<AnyView>({ dialect: nodeSqlite(database, { file: this.file, content: 'kept' }) });
    } catch (cause) {
      throw queryUnavailable('database', cause);
    }
  }
}
