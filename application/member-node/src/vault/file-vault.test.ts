import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import { join } from 'node:path';
import { collectBytes } from '@lianyi/client';
import { sha256, type Sha256 } from '@lianyi/domain';
import { buildProgram, startProgram } from '@lianyi/test/support/child-program';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type FileOperations, FileVault } from './file-vault';
import { waitUntil } from '@lianyi/test/wait-until';

const content = Buffer.from('sealed bytes');
const contentSha256 = sha256(content);

const hex = (hash: Sha256): string => Buffer.from(hash, 'base64url').toString('hex');
const fileOf = (directory: string, hash: Sha256): string => join(directory, 'objects', hex(hash).slice(0, 2), hex(hash));
const temporaries = (directory: string): string[] => readdirSync(join(directory, 'tmp'));

async function objects(vault: FileVault): Promise<Sha256[]> {
  const found: Sha256[] = [];
  for await (const hash of vault.list()) found.push(hash);
  return found;
}

/** The real file system, except that one operation fails, once or always. */
function failing(operation: keyof FileOperations | 'writeFile' | 'sync', code: string): FileOperations {
  const fault = (): never => {
    throw Object.assign(new Error(`${code}: simulated`), { code });
  };
  const open: FileOperations['open'] = async (...args) => {
    const file = await nodeFiles.open(...args);
    if (operation === 'writeFile') file.writeFile = fault;
    if (operation === 'sync') file.sync = fault;
    return file;
  };
  return { ...nodeFiles, open, ...(operation === 'rename' && { rename: fault }), ...(operation === 'open' && { open: fault }) };
}

