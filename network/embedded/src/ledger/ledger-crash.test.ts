import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { LedgerDatabase } from './database';

describe('a process that is killed', () => {
  const repository = resolve(__dirname, '../../../..');
  const scratch = temporaryDir();
  afterAll(() => {
    scratch.remove();
  });

  /** Writes half of a block's rows, or accepts an envelope, then dies without any clean-up. */
  const PROGRAM = `
    import { LedgerDatabase } from './network/embedded/src/ledger/database';
    const [dir, at] = process.argv.slice(2);
    const database = new LedgerDatabase(dir);
    const insert = database.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
    insert.run('before', Buffer.from('kept'));
    database.transaction(() => {
      insert.run('inside', Buffer.from('half a block'));
      if (at === 'inside') process.kill(process.pid, 'SIGKILL');
    });
    process.kill(process.pid, 'SIGKILL');
  `;

  it.each([
    ['inside', ['before']],
    ['after', ['before', 'inside']],
  ])('%s a database transaction leaves it whole or not at all', (at, expected) => {
    const program = join(scratch.dir, 'program.cjs');
    buildSync({
      stdin: { contents: PROGRAM, resolveDir: repository, loader: 'ts' },
      bundle: true,
      platform: 'node',
      packages: 'external',
      outfile: program,
      logLevel: 'error',
    });
    const dir = join(scratch.dir, at);
    const ended = spawnSync(process.execPath, [program, dir, at], {
      env: { ...process.env, NODE_PATH: join(repository, 'node_modules') },
      timeout: 20_000,
      encoding: 'utf8',
    });
    expect([ended.signal, ended.stderr.replace(/.*ExperimentalWarning.*\n.*\n/, '')]).toEqual(['SIGKILL', '']);
    const database = new LedgerDatabase(dir);
    expect(
      database
        .prepare('SELECT name FROM meta ORDER BY name')
        .all()
        .map((row) => row['name']),
    ).toEqual(expected);
    database.close();
  });
});
