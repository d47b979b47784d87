import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packArchive } from '../machine/tar';
import { CONNECTION_TEMPLATE, digestOfFolder, packChaincode } from './chaincode-package';

describe('a chaincode package', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-package-'));
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('has one id wherever it is made, and another for other code', () => {
    const mine = packChaincode('emr_1.0', 'aa');
    expect(packChaincode('emr_1.0', 'aa').packageId).toBe(mine.packageId);
    expect(packChaincode('emr_1.0', 'ab').packageId).not.toBe(mine.packageId);
    expect(mine.packageId).toMatch(/^emr_1\.0:[0-9a-f]{64}$/);
    // the bytes are the format: whoever changes them gives all organisations a new id
    expect(mine.packageId).toBe('emr_1.0:046453dc69ffb446bb7eba9c04d8cd150f39ed168b146dac2dc7e2c972a29859');
  });

  it('is an archive that others can read and holds neither key nor address', () => {
    writeFileSync(join(dir, 'p.tgz'), packChaincode('emr_1.0', 'aa').bytes);
    execFileSync('tar', ['-xzf', 'p.tgz'], { cwd: dir });
    expect(JSON.parse(readFileSync(join(dir, 'metadata.json'), 'utf8'))).toEqual({ type: 'ccaas', label: 'emr_1.0' });
    execFileSync('tar', ['-xzf', 'code.tar.gz'], { cwd: dir });
    expect(JSON.parse(readFileSync(join(dir, 'connection.json'), 'utf8'))).toEqual(CONNECTION_TEMPLATE);
    expect(JSON.parse(readFileSync(join(dir, 'code.json'), 'utf8'))).toEqual({ sha256: 'aa' });
  });

  it.each(['', '_emr', 'emr:1', 'emr 1'])('refuses the label "%s"', (label) => {
    expect(() => packChaincode(label, 'aa')).toThrow(/cannot be the label/);
  });

  it('refuses a name that does not fit the archive', () => {
    expect(() => packArchive([{ name: 'x'.repeat(101), content: Buffer.alloc(0) }])).toThrow(/too long/);
  });

  describe('of a folder', () => {
    const code = join(dir, 'code');
    const write = (file: string, content: string): void => {
      mkdirSync(join(code, file, '..'), { recursive: true });
      writeFileSync(join(code, file), content);
    };
    const describeAs = (description: object): void => {
      write('package.json', JSON.stringify({ scripts: { 'start:server': 'node dist/main.cjs server' }, ...description }));
    };
    beforeEach(() => {
      rmSync(code, { recursive: true, force: true });
      write('node_modules/a/index.js', '3');
      write('dist/main.cjs', '1');
      write('dist/lib/b.js', '2');
      write('README.md', 'what it does');
      describeAs({});
    });

    it('depends on all of it, but not on what was installed beside it', () => {
      const before = digestOfFolder(code);
      write('node_modules/a/index.js', '4');
      expect(digestOfFolder(code)).toBe(before);
      write('README.md', 'what it really does');
      expect(digestOfFolder(code)).not.toBe(before);
    });

    it.each([
      ['a file', ['dist/main.cjs']],
      ['a folder', ['dist/']],
    ])('depends on package.json and what its `files` names alone: %s', (_what, files) => {
      describeAs({ files });
      const before = digestOfFolder(code);
      write('README.md', 'what it really does');
      write('src/main.test.ts', 'a test');
      expect(digestOfFolder(code)).toBe(before);
      write('dist/main.cjs', '2');
      const other = digestOfFolder(code);
      expect(other).not.toBe(before);
      describeAs({ files, version: '2' });
      expect(digestOfFolder(code)).not.toBe(other);
    });

    it.each([
      ['is not there', ['dist/main.cjs', 'dist/c.js'], /not there/],
      ['lies outside', ['dist/main.cjs', '../other'], /not there/],
      ['lies outside by its whole path', ['dist/main.cjs', '/etc/hostname'], /not there/],
      ['was installed', ['dist/main.cjs', 'node_modules/a'], /not there/],
      ['is not what starts', ['dist/lib/b.js'], /starts dist\/main\.cjs, which 'files' of its package.json does not name/],
    ])('refuses `files` that %s', (_what, files, sentence) => {
      describeAs({ files });
      expect(() => digestOfFolder(code)).toThrow(sentence);
    });

    it.each([[[]], ['dist'], [[1]]])('refuses %j as `files`', (files) => {
      describeAs({ files });
      expect(() => digestOfFolder(code)).toThrow(/not a list of names/);
    });
  });
});
