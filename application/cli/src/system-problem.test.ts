import { mkdirSync, readFileSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { problemOf } from './problem';

const folder = scratchDirectory();
const at = (name: string): string => join(folder, name);
beforeAll(() => {
  mkdirSync(at('folder/inner'), { recursive: true });
  writeFileSync(at('file'), '');
  symlinkSync(at('circle'), at('circle'));
});

/** What the call fails with, as the system says it. */
function thrown(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
const said = (code: string, fields: object = {}): Error => Object.assign(new Error(`${code}: told by the system`), { code, ...fields });

describe('what the operating system says no to', () => {
  it.each<readonly [string, () => unknown, code: string, detail: string]>([
    ['a file that is not there', () => readFileSync(at('none')), 'FILE_UNREADABLE', `${at('none')} ENOENT`],
    ['a folder for a file', () => readFileSync(at('folder')), 'FILE_UNREADABLE', 'EISDIR'],
    ['a file for a folder', () => readFileSync(at('file/inner')), 'FILE_UNREADABLE', `${at('file/inner')} ENOTDIR`],
    ['a link to itself', () => readFileSync(at('circle')), 'FILE_UNREADABLE', `${at('circle')} ELOOP`],
    ['a name that is too long', () => readFileSync(at('x'.repeat(300))), 'FILE_UNREADABLE', 'ENAMETOOLONG'],
    [
      'a file that is there',
      () => {
        writeFileSync(at('file'), '', { flag: 'wx' });
      },
      'FILE_EXISTS',
      `${at('file')} EEXIST`,
    ],
    [
      'a folder that is not empty',
      () => {
        rmdirSync(at('folder'));
      },
      'FILE_EXISTS',
      `${at('folder')} ENOTEMPTY`,
    ],
    ['a medium that is read only', () => said('EROFS', { path: '/cdrom/key.pem' }), 'FILE_UNREADABLE', '/cdrom/key.pem EROFS'],
    ['a full disk', () => said('ENOSPC', { path: '/data/report.json' }), 'STORAGE_FULL', '/data/report.json ENOSPC'],
    ['a quota', () => said('EDQUOT', { syscall: 'write' }), 'STORAGE_FULL', 'EDQUOT'],
    ['too many open files', () => said('EMFILE', { path: '/data/node.json' }), 'FILE_UNREADABLE', '/data/node.json EMFILE'],
    [
      'a port that is a system’s',
      () => said('EACCES', { syscall: 'listen', address: '0.0.0.0', port: 443 }),
      'PORT_NOT_ALLOWED',
      '0.0.0.0:443 EACCES',
    ],
    ['a host that nobody knows', () => said('ENOTFOUND', { hostname: 'node.invalid' }), 'ADDRESS_NOT_HERE', 'node.invalid ENOTFOUND'],
    ['no answer to a name', () => said('EAI_AGAIN', { hostname: 'node.example' }), 'ADDRESS_NOT_HERE', 'node.example EAI_AGAIN'],
  ])('%s is told with its place, in both languages, and what helps', (_what, act, code, detail) => {
    const problem = problemOf(thrown(act));
    expect(problem).toMatchObject({ code, exitCode: 1, detail: expect.stringContaining(detail) as string });
    for (const text of [problem.meaning, problem.remedy])
      expect(/\p{Script=Han}/u.test(text.zh) && !/\p{Script=Han}/u.test(text.en)).toBe(true);
  });

  describe('to listen', () => {
    let taken: Server;
    let port: number;
    beforeAll(async () => {
      taken = createServer();
      await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
      ({ port } = taken.address() as { port: number }); // a TCP server's address is no string
    });
    afterAll(() => {
      taken.close();
    });
    it.each<readonly [string, () => readonly [number, string], string]>([
      ['where another program does', () => [port, '127.0.0.1'], 'PORT_IN_USE'],
      ['where this machine is not', () => [0, '192.0.2.1'], 'ADDRESS_NOT_HERE'],
    ])('%s is told with address and port', async (_where, placeOf, code) => {
      const [number, host] = placeOf();
      const server = createServer();
      const failure = await new Promise((done) => server.once('error', done).listen(number, host));
      expect(problemOf(failure)).toMatchObject({ code, exitCode: 1, detail: expect.stringContaining(host) as string });
    });
  });

  it.each<readonly [string, unknown]>([
    ['another code', said('EODD')],
    ['no code', new Error('words')],
    ['a number for a code', Object.assign(new Error('x'), { code: 7 })],
    ['no error', 'a text'],
  ])('is unforeseen where nobody knows it: %s', (_what, error) => {
    expect(problemOf(error)).toMatchObject({ code: 'INTERNAL' });
  });
});
