import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inOrder } from '@lianyi/client/pointers';
import { canonicalJson, type Query, type QueryParameters } from '@lianyi/domain';
import { PostgresqlQueries } from './postgresql-queries';
import { MOST_ROWS, type QueryDatabase } from './query-database';
import { SqliteQueries } from './sqlite-queries';
import { readingProgram } from './sqlite-reading.fixture';

/** The same suite on both databases; what differs between them is how a hospital has made its table. */

const query: Query = {
  view: 'laboratory_results',
  parameters: [
    { name: 'patient', type: 'text' },
    { name: 'since', type: 'date' },
    { name: 'least', type: 'integer' },
  ],
  columns: [
    { name: 'code', type: 'text' },
    { name: 'value', type: 'decimal' },
    { name: 'taken_on', type: 'date' },
    { name: 'count', type: 'integer' },
    { name: 'is_final', type: 'boolean' },
  ],
  conditions: [
    { column: 'patient_number', is: 'equal', parameter: 'patient' },
    { column: 'taken_on', is: 'from', parameter: 'since' },
    { column: 'count', is: 'from', parameter: 'least' },
  ],
};
const parameters: QueryParameters = { patient: 'P-1', since: '2026-01-02', least: 2 };
const rows = [
  ['P-1', 'b', '5.60', '2026-01-03', 2, 'true'],
  ['P-1', '甲', '-0.0', '2026-01-02', 3, 'false'],
  ['P-1', 'B', '120', '2026-02-01', 1000000, 'true'],
  ['P-1', 'B', '120', '2026-02-01', 1000000, 'true'],
  ['P-1', "o'hara; drop table laboratory_results", null, '2026-02-02', 4, null],
  ['P-1', 'too early', '1', '2026-01-01', 9, 'true'],
  ['P-1', 'too few', '1', '2026-01-09', 1, 'true'],
  ['P-2', 'another', '1', '2026-01-09', 9, 'true'],
] as const;
const literal = (value: string | number | null): string =>
  value === null ? 'null' : typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
const inserts = rows.map((row) => `insert into laboratory_results values (${row.map(literal).join(', ')});`).join('\n');
/** In the order of canonical JSON, which is neither's own. */
const expected = [
  '{"code":"B","count":1000000,"is_final":true,"taken_on":"2026-02-01","value":"120"}',
  '{"code":"B","count":1000000,"is_final":true,"taken_on":"2026-02-01","value":"120"}',
  '{"code":"b","count":2,"is_final":true,"taken_on":"2026-01-03","value":"5.6"}',
  '{"code":"o\'hara; drop table laboratory_results","count":4,"is_final":null,"taken_on":"2026-02-02","value":null}',
  '{"code":"甲","count":3,"is_final":false,"taken_on":"2026-01-02","value":"0"}',
];

const BRIEF_MILLIS = 300;
/** On a view that goes on and on. */
const slow: Query = {
  view: 'slow',
  parameters: [{ name: 'patient', type: 'text' }],
  columns: [{ name: 'code', type: 'text' }],
  conditions: [{ column: 'patient_number', is: 'equal', parameter: 'patient' }],
};

interface Running {
  readonly database: QueryDatabase;
  /** The same database, for which {@link BRIEF_MILLIS} are the limit. */
  readonly brief: QueryDatabase;
  /** Of the table's owner, who may write. */
  readonly change: (sql: string) => void;
  readonly stop: () => Promise<void>;
}

function sqlite(): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-queries-'));
  const file = join(folder, 'hospital.sqlite');
  const change = (text: string): void => {
    const db = new DatabaseSync(file);
    db.exec(text);
    db.close();
  };
  change('create table laboratory_results (patient_number text, code text, value text, taken_on text, count integer, is_final text);');
  change(inserts);
  change(`create view slow as with recursive numbers(i) as (select 1 union all select i + 1 from numbers)
    select 'P-' || i as patient_number, i as code from numbers`);
  const stop = (): Promise<void> => {
    rmSync(folder, { recursive: true });
    return Promise.resolve();
  };
  const program = readingProgram(folder);
  const brief = new SqliteQueries(file, { program, limitMillis: BRIEF_MILLIS });
  return Promise.resolve({ database: new SqliteQueries(file, { program }), brief, change, stop });
}

