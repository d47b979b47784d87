import { readOwnerOnly } from '@lianyi/client/node';
import { Kysely, PostgresDialect } from 'kysely';
import { type QueryRows } from '@lianyi/client/pointers';
import { DomainError, type Query, type QueryParameters } from '@lianyi/domain';
import { Lane } from '../admission/lane';
import { type AnyView, type QueryDatabase, queryUnavailable, runQuery } from './query-database';

/** What a session may do, whatever its user may: read, and in the spelling of dates that every server has (ISO 8601). */
const SESSION = '-c default_transaction_read_only=on -c datestyle=ISO,YMD';
const MOST_CONNECTIONS = 8;
const CONNECT_MILLIS = 5_000;
const LIMIT_MILLIS = 10_000;
/** A connection for each that runs; no member and no staff keep the others waiting for more than two of theirs. */
const AT_ONCE = { atOnce: MOST_CONNECTIONS, perCaller: 2, waiting: 64, waitingPerCaller: 16, patienceMillis: 30_000 };

/** A PostgreSQL database of the hospital. */
export class PostgresqlQueries implements QueryDatabase {
  #db: Promise<Kysely<AnyView>> | undefined;
  readonly #lane = new Lane(AT_ONCE);

  /**
   * @param urlFile - a file that holds `postgresql://user:password@host:port/database` and nothing else; read with the first query
   * @param limitMillis - what takes longer, the server ends
   */
  constructor(
    private readonly urlFile: string,
    private readonly limitMillis = LIMIT_MILLIS,
  ) {}

  async rows(query: Query, parameters: QueryParameters, caller: string): Promise<QueryRows> {
    this.#db ??= this.#open();
    // a file that is not there yet is looked for again with the next query
    const db = await this.#db.catch((cause: unknown) => {
      this.#db = undefined;
      if (cause instanceof DomainError && cause.code === 'QUERY_UNAVAILABLE') throw cause;
      throw queryUnavailable('database', cause);
    });
    return this.#lane.run(caller, () => runQuery(db, query, parameters));
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    await (await this.#db)?.destroy();
  }

  async #open(): Promise<Kysely<AnyView>> {
    // loaded by who has such a server, and by nobody else
    const { default: pg } = await import('pg');
    const connectionString = (await readOwnerOnly(this.urlFile)).trim();
    assertProtected(connectionString);
    const options = `${SESSION} -c statement_timeout=${this.limitMillis}`;
    const pool = new pg.Pool({ connectionString, options, max: MOST_CONNECTIONS, connectionTimeoutMillis: CONNECT_MILLIS });
    // a connection that breaks while nobody uses it is made anew with the next query, which says if it cannot be
    pool.on('error', () => undefined);
    return new Kysely<AnyView>({ dialect: new PostgresDialect({ pool }) });
  }
}

const OWN_MACHINE: readonly string[] = ['localhost', '127.0.0.1', '[::1]', '::1'];

/**
 * Rows and password go over a network only to a server whose certificate is verified.
 * @throws {@link DomainError} `QUERY_UNAVAILABLE` (`connection-not-protected`)
 */
export function assertProtected(connectionString: string): void {
  if (!URL.canParse(connectionString)) throw queryUnavailable('database');
  const url = new URL(connectionString);
  // as pg reads it: the parameter goes before the authority, and a path is a socket
  const host = last(url, 'host') || decodeURIComponent(url.hostname);
  const isOwn = host === '' || host.startsWith('/') || OWN_MACHINE.includes(host);
  if (!isOwn && last(url, 'sslmode') !== 'verify-full') throw queryUnavailable('connection-not-protected');
}

/** Of a parameter that stands there more than once, pg takes the last. */
function last(url: URL, name: string): string {
  return url.searchParams.getAll(name).at(-1) ?? '';
}
