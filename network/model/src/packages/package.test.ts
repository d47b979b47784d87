import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
    const code = join(dir, 'chaincode');
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
    ])('refuses `files` that %s', (_what, files, sentence) => {
      describeAs({ files });
      expect(() => digestOfFolder(code)).toThrow(sentence);
    });

    it.each([[[]], ['dist'], [[1]]])('refuses %j as `files`', (files) => {
      describeAs({ files });
      expect(() => digestOfFolder(code)).toThrow(/not a list of names/);
    });

    const starting = (command: string): object => ({ scripts: { 'start:server': command } });
    const dependsOn = (file: string): void => {
      const before = digestOfFolder(code);
      write(file, 'something else');
      expect([file, digestOfFolder(code)]).not.toEqual([file, before]);
    };
    const launcherThere = (): void => {
      write('node_modules/.bin/fabric-chaincode-node', '');
    };

    it.each([
      ['a launcher that loads `main`', { files: ['dist/lib'], main: 'index.js', ...starting('fabric-chaincode-node server') }],
      [
        'a launcher by its path',
        { files: ['dist/lib'], main: 'index.js', ...starting('node node_modules/.bin/fabric-chaincode-node server') },
      ],
      ['a launcher that loads a bundle', { files: ['dist/main.cjs'], main: 'dist/main.cjs', ...starting('fabric-chaincode-node server') }],
      ['a file that is no bundle', { files: ['dist/lib/b.js'], ...starting('node dist/lib/b.js server') }],
      ['a file without its ending', { files: ['dist/lib'], ...starting('node dist/lib/b server') }],
      ['the folder itself', { files: ['dist/main.cjs'], main: 'index.js', ...starting('node . server') }],
      ['a bundle that `files` does not name', { files: ['dist/lib/b.js'] }],
    ])('depends on all of it, whatever `files` says, if it starts %s', (_what, description) => {
      launcherThere();
      write('index.js', 'it runs');
      describeAs(description);
      dependsOn('index.js');
      dependsOn('src/main.ts');
    });

    it.each([
      "require('./lib/b.js')",
      'const b = require( "../index.js" )',
      'require(`./lib/b.js`)',
      "require('.')",
      "require('/etc/b.js')",
      "await import('./lib/b.js')",
    ])('depends on all of it, whatever `files` says, if the bundle loads other files: %s', (statement) => {
      write('dist/main.cjs', statement);
      write('index.js', 'it runs');
      describeAs({ files: ['dist/main.cjs'] });
      dependsOn('dist/lib/b.js');
      dependsOn('index.js');
    });

    it('depends on a bundle alone that loads nothing but what was installed', () => {
      write('dist/main.cjs', "const fs = require('node:fs'); require_lib('./lib/b.js'); require('a')");
      describeAs({ files: ['dist/main.cjs'] });
      const before = digestOfFolder(code);
      write('dist/lib/b.js', 'something else');
      expect(digestOfFolder(code)).toBe(before);
    });

    it('depends on a folder of its own that is called coverage, but not on a report of its tests', () => {
      dependsOn('dist/coverage/insurance.js');
      const before = digestOfFolder(code);
      write('coverage/index.html', '99 %');
      expect(digestOfFolder(code)).toBe(before);
    });

    const outside = join(dir, 'outside.cjs');
    it.each([
      ['outside', 'node ../outside.cjs server'],
      ['outside by a link', 'node linked.cjs server'],
      ['in coverage/', 'node coverage/main.cjs server'],
      ['in .git/', 'node .git/main.cjs server'],
      ['beside what was installed', 'node node_modules/../../outside.cjs server'],
      ['in what was installed somewhere else', 'node ../elsewhere/node_modules/main.cjs server'],
      ['in no file', 'node dist/none.cjs server'],
    ])('is refused, with and without `files`, if it starts %s', (_where, command) => {
      writeFileSync(outside, 'it runs');
      write('coverage/main.cjs', 'it runs');
      write('.git/main.cjs', 'it runs');
      write('../elsewhere/node_modules/main.cjs', 'it runs');
      symlinkSync(outside, join(code, 'linked.cjs'));
      for (const files of [undefined, ['dist/main.cjs'], ['linked.cjs']]) {
        describeAs({ files, ...starting(command) });
        expect(() => digestOfFolder(code)).toThrow(/which is not among the files that its package stands for/);
      }
    });

    it.each(['../outside.cjs', 'coverage/main', 'coverage', './.git/main.cjs'])(
      'is refused if a launcher would load %s, which `main` names',
      (main) => {
        launcherThere();
        writeFileSync(outside, 'it runs');
        write('coverage/main.js', 'it runs');
        write('coverage/index.js', 'it runs');
        write('.git/main.cjs', 'it runs');
        describeAs({ main, ...starting('fabric-chaincode-node server') });
        expect(() => digestOfFolder(code)).toThrow(/which is not among the files that its package stands for/);
      },
    );

    it.each(['--module-path ../other', '--module-path=../other', '--modulePath ../other', '-m ../other', '-m../other'])(
      'is refused if a launcher is told another folder: %s',
      (option) => {
        launcherThere();
        describeAs(starting(`fabric-chaincode-node server ${option}`));
        expect(() => digestOfFolder(code)).toThrow(/tells its launcher another folder/);
      },
    );

    it('is refused if a launcher would load a file beside the folder that has its name', () => {
      launcherThere();
      write('index.js', 'it runs');
      describeAs(starting('fabric-chaincode-node server'));
      dependsOn('index.js');
      writeFileSync(`${code}.js`, 'it runs');
      expect(() => digestOfFolder(code)).toThrow(/starts \.\.\/chaincode\.js, which is not among/);
      rmSync(`${code}.js`);
    });

    it('takes a launcher that was installed above it', () => {
      write('../node_modules/.bin/fabric-chaincode-node', '');
      write('index.js', 'it runs');
      describeAs(starting('fabric-chaincode-node server'));
      dependsOn('index.js');
      rmSync(join(dir, 'node_modules'), { recursive: true });
    });
  });
});
