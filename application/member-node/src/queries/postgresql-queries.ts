import { readFile } from 'node:fs/promises';
import { Kysely, PostgresDialect } from 'kysely';
import { type QueryRows } from '@lianyi/client/pointers';
import { type Query, type QueryParameters } from '@lianyi/domain';
import { type AnyView, type QueryDatabase, queryUnavailable, runQuery } from './query-database';

/** What a session may do, whatever its user may: read, in time, and in the spelling of dates that every server has (ISO 8601). */
const SESSION = '-c default_transaction_read_only=on -c statement_timeout=10000 -c datestyle=ISO,YMD';
const MOST_CONNECTIONS = 8;
const CONNECT_MILLIS = 5_000;

/** A PostgreSQL database of the hospital. */
export class PostgresqlQueries implements QueryDatabase {
  #db: Promise<Kysely<AnyView>> | undefined;

  /** @param urlFile - a file that holds `postgresql://user:password@host:port/database` and nothing else; read with the first query */
  constructor(private readonly urlFile: string) {}

  async rows(query: Query, parameters: QueryParameters): Promise<QueryRows> {
    this.#db ??= this.#open();
    // a file that is not there yet is looked for again with the next query
    const db = await this.#db.catch((cause: unknown) => {
      this.#db = undefined;
      throw queryUnavailable('database', cause);
    });
    return runQuery(db, query, parameters);
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    await (await this.#db)?.destroy();
  }

  async #open(): Promise<Kysely<AnyView>> {
    // loaded by who has such a server, and by nobody else
    const { default: pg } = await import('pg');
    const connectionString = (await readFile(this.urlFile, 'utf8')).trim();
    const pool = new pg.Pool({ connectionString, options: SESSION, max: MOST_CONNECTIONS, connectionTimeoutMillis: CONNECT_MILLIS });
    // a connection that breaks while nobody uses it is made anew with the next query, which says if it cannot be
    pool.on('error', () => undefined);
    return new Kysely<AnyView>({ dialect: new PostgresDialect({ pool }) });
  }
}
