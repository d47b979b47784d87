import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Kysely, sql } from 'kysely';
import { NewerDatabase, openDatabase } from './node-sqlite';
import { sqliteFailure } from './sqlite-failure';

type Tables = { line: { n: number; text: string } };
const migrations = ['CREATE TABLE line (n INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT'];

describe('a database of the node', () => {
  let folder: string;
  let file: string;
  const open = (content: 'rebuilt' | 'kept' = 'rebuilt'): Kysely<Tables> => openDatabase<Tables>({ file, content }, migrations);
  const made = async (): Promise<void> => {
    const db = open();
    const lines = Array.from({ length: 400 }, (_, n) => ({ n, text: 'x'.repeat(200) }));
    await db.insertInto('line').values(lines).execute();
    await db.destroy();
  };
  const refused = (code: string, content: 'rebuilt' | 'kept', cause: RegExp): void => {
    expect(() => open(content)).toThrow(
      expect.objectContaining({
        code,
        details: expect.objectContaining({ file, cause: expect.stringMatching(cause) as string }) as unknown,
      }) as Error,
    );
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'node-sqlite-'));
    file = join(folder, 'index.sqlite');
  });
  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  });

  it.each<readonly [string, (bytes: Buffer) => Buffer]>([
    ['that is text', () => Buffer.from('this is no database, but a text that somebody has put here by mistake. '.repeat(10))],
    ['whose header is gone', (bytes) => Buffer.concat([Buffer.alloc(100), bytes.subarray(100)])],
    ['whose first letter is another', (bytes) => Buffer.concat([Buffer.from('s'), bytes.subarray(1)])],
  ])('%s is named with what may be done about it', async (_what, damage) => {
    await made();
    writeFileSync(file, damage(readFileSync(file)));
    refused('DATABASE_UNUSABLE', 'rebuilt', /NOTADB/);
    expect(() => open('rebuilt')).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ remedy: expect.stringContaining('deleted') as string }) as unknown,
      }) as Error,
    );
    expect(() => open('kept')).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ remedy: expect.stringContaining('backup') as string }) as unknown,
      }) as Error,
    );
  });

  it.each<readonly [string, () => void]>([
    [
      'whose pages are overwritten',
      () => {
        const bytes = readFileSync(file);
        writeFileSync(file, bytes.fill(0xa5, 4_096));
      },
    ],
    [
      'that lost its second half',
      () => {
        truncateSync(file, 4_096 * 2);
      },
    ],
  ])('%s is named when it is read', async (_what, damage) => {
    await made();
    damage();
    const reading = async (): Promise<unknown> => {
      const db = open();
      return db
        .selectFrom('line')
        .selectAll()
        .execute()
        .finally(() => db.destroy());
    };
    await expect(reading()).rejects.toMatchObject({ code: 'DATABASE_UNUSABLE', details: { file, cause: /CORRUPT/ } });
  });

  it('that finds no room says so, with its name, and works again when there is room', async () => {
    await made();
    const db = open();
    const { rows } = await sql<{ page_count: number }>`PRAGMA page_count`.execute(db);
    const pages = rows[0]?.page_count ?? 0;
    await sql.raw(`PRAGMA max_page_count = ${pages}`).execute(db);
    const lines = Array.from({ length: 400 }, (_, n) => ({ n: 1_000 + n, text: 'y'.repeat(200) }));
    const insert = (): Promise<unknown> => db.insertInto('line').values(lines).execute();
    await expect(insert()).rejects.toMatchObject({ code: 'STORAGE_FULL', details: { file, cause: /FULL/ } });
    await sql.raw(`PRAGMA max_page_count = ${pages * 10}`).execute(db);
    await insert();
    await db.destroy();
  });

  it('is named where the file system has no room for it', () => {
    for (const code of ['ENOSPC', 'EDQUOT']) {
      const error = Object.assign(new Error('no room'), { code, syscall: 'open' });
      expect(sqliteFailure(error, { file, content: 'rebuilt' })).toMatchObject({ code: 'STORAGE_FULL', details: { file } });
    }
    const other = new Error('something else');
    expect(sqliteFailure(other, { file, content: 'rebuilt' })).toBe(other);
  });

  it('is named where its folder does not exist', () => {
    file = join(folder, 'missing', 'index.sqlite');
    refused('DATABASE_UNUSABLE', 'kept', /ENOENT/);
  });

  it('is its owner’s alone, also if an earlier version made it for everybody', async () => {
    new DatabaseSync(file).close();
    chmodSync(file, 0o644);
    await made();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('of a newer version is not touched', async () => {
    await made();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 9');
    db.close();
    expect(() => open()).toThrow(NewerDatabase);
  });
});