describe('a file vault', () => {
  let directory: string;
  let vault: FileVault;
  beforeEach(async () => {
    directory = scratchDirectory();
    vault = await FileVault.open(directory);
  });

  it('stores an object under its hash and gives it back', async () => {
    expect(await vault.put([content])).toEqual({ sha256: contentSha256, sizeBytes: content.length });
    expect(readFileSync(fileOf(directory, contentSha256)).equals(content)).toBe(true);
    const { sizeBytes, bytes } = await vault.get(contentSha256);
    expect({ sizeBytes, bytes: Buffer.from(await collectBytes(bytes)) }).toEqual({ sizeBytes: content.length, bytes: content });
    expect(temporaries(directory)).toEqual([]);
  });

  it('keeps files from other users', async () => {
    await vault.put([content]);
    expect(statSync(fileOf(directory, contentSha256)).mode & 0o077).toBe(0);
    expect(statSync(join(directory, 'objects')).mode & 0o077).toBe(0);
  });

  it('stores 20 MiB that come in crumbs and in lumps as the same object', async () => {
    const whole = randomBytes(20 * 1024 * 1024);
    const crumbs = function* (): Generator<Buffer> {
      for (let offset = 0; offset < whole.length; offset += 10_007) yield whole.subarray(offset, offset + 10_007);
    };
    const expectedSha256 = sha256(whole);
    expect((await vault.put(crumbs(), { expectedSha256 })).sha256).toBe(expectedSha256);
    expect((await vault.put([whole], { expectedSha256 })).sha256).toBe(expectedSha256);
    expect(await objects(vault)).toEqual([expectedSha256]);
  });

  it('stores an empty object', async () => {
    const { sha256: hash, sizeBytes } = await vault.put([]);
    expect({ hash, sizeBytes }).toEqual({ hash: sha256(''), sizeBytes: 0 });
  });

  it('refuses bytes that are not those the hash names and keeps nothing', async () => {
    await expect(vault.put([content], { expectedSha256: sha256('other') })).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
    expect(await objects(vault)).toEqual([]);
    expect(temporaries(directory)).toEqual([]);
  });

  it('refuses one byte more than allowed, without reading on', async () => {
    let taken = 0;
    const source = function* (): Generator<Buffer> {
      for (;;) {
        taken += 1;
        yield Buffer.alloc(65_536);
      }
    };
    await expect(vault.put(source(), { maxBytes: 100_000 })).rejects.toMatchObject({ code: 'OBJECT_TOO_LARGE' });
    expect(taken).toBeLessThan(5);
    expect((await vault.put([Buffer.alloc(100_000)], { maxBytes: 100_000 })).sizeBytes).toBe(100_000);
    expect(temporaries(directory)).toEqual([]);
  });

  it('keeps nothing of a source that breaks off, and passes its fault on', async () => {
    const source = function* (): Generator<Buffer> {
      yield content;
      throw new Error('connection lost');
    };
    await expect(vault.put(source())).rejects.toThrow('connection lost');
    expect([await objects(vault), temporaries(directory)]).toEqual([[], []]);
  });

  it('does not know an object it was not given', async () => {
    await expect(vault.get(contentSha256)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await vault.has(contentSha256)).toBe(false);
    expect(await vault.delete(contentSha256)).toBe(false);
  });

  it('forgets an object it was told to delete', async () => {
    await vault.put([content]);
    expect([await vault.has(contentSha256), await vault.delete(contentSha256), await vault.has(contentSha256)]).toEqual([
      true,
      true,
      false,
    ]);
    await expect(vault.get(contentSha256)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['one bit rotted', (bytes) => Buffer.concat([Buffer.of((bytes[0] ?? 0) ^ 1), bytes.subarray(1)])],
    ['it was cut', (bytes) => bytes.subarray(0, -1)],
    ['it was emptied', () => Buffer.alloc(0)],
    ['it was replaced', () => Buffer.from('other bytes!')],
  ])('tells at the end of reading that %s, and takes the right object again', async (_what, damage) => {
    await vault.put([content]);
    chmodSync(fileOf(directory, contentSha256), 0o600);
    writeFileSync(fileOf(directory, contentSha256), damage(content));
    await expect(vault.get(contentSha256)).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
    await vault.put([content]);
    expect(content.equals(await collectBytes((await vault.get(contentSha256)).bytes))).toBe(true);
  });

  it('takes the same object from fifty writers at once, and different ones beside it', async () => {
    const others = Array.from({ length: 10 }, (_, index) => Buffer.from(`object ${index}`));
    await Promise.all([...Array.from({ length: 50 }, () => vault.put([content])), ...others.map((other) => vault.put([other]))]);
    expect((await objects(vault)).sort()).toEqual([content, ...others].map((object) => sha256(object)).sort());
    expect(content.equals(await collectBytes((await vault.get(contentSha256)).bytes))).toBe(true);
    expect(temporaries(directory)).toEqual([]);
  });

  it('finds everything again when it is opened anew', async () => {
    await vault.put([content]);
    expect(await objects(await FileVault.open(directory))).toEqual([contentSha256]);
  });
});

describe('a file vault whose disk fails', () => {
  it.each<[keyof FileOperations | 'writeFile' | 'sync', string]>([
    ['writeFile', 'ENOSPC'],
    ['sync', 'ENOSPC'],
    ['rename', 'ENOSPC'],
    ['open', 'EDQUOT'],
    ['writeFile', 'EFBIG'],
  ])('says so when %s answers %s, keeps nothing and goes on', async (operation, code) => {
    const directory = scratchDirectory();
    await FileVault.open(directory);
    const broken = await FileVault.open(directory, failing(operation, code));
    await expect(broken.put([content])).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    const vault = await FileVault.open(directory);
    expect([await objects(vault), temporaries(directory)]).toEqual([[], []]);
    expect((await vault.put([content])).sha256).toBe(contentSha256);
  });

  it('does not call another fault a lack of room', async () => {
    const broken = await FileVault.open(scratchDirectory(), failing('writeFile', 'EIO'));
    await expect(broken.put([content])).rejects.toMatchObject({ code: 'EIO' });
  });

  it('keeps the object it had when replacing it fails', async () => {
    const directory = scratchDirectory();
    await (await FileVault.open(directory)).put([content]);
    const broken = await FileVault.open(directory, failing('rename', 'ENOSPC'));
    await expect(broken.put([content])).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect(content.equals(await collectBytes((await broken.get(contentSha256)).bytes))).toBe(true);
  });
});

describe('a file vault whose process is killed while it writes', () => {
  it('leaves one temporary file, no object, and the next opening sweeps it', async () => {
    const directory = scratchDirectory();
    const { child, lines, ended } = startProgram(buildProgram(join(__dirname, 'put-slowly.fixture.ts')), directory);
    for (let line = await lines.next(); line.value !== '3'; line = await lines.next()) expect(line.done).toBe(false);
    expect(temporaries(directory)).toHaveLength(1);

    // while its writer lives, a vault opened beside it leaves the file alone
    await FileVault.open(directory);
    expect(temporaries(directory)).toHaveLength(1);

    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    const vault = await FileVault.open(directory);
    expect([await objects(vault), temporaries(directory)]).toEqual([[], []]);
  });

  it('sweeps what an earlier process of the same number left, but not what is being written here', async () => {
    const directory = scratchDirectory();
    const vault = await FileVault.open(directory);
    writeFileSync(join(directory, 'tmp', `${process.pid}-0000000000000000.part`), 'left behind');
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const source = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(100_000);
      await gate;
      yield content;
    };
    const writing = vault.put(source());
    await waitUntil('its part is there', () => temporaries(directory).length === 2);
    await FileVault.open(directory);
    expect(temporaries(directory)).toHaveLength(1);
    release();
    const { sha256: hash } = await writing;
    expect(hash).toBe(createHash('sha256').update(Buffer.alloc(100_000)).update(content).digest('base64url'));
    expect(existsSync(fileOf(directory, hash))).toBe(true);
  });
});
