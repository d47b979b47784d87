import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOfFolder, packChaincode } from '@lianyi/network-model';

/** The hospitals approve a hash: it must change with what runs, and with nothing else (ADR 0023). */

const ROOT = join(__dirname, '../../..');

type Edit = { readonly file: string; readonly from: string; readonly to: string };

/** Builds in a process of its own, started somewhere else, with one of our files edited first. */
function build(outfile: string, edit?: Edit): Buffer {
  const script = `
    const [build, outfile, edit] = process.argv.slice(1);
    const { file, from, to } = JSON.parse(edit);
    let edited = file === '';
    const change = (source, path) => {
      if (file === '' || !path.endsWith(file)) return source;
      edited = source.includes(from);
      return source.replace(from, () => to);
    };
    require(build).bundleChaincode(outfile, change).then(() => process.exit(edited ? 0 : 1));`;
  const args = [join(ROOT, 'chaincode/build.cjs'), outfile, JSON.stringify(edit ?? { file: '', from: '', to: '' })];
  execFileSync(process.execPath, ['-e', script, ...args], { cwd: tmpdir(), stdio: 'pipe' });
  return readFileSync(outfile);
}

describe('the chaincode package', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-bundle-'));
  const packageIdOf = (folder: string): string => packChaincode('emr_1.0', digestOfFolder(folder)).packageId;
  const copyWith = (bundle: Buffer): string => {
    const folder = mkdtempSync(join(dir, 'chaincode-'));
    for (const name of ['package.json', 'src', 'build.cjs', 'tsconfig.json'])
      cpSync(join(ROOT, 'chaincode', name), join(folder, name), { recursive: true });
    cpSync(join(ROOT, 'chaincode/dist'), join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'dist/chaincode.cjs'), bundle);
    return folder;
  };
  let bundle: Buffer;
  beforeAll(() => {
    bundle = build(join(dir, 'bundle.cjs'));
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('holds no path of this machine and no source map', () => {
    const text = bundle.toString('utf8');
    expect(text).not.toContain(ROOT);
    expect(text).not.toContain('sourceMappingURL');
  });

  it.each<[string, Edit]>([
    ['a comment at the top of a file', { file: 'dispatch/router.ts', from: 'import ', to: '/** Another word. */\nimport ' }],
    ['a comment inside an expression', { file: 'ledger/keys.ts', from: 'parts.map(', to: 'parts.map(/* each of them */\n\n' }],
    ['a comment in the domain', { file: 'domain/src/ids.ts', from: 'export ', to: '/*! kept by some tools */ export ' }],
  ])('has the same bytes with %s', (_what, edit) => {
    expect(build(join(dir, 'edited.cjs'), edit).equals(bundle)).toBe(true);
  });

  it.each<[string, Edit]>([
    ['a statement of the chaincode', { file: 'ledger/keys.ts', from: 'parts.map(', to: 'parts.toReversed().map(' }],
    ['a statement of the domain', { file: 'domain/src/ids.ts', from: '{1,64}', to: '{1,65}' }],
  ])('has another id with %s', (_what, edit) => {
    const other = build(join(dir, 'edited.cjs'), edit);
    expect(other.equals(bundle)).toBe(false);
    expect(packageIdOf(copyWith(other))).not.toBe(packageIdOf(copyWith(bundle)));
  });

  it.each(['domain', 'chaincode'])('is not built from what was built before: no file of %s/dist', (room) => {
    const stale = join(ROOT, room, `dist/stale-${process.pid}.js`);
    mkdirSync(join(ROOT, room, 'dist'), { recursive: true });
    writeFileSync(stale, 'module.exports = 1;');
    try {
      const edit = { file: 'ledger/keys.ts', from: 'import ', to: `import ${JSON.stringify(stale)};\nimport ` };
      expect(() => build(join(dir, 'stale.cjs'), edit)).toThrow(`the bundle holds ${room}/dist/`);
    } finally {
      rmSync(stale);
    }
  });

  it('has the same id with another README, test, source map or comment beside the bundle', () => {
    const folder = copyWith(bundle);
    const before = packageIdOf(folder);
    writeFileSync(join(folder, 'README.md'), '# What it is');
    writeFileSync(join(folder, 'src/ids.test.ts'), 'it.todo("says more");');
    writeFileSync(join(folder, 'src/main.ts'), '// another word\n');
    writeFileSync(join(folder, 'dist/main.js.map'), '{}');
    writeFileSync(join(folder, 'tsconfig.json'), '{}');
    expect(packageIdOf(folder)).toBe(before);
  });
});
