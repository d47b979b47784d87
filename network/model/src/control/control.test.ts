import { mkdirSync } from 'node:fs';
import { type Server } from 'node:http';
import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { OperatorError } from '../machine/operator-error';
import { askStatus, serveControl } from './control';

const said = (code: string, words: string): Error => Object.assign(new Error(`${code}: ${words}`), { code });

describe('what a running network could not do is told to whoever asked', () => {
  let dir: string;
  let failure: Error;
  let server: Server;
  beforeAll(async () => {
    dir = join(scratchDirectory(), 'n');
    mkdirSync(dir, { mode: 0o700 });
    const status = (): Promise<never> => Promise.reject(failure);
    server = await serveControl({ dir, status } as unknown as Parameters<typeof serveControl>[0]); // as much as is asked
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  it.each<readonly [string, Error, string, string, string]>([
    [
      'its own sentence',
      new OperatorError('NOT_SIGNED', { en: 'nobody signed', zh: '无人签名' }),
      'NOT_SIGNED',
      'nobody signed',
      '无人签名',
    ],
    ['a full disk', said('ENOSPC', 'no space left'), 'DISK', 'there is no room left on the disk: ENOSPC: no space left', '磁盘空间不足'],
    ['a quota', said('EDQUOT', 'over quota'), 'DISK', 'there is no room left on the disk', '超出磁盘配额'],
    ['a medium that is read only', said('EROFS', 'read-only'), 'DISK', 'a file may not be written or read', '文件系统只读'],
    ['a file that is gone', said('ENOENT', 'no such file'), 'STATE_INCOMPLETE', 'a file is not as the network left it', '文件或目录不存在'],
    ['another failure', new Error('it broke'), 'NODE_FAILED', 'it broke', 'it broke'],
  ])('%s', async (_what, error, code, en, zh) => {
    failure = error;
    const told: unknown = await askStatus(dir).catch((thrown: unknown) => thrown);
    expect(told).toMatchObject({ name: 'OperatorError', code, message: expect.stringContaining(en) as string });
    expect((told as OperatorError).sentence.zh).toContain(zh);
  });
});
