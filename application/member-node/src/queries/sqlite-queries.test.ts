import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Query } from '@lianyi/domain';
import { SqliteQueries, type SqliteQueriesOptions } from './sqlite-queries';
import { readingProgram } from './sqlite-reading.fixture';

/** No end of rows, of which none is this patient's: one step of the database, which never ends. */
const ENDLESS = `create view endless as with recursive numbers(i) as (select 1 union all select i + 1 from numbers)
  select 'P-' || i as patient_number, i as code from numbers`;
const byPatient: Query = {
  view: 'endless',
  parameters: [{ name: 'patient', type: 'text' }],
  columns: [{ name: 'code', type: 'text' }],
  conditions: [{ column: 'patient_number', is: 'equal', parameter: 'patient' }],
};

describe('a query of a SQLite file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lianyi-queries-'));
    file = join(folder, 'hospital.sqlite');
    const db = new DatabaseSync(file);
    db.exec(`${ENDLESS}; create view quick as select 'P-1' as patient_number, 'one' as code`);
    db.close();
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const queries = (options: SqliteQueriesOptions = {}): SqliteQueries =>
    new SqliteQueries(file, { program: readingProgram(folder), ...options });
  const view = (text: string): void => {
    const db = new DatabaseSync(file);
    db.exec(text);
    db.close();
  };
  const tooSlow = { code: 'QUERY_UNAVAILABLE', details: { obstacle: 'too-slow' } };

  it('is ended once it takes too long, and the node goes on meanwhile', async () => {
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 20);
    await expect(queries({ limitMillis: 1_000 }).rows(byPatient, { patient: 'nobody' }, 'BMSP')).rejects.toMatchObject(tooSlow);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(10);
  });

  it('keeps waiting nobody but who asks for more of them', async () => {
    const asked = queries({ limitMillis: 3_000 });
    const ended: string[] = [];
    const ask = (name: string, caller: string, where: string): Promise<unknown> =>
      asked.rows({ ...byPatient, view: where }, { patient: 'P-1' }, caller).then(
        () => ended.push(name),
        () => ended.push(`${name} is too slow`),
      );
    view('drop view endless');
    view(ENDLESS.replace("'P-' || i", "'nobody' || i"));
    await Promise.all([
      ask('the first of B', 'BMSP', 'endless'),
      ask('the second of B', 'BMSP', 'quick'),
      ask('the one of C', 'CMSP', 'quick'),
      ask('the one of A', 'AMSP', 'quick'),
    ]);
    expect(ended).toEqual(['the one of C', 'the one of A', 'the first of B is too slow', 'the second of B']);
  });

  it.each<readonly [string, string]>([
    ['one text', `select 'P-1' as patient_number, hex(zeroblob(1000000)) as code`],
    [
      'many rows',
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 900)
       select 'P-1' as patient_number, hex(zeroblob(1000)) as code from n`,
    ],
    ['characters of several bytes', `select 'P-1' as patient_number, replace(hex(zeroblob(200000)), '0', '甲') as code`],
  ])('is read no further than a mebibyte, in %s', async (_what, text) => {
    view(`create view large as ${text}`);
    const refused = queries().rows({ ...byPatient, view: 'large' }, { patient: 'P-1' }, 'BMSP');
    await expect(refused).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE', details: { limitBytes: 1_048_576 } });
  });

  it.each<readonly [string, string]>([
    ['ends without an answer', 'process.exit(3);'],
    ['is none', 'import broken from nothing'],
  ])('has no answer when the program that reads %s', async (_how, text) => {
    const program = join(folder, 'other.cjs');
    writeFileSync(program, text);
    const refused = queries({ program }).rows({ ...byPatient, view: 'quick' }, { patient: 'P-1' }, 'BMSP');
    await expect(refused).rejects.toMatchObject({ code: 'QUERY_UNAVAILABLE', details: { obstacle: 'database' } });
  });
});
