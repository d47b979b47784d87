import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { type QueryRows } from '@lianyi/client/pointers';
import { DomainError, type Query, type QueryParameters } from '@lianyi/domain';
import { Lane } from '../admission/lane';
import {
  type AnyView,
  MOST_RESULT_BYTES,
  MOST_ROWS,
  type QueryDatabase,
  queryUnavailable,
  spelledRows,
  statementOf,
} from './query-database';
import { type Reading, type ReadingAnswer } from './sqlite-reading';

/** As long as PostgreSQL is given (`statement_timeout`). */
const LIMIT_MILLIS = 10_000;
/** What a query takes beside the rows that it may give. */
const MEMORY_MIB = 128;
/** Each query has a processor for itself while it runs; no member and no staff keep the others waiting for more than one of theirs. */
const AT_ONCE = { atOnce: 2, perCaller: 1, waiting: 64, waitingPerCaller: 16, patienceMillis: 30_000 };

/** Makes statements and runs none. */
const statements = new Kysely<AnyView>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

export interface SqliteQueriesOptions {
  /** The program that reads; left out: the one beside this file. */
  readonly program?: string;
  readonly limitMillis?: number;
}

/**
 * A SQLite file of the hospital, opened to be read for each query: whoever keeps it may put another in its place.
 *
 * Each query is a process of its own. A statement of SQLite stands in the thread that runs it until it ends, and nothing but the end of its
 * process ends it before.
 */
export class SqliteQueries implements QueryDatabase {
  readonly #lane = new Lane(AT_ONCE);

  constructor(
    private readonly file: string,
    private readonly options: SqliteQueriesOptions = {},
  ) {}

  async rows(query: Query, parameters: QueryParameters, caller: string): Promise<QueryRows> {
    const { sql, parameters: bound } = statementOf(statements, query, parameters);
    if (!existsSync(this.file)) throw queryUnavailable('database');
    const limits = { mostRows: MOST_ROWS, mostBytes: MOST_RESULT_BYTES };
    // only texts and numbers are bound, as the template's types are
    const reading: Reading = { file: this.file, sql, parameters: bound as Reading['parameters'], ...limits };
    const answer = await this.#lane.run(caller, () => this.#read(reading));
    if ('rows' in answer) return spelledRows(query, answer.rows);
    if (answer.failed === 'too-large') throw new DomainError('RESULT_TOO_LARGE', undefined, { limitBytes: MOST_RESULT_BYTES });
    throw queryUnavailable(answer.failed);
  }

  #read(reading: Reading): Promise<ReadingAnswer | { readonly failed: 'too-slow' }> {
    const { program = join(__dirname, 'sqlite-reading.js'), limitMillis = LIMIT_MILLIS } = this.options;
    const { promise, resolve } = Promise.withResolvers<ReadingAnswer | { readonly failed: 'too-slow' }>();
    // parameters go by the channel: what stands in arguments or environment others on the machine can read
    const child = fork(program, [], {
      execArgv: ['--no-warnings', `--max-old-space-size=${MEMORY_MIB}`],
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let answer: ReadingAnswer | { readonly failed: 'too-slow' } = { failed: 'database' };
    const timer = setTimeout(() => {
      answer = { failed: 'too-slow' };
      child.kill('SIGKILL');
    }, limitMillis);
    child.once('message', (told) => {
      answer = told as ReadingAnswer; // of the program beside this file
    });
    // whatever ends it: only then has the next one room
    child.once('error', () => child.kill('SIGKILL'));
    child.once('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
    // where the machine has no descriptor left, there is a child without a channel, whose error comes
    if (child.connected) child.send(reading, () => undefined);
    return promise;
  }
}
