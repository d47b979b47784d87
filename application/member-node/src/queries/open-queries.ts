import { type NodeConfig } from '../node-config';
import { PostgresqlQueries } from './postgresql-queries';
import { type QueryDatabase } from './query-database';
import { SqliteQueries } from './sqlite-queries';

/** The database that the node's configuration names; undefined if it names none. Nothing is opened before the first query. */
export function openQueries(
  queries: NodeConfig['queries'],
  cleanups: (() => Promise<void> | void)[],
): { readonly database: QueryDatabase | undefined; readonly views: readonly string[] } {
  if (queries === undefined) return { database: undefined, views: [] };
  const { database, views } = queries;
  if (database.kind === 'sqlite') return { database: new SqliteQueries(database.file), views };
  const postgresql = new PostgresqlQueries(database.urlFile);
  cleanups.push(() => postgresql.close());
  return { database: postgresql, views };
}