/** No server starts as root: then as nobody, whom every system has. */
const NOBODY = 65_534;
const asWhom = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
const run = (program: string, ...args: readonly string[]): { status: number | null; output: string } => {
  const options: SpawnSyncOptionsWithStringEncoding = { encoding: 'utf8', cwd: tmpdir(), env: { ...process.env, LC_ALL: 'C' }, ...asWhom };
  const { status, stdout, stderr } = spawnSync(program, args, options);
  return { status, output: `${stdout}${stderr}` };
};
const hasServer = ['initdb', 'pg_ctl', 'psql'].every((program) => run(program, '--version').status === 0);

/** A server of its own, reached by a socket in its own folder. */
function postgresql(): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-pg-'));
  if (asWhom.uid !== undefined) chownSync(folder, asWhom.uid, asWhom.gid);
  const data = join(folder, 'data');
  const must = (program: string, ...args: readonly string[]): void => {
    const { status, output } = run(program, ...args);
    if (status !== 0) throw new Error(output);
  };
  must('initdb', '-D', data, '-U', 'owner', '-A', 'trust', '-E', 'UTF8', '--no-sync');
  // what it prints goes into its log: a pipe of ours would never end
  must('pg_ctl', '-D', data, '-w', '-o', `-k ${folder} -c listen_addresses='' -c fsync=off`, '-l', join(folder, 'log'), 'start');
  const change = (text: string): void => {
    must('psql', '-h', folder, '-U', 'owner', '-d', 'postgres', '-v', 'ON_ERROR_STOP=1', '-q', '-c', text);
  };
  change(
    'create table laboratory_results (patient_number text, code text, value numeric(9,3), taken_on date, count integer, is_final boolean)',
  );
  change(inserts);
  const urlFile = join(folder, 'url');
  writeFileSync(urlFile, `postgresql://owner@localhost/postgres?host=${folder}\n`);
  chmodSync(urlFile, 0o600);
  change("create view slow as select 'P-1' as patient_number, 'x' as code from (select pg_sleep(60)) as waits");
  const [database, brief] = [new PostgresqlQueries(urlFile), new PostgresqlQueries(urlFile, BRIEF_MILLIS)];
  const stop = async (): Promise<void> => {
    await database.close();
    await brief.close();
    run('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
    rmSync(folder, { recursive: true, force: true });
  };
  return Promise.resolve({ database, brief, change, stop });
}

const kinds: readonly (readonly [string, () => Promise<Running>, boolean])[] = [
  ['SQLite', sqlite, true],
  // skipped where the programs of a server (initdb, pg_ctl, psql) are not on the PATH
  ['PostgreSQL', postgresql, hasServer],
];

