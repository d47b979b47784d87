import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { scratchDirectory } from '../support/scratch-directory';
import { repositoryRoot } from './scenario';

jest.setTimeout(300_000);

/** The checkout as somebody has it who has not built it, nor installed what it needs. */
function unbuilt(): string {
  const checkout = scratchDirectory();
  const isSource = (path: string): boolean => !['dist', 'node_modules', '.lianyi'].includes(basename(path));
  const built = ['domain', 'chaincode', 'network', 'application'];
  for (const name of [...built, 'build-first.cjs', 'transpile.cjs', 'package.json', 'tsconfig.base.json'])
    cpSync(join(repositoryRoot, name), join(checkout, name), { recursive: true, filter: isSource });
  return checkout;
}

function run(checkout: string, command: string, ...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(checkout, command), ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

const commands = [
  ['lianyi', 'application/cli'],
  ['lianyi-network', 'network/cli'],
] as const;

describe('a command of a checkout that was not built', () => {
  it.each(commands)('%s builds it first, says so where no output is read, and is itself afterwards', (name, folder) => {
    const checkout = unbuilt();
    symlinkSync(join(repositoryRoot, 'node_modules'), join(checkout, 'node_modules'));
    const building = `${name} is not built yet; building (some seconds) …\n`;
    const helped = { status: 0, stdout: expect.stringContaining(`Usage: ${name} `) as string };
    expect(run(checkout, `${folder}/bin/${name}.cjs`, '--help')).toEqual({ ...helped, stderr: building });
    expect(existsSync(join(checkout, folder, 'dist/main.js'))).toBe(true);
    expect(run(checkout, `${folder}/bin/${name}.cjs`, '--help')).toEqual({ ...helped, stderr: '' });
  });

  it.each(commands)('%s says what to do when nothing was installed', (name, folder) => {
    expect(run(unbuilt(), `${folder}/bin/${name}.cjs`, '--version')).toEqual({
      status: 2,
      stdout: '',
      stderr: `${name} is not built. In the checkout: npm ci && npm run build\n`,
    });
  });

  it.each(commands)('%s is what the package’s bin names', (name, folder) => {
    const { bin } = jest.requireActual<{ bin: Readonly<Record<string, string>> }>(join(repositoryRoot, folder, 'package.json'));
    expect(bin).toEqual({ [name]: `bin/${name}.cjs` });
  });
});
