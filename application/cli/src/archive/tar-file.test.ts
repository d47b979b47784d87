import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { run } from '../terminal.fixture';
import { type ArchivedBytes, filesOfTar, writeTar } from './tar-file';

const files: readonly ArchivedBytes[] = [
  { name: 'records/rec-1/evidence.json', bytes: Buffer.from('{}') },
  { name: 'records/rec-1/original.txt', bytes: Buffer.from('张三\n'.repeat(1000)) },
  { name: 'ledger/records.json', bytes: Buffer.alloc(0) },
];
async function* given(of: readonly ArchivedBytes[] = files): AsyncGenerator<ArchivedBytes, void, undefined> {
  await Promise.resolve();
  yield* of;
}
async function* failing(): AsyncGenerator<ArchivedBytes, void, undefined> {
  yield* given();
  throw new Error('the ledger is away');
}
const read = async (file: string): Promise<readonly ArchivedBytes[]> => {
  const found: ArchivedBytes[] = [];
  for await (const each of filesOfTar(file)) found.push(each);
  return found;
};

let folder: string;
beforeEach(() => {
  folder = scratchDirectory();
});
const at = (name: string): string => join(folder, name);

describe('an archive’s tar', () => {
  it('gives back what was packed, and is the same bytes whenever it is packed, for its owner alone', async () => {
    await writeTar(at('one.tar'), given());
    await writeTar(at('two.tar'), given());
    expect(readFileSync(at('one.tar')).equals(readFileSync(at('two.tar')))).toBe(true);
    expect(statSync(at('one.tar')).mode & 0o777).toBe(0o600);
    expect((await read(at('one.tar'))).map(({ name, bytes }) => [name, Buffer.from(bytes)])).toEqual(
      files.map(({ name, bytes }) => [name, Buffer.from(bytes)]),
    );
  });

  it('overwrites no file that is there', async () => {
    writeFileSync(at('taken.tar'), 'mine');
    await expect(writeTar(at('taken.tar'), given())).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(readFileSync(at('taken.tar'), 'utf8')).toBe('mine');
  });

  it('leaves nothing behind when what goes into it does not come', async () => {
    await expect(writeTar(at('part.tar'), failing())).rejects.toThrow('the ledger is away');
    expect(existsSync(at('part.tar'))).toBe(false);
  });

  it.each<readonly [string, (whole: Buffer) => Buffer]>([
    ['it is cut off', (whole) => whole.subarray(0, 3000)],
    ['its header is none', (whole) => Buffer.from(whole.map((byte, index) => (index === 150 ? byte ^ 1 : byte)))],
    ['it is some other file', () => Buffer.from('%PDF-1.7\n'.repeat(200))],
  ])('is refused where %s', async (_what, act) => {
    await writeTar(at('whole.tar'), given());
    writeFileSync(at('bad.tar'), act(readFileSync(at('whole.tar'))));
    await expect(read(at('bad.tar'))).rejects.toMatchObject({ code: 'ARCHIVE_BROKEN', details: { obstacle: 'not-a-tar' } });
  });

  it.each<readonly [string, 'symlink' | 'directory' | 'link']>([
    ['a link', 'symlink'],
    ['another name of a file', 'link'],
    ['a folder', 'directory'],
  ])('is refused by the name of %s in it', async (_what, type) => {
    const tar = pack();
    tar.entry({ name: 'summary.json', type, linkname: '/etc/hostname' });
    tar.finalize();
    const pieces: Buffer[] = [];
    for await (const piece of tar) pieces.push(piece as Buffer); // streamx does not say what it yields
    writeFileSync(at('link.tar'), Buffer.concat(pieces));
    await expect(read(at('link.tar'))).rejects.toMatchObject({
      code: 'ARCHIVE_BROKEN',
      details: { file: expect.stringContaining('summary.json') as string, obstacle: 'not-a-file' },
    });
  });
});

describe('lianyi archive verify', () => {
  it.each([
    ['en', /ARCHIVE_BROKEN: The archive is not as it was made/],
    ['zh', /ARCHIVE_BROKEN：归档与制作时不符/],
  ])('answers 1 and names the first file that does not fit, in %s, without a profile', async (language, why) => {
    await writeTar(at('records.tar'), given(files.slice(1)));
    const { code, stdout, stderr } = await run(['archive', 'verify', at('records.tar'), '--lang', language]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(why);
    expect(stderr).toContain('records/rec-1/original.txt');
  });

  it('says that a file is not there, and takes no hash that is none', async () => {
    expect((await run(['archive', 'verify', at('none.tar')])).stderr).toContain('FILE_UNREADABLE');
    expect(await run(['archive', 'verify', at('none.tar'), '--service', 'HospitalAMSP:abc'])).toMatchObject({ code: 2 });
  });
});