describe.each(kinds)('a registered query on %s', (_kind, start, isHere) => {
  const told = isHere ? it : it.skip;
  let running: Running | undefined;
  const database = (): QueryDatabase => {
    if (running === undefined) throw new Error('no database');
    return running.database;
  };
  const ask = async (given: QueryParameters = parameters, changed: Partial<Query> = {}): Promise<readonly string[]> =>
    inOrder(await database().rows({ ...query, ...changed }, given, 'AMSP')).map((row) => canonicalJson(row));
  beforeAll(async () => {
    if (isHere) running = await start();
  }, 60_000);
  afterAll(() => running?.stop());

  told('gives the rows that meet every condition, each the same bytes whatever the database, in the one order', async () => {
    expect(await ask()).toEqual(expected);
  });

  told('gives none where none meets them, and none for a parameter that looks like a statement', async () => {
    expect(await ask({ ...parameters, patient: 'nobody' })).toEqual([]);
    expect(await ask({ ...parameters, patient: "x' or '1'='1" })).toEqual([]);
    expect(await ask({ ...parameters, patient: 'P-1"; drop table laboratory_results; --' })).toEqual([]);
    expect(await ask()).toEqual(expected);
  });

  told.each<readonly [string, QueryParameters]>([
    ['a parameter is missing', { patient: 'P-1', since: '2026-01-02' }],
    ['one is too many', { ...parameters, more: 'x' }],
    ['a number is a text', { ...parameters, least: '2' }],
    ['a text is a number', { ...parameters, patient: 1 }],
    ['a date is none', { ...parameters, since: '2.1.2026' }],
    ['it is named after what every object has', { patient: 'P-1', since: '2026-01-02', constructor: 2 }],
  ])('refuses when %s', async (_why, given) => {
    await expect(ask(given)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });

  told.each<readonly [string, Partial<Query>, string]>([
    ['there is no such view', { view: 'nothing' }, 'database'],
    ['there is no such column', { columns: [{ name: 'nothing', type: 'text' }] }, 'database'],
    ['a column is not of its type', { columns: [{ name: 'code', type: 'integer' }] }, 'column-type'],
    ['a column holds more than days', { columns: [{ name: 'code', type: 'date' }] }, 'column-type'],
  ])('says why there is no answer when %s', async (_why, changed, obstacle) => {
    await expect(ask(parameters, changed)).rejects.toMatchObject({ code: 'QUERY_UNAVAILABLE', details: { obstacle } });
  });

  told('changes when a single cell does', async () => {
    running?.change("update laboratory_results set value = '5.7' where code = 'b'");
    const changed = await ask();
    running?.change("update laboratory_results set value = '5.60' where code = 'b'");
    expect(changed.filter((row) => !expected.includes(row))).toEqual([
      '{"code":"b","count":2,"is_final":true,"taken_on":"2026-01-03","value":"5.7"}',
    ]);
    expect(await ask()).toEqual(expected);
  });

  told('ends what takes too long, and lets nobody wait for a caller who has filled their share with it', async () => {
    const tooSlow = { code: 'QUERY_UNAVAILABLE', details: { obstacle: 'too-slow' } };
    const brief = (caller: string): Promise<unknown> => running?.brief.rows(slow, { patient: 'P-1' }, caller) ?? Promise.resolve();
    const order: string[] = [];
    const many = Array.from({ length: 9 }, async () => {
      await expect(brief('BMSP')).rejects.toMatchObject(tooSlow);
      order.push('B');
    });
    await expect(brief('CMSP')).rejects.toMatchObject(tooSlow);
    order.push('C');
    await Promise.all(many);
    expect(order.indexOf('C')).toBeLessThan(5);
    expect(await ask()).toEqual(expected);
  });

  told('refuses more rows than a pointer answers with', async () => {
    const many = Array.from({ length: MOST_ROWS + 1 }, (_, index) => `('P-3', 'c${index}', 1, '2026-03-01', 5, 'true')`).join(', ');
    running?.change(`insert into laboratory_results values ${many}`);
    await expect(ask({ ...parameters, patient: 'P-3' })).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' });
  });
});

describe('a database that is not there', () => {
  it('has no answer, and is asked again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lianyi-queries-'));
    const file = join(folder, 'hospital.sqlite');
    const queries = new SqliteQueries(file, { program: readingProgram(folder) });
    const unavailable = { code: 'QUERY_UNAVAILABLE', details: { obstacle: 'database' } };
    await expect(queries.rows(query, parameters, 'AMSP')).rejects.toMatchObject(unavailable);
    writeFileSync(file, 'no database');
    await expect(queries.rows(query, parameters, 'AMSP')).rejects.toMatchObject(unavailable);
    await expect(new PostgresqlQueries(join(folder, 'url')).rows(query, parameters, 'AMSP')).rejects.toMatchObject(unavailable);
    rmSync(folder, { recursive: true });
  });
});
