import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { digestOfFolder, packChaincode } from '@lianyi/network-model';

/** The hospitals approve a hash: it must change with what runs, and with nothing else (ADR 0023). */

const ROOT = join(__dirname, '../../..');

type Edit = { readonly file: string; readonly from: string; readonly to: string };
type Built = { readonly bundle: Buffer; readonly failure?: string };

const none: Edit = { file: '', from: '', to: '' };
const same: readonly (readonly [string, Edit])[] = [
  ['a comment at the top of a file', { file: 'dispatch/router.ts', from: 'import ', to: '/** Another word. */\nimport ' }],
  ['a comment inside an expression', { file: 'ledger/keys.ts', from: 'parts.map(', to: 'parts.map(/* each of them */\n\n' }],
  ['a comment in the domain', { file: 'domain/src/ids.ts', from: 'export ', to: '/*! kept by some tools */ export ' }],
];
const another: readonly (readonly [string, Edit])[] = [
  ['a statement of the chaincode', { file: 'ledger/keys.ts', from: 'parts.map(', to: 'parts.toReversed().map(' }],
  ['a statement of the domain', { file: 'domain/src/ids.ts', from: '{1,64}', to: '{1,65}' }],
];
const stale = ['domain', 'chaincode'].map((room) => ({ room, path: join(ROOT, room, `dist/stale-${process.pid}.js`) }));
const edits: readonly Edit[] = [
  none,
  ...[...same, ...another].map(([, edit]) => edit),
  ...stale.map(({ path }) => ({ file: 'ledger/keys.ts', from: 'import ', to: `import ${JSON.stringify(path)};\nimport ` })),
];

/** Builds in a process of its own, started somewhere else, once for each edit of one of our files. */
function buildAll(dir: string): ReadonlyMap<string, Built> {
  const script = `
    const [build, dir, edits] = process.argv.slice(1);
    const { bundleChaincode } = require(build);
    async function bundle({ file, from, to }, index) {
      const change = (source, path) => (file === '' || !path.endsWith(file) ? source : source.replace(from, () => to));
      try {
        await bundleChaincode(dir + '/' + index + '.cjs', change);
        return {};
      } catch (error) {
        return { failure: error.message };
      }
    }
    (async () => {
      const outcomes = [];
      for (const [index, edit] of JSON.parse(edits).entries()) outcomes.push(await bundle(edit, index));
      process.stdout.write(JSON.stringify(outcomes));
    })();`;
  const said = execFileSync(process.execPath, ['-e', script, join(ROOT, 'chaincode/build.cjs'), dir, JSON.stringify(edits)], {
    cwd: tmpdir(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const outcomes = JSON.parse(said) as readonly { readonly failure?: string }[];
  return new Map(
    edits.map((edit, index) => [JSON.stringify(edit), { bundle: readFileSync(join(dir, `${index}.cjs`)), ...outcomes[index] }]),
  );
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
  let built: ReadonlyMap<string, Built>;
  let bundle: Buffer;
  const withEdit = (edit: Edit): Built => {
    const { file, from } = edit;
    const source = file.startsWith('domain/') ? join(ROOT, file) : join(ROOT, 'chaincode/src', file);
    if (file !== '') expect(readFileSync(source, 'utf8')).toContain(from); // else nothing would have been edited
    return built.get(JSON.stringify(edit)) ?? { bundle: Buffer.alloc(0), failure: 'not built' };
  };
  beforeAll(() => {
    for (const { path } of stale) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, 'module.exports = 1;');
    }
    try {
      built = buildAll(dir);
    } finally {
      for (const { path } of stale) rmSync(path);
    }
    ({ bundle } = withEdit(none));
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('holds no path of this machine and no source map', () => {
    const text = bundle.toString('utf8');
    expect(text).not.toContain(ROOT);
    expect(text).not.toContain('sourceMappingURL');
  });

  it.each(same)('has the same bytes with %s', (_what, edit) => {
    expect(withEdit(edit).bundle.equals(bundle)).toBe(true);
  });

  it.each(another)('has another id with %s', (_what, edit) => {
    const other = withEdit(edit).bundle;
    expect(other.equals(bundle)).toBe(false);
    expect(packageIdOf(copyWith(other))).not.toBe(packageIdOf(copyWith(bundle)));
  });

  it.each(stale.map(({ room }, index) => [room, edits.at(index - stale.length) ?? none] as const))(
    'is not built from what was built before: no file of %s/dist',
    (room, edit) => {
      expect(withEdit(edit).failure).toContain(`the bundle holds ${room}/dist/`);
    },
  );

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
