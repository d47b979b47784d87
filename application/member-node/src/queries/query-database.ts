import { type ComparisonOperatorExpression, type ExpressionBuilder, type Kysely, type SelectQueryBuilder } from 'kysely';
import { type QueryRows } from '@lianyi/client/pointers';
import { type ColumnType, DomainError, type Query, type QueryParameters } from '@lianyi/domain';

/** Any view with any columns: which there are, the database knows. Names are checked by the template's schema and quoted by the builder. */
export type AnyView = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A hospital's own database, of which nodes read views. */
export interface QueryDatabase {
  /**
   * The rows of a registered query, in no order.
   * @param caller - for whom it is run: a member, or one of the own staff
   * @throws {@link DomainError} `QUERY_UNAVAILABLE`, `RESULT_TOO_LARGE`, `INVALID_REQUEST` — the parameters are not the template's; those of
   * a node that has too much to do
   */
  rows(query: Query, parameters: QueryParameters, caller: string): Promise<QueryRows>;
}

/** Of the canonical JSON of all rows; sealed and described it fits into what members take of each other. */
export const MOST_RESULT_BYTES = 1024 * 1024;
/** No pointer answers with more rows than this. */
export const MOST_ROWS = 1_000;

const operators: Readonly<Record<Query['conditions'][number]['is'], ComparisonOperatorExpression>> = {
  equal: '=',
  from: '>=',
  before: '<',
};

/** Why a query has no answer here; the database's own words may hold values, so they stay in the cause, which is neither sent nor logged. */
export function queryUnavailable(obstacle: string, cause?: unknown): DomainError {
  return new DomainError('QUERY_UNAVAILABLE', undefined, { obstacle }, { cause });
}

/**
 * Runs a query on a database: one `select` that the builder makes of names, with every parameter bound.
 *
 * Each column is read as text, and made from that what the template says, so that the same rows are the same bytes from every database.
 */
export async function runQuery(db: Kysely<AnyView>, query: Query, parameters: QueryParameters): Promise<QueryRows> {
  const found = await selection(db, query, boundParameters(query, parameters))
    .execute()
    .catch((cause: unknown) => {
      throw queryUnavailable(isTimedOut(cause) ? 'too-slow' : 'database', cause);
    });
  return spelledRows(query, found);
}

/** `query_canceled`, as the server says it when a statement has run for as long as it may (PostgreSQL, Appendix A). */
function isTimedOut(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === '57014';
}

/** The statement of a query and what is bound in it, for who runs it elsewhere. @throws {@link DomainError} `INVALID_REQUEST` */
export function statementOf(
  db: Kysely<AnyView>,
  query: Query,
  parameters: QueryParameters,
): { readonly sql: string; readonly parameters: readonly unknown[] } {
  return selection(db, query, boundParameters(query, parameters)).compile();
}

/**
 * Rows as a database has given them, each column a text, as what the template says that they are.
 * @throws {@link DomainError} `QUERY_UNAVAILABLE` (`column-type`), `RESULT_TOO_LARGE`
 */
export function spelledRows({ columns }: Query, found: readonly Readonly<Record<string, unknown>>[]): QueryRows {
  if (found.length > MOST_ROWS) throw new DomainError('RESULT_TOO_LARGE', undefined, { limit: MOST_ROWS });
  return found.map((row) => Object.fromEntries(columns.map(({ name, type }) => [name, valueOf(type, row[name])])));
}

type Bound = ReadonlyMap<string, string | number>;

function selection(
  db: Kysely<AnyView>,
  { view, columns, conditions }: Query,
  bound: Bound,
): Pick<SelectQueryBuilder<AnyView, string, Readonly<Record<string, unknown>>>, 'execute' | 'compile'> {
  const asText = (eb: ExpressionBuilder<AnyView, string>) =>
    columns.map(({ name }) => eb.cast<string | null>(eb.ref(name), 'text').as(name));
  return conditions
    .reduce((chosen, { column, is, parameter }) => chosen.where(column, operators[is], bound.get(parameter)), db.selectFrom(view))
    .select(asText)
    .limit(MOST_ROWS + 1);
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Exactly the declared parameters, each of its type. @throws {@link DomainError} `INVALID_REQUEST` */
function boundParameters({ parameters: declared }: Query, given: QueryParameters): Bound {
  const surplus = Object.keys(given).find((name) => !declared.some((parameter) => parameter.name === name));
  if (surplus !== undefined) throw misfit(surplus);
  return new Map(
    declared.map(({ name, type }) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      const fits = type === 'integer' ? typeof value === 'number' : typeof value === 'string' && (type === 'text' || DATE.test(value));
      if (value === undefined || !fits) throw misfit(name);
      return [name, value];
    }),
  );
}

function misfit(name: string): DomainError {
  return new DomainError('INVALID_REQUEST', 'not a parameter of the template, or not of its type', { path: `input.parameters.${name}` });
}

type Value = QueryRows[number][string];

/** Of each type the one spelling of a value. */
const spellings: Readonly<Record<ColumnType, (text: string) => Value | undefined>> = {
  text: (text) => text,
  integer: (text) => (/^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) + 0 : undefined),
  decimal: (text) => (/^-?\d+(?:\.\d+)?$/.test(text) ? shortest(text) : undefined),
  date: (text) => (DATE.test(text) ? text : undefined),
  boolean: (text) => (['true', '1', 't'].includes(text) ? true : ['false', '0', 'f'].includes(text) ? false : undefined),
};

function valueOf(type: ColumnType, text: unknown): Value {
  if (text === null) return null;
  const value = typeof text === 'string' && text.isWellFormed() ? spellings[type](text) : undefined;
  if (value === undefined) throw queryUnavailable('column-type');
  return value;
}

/** A decimal without the zeros that say nothing: one database gives `5.60`, another `5.6`. */
function shortest(text: string): string {
  const isNegative = text.startsWith('-');
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const digits = `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`.replace(/\.$/, '');
  return isNegative && digits !== '0' ? `-${digits}` : digits;
}
