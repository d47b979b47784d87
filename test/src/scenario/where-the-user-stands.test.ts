import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from '../support/scratch-directory';
import { repositoryRoot } from './scenario';

/** A command as `npm run NAME` starts it for somebody who stands in `folder`: npm itself goes to the checkout. */
function runByNpm(name: 'lianyi' | 'lianyi-network', folder: string, ...args: readonly string[]): string {
  const main = { lianyi: 'application/cli/dist/main.js', 'lianyi-network': 'network/cli/dist/main.js' }[name];
  const env = { ...process.env, npm_lifecycle_event: name, INIT_CWD: folder };
  const { stdout, stderr } = spawnSync(process.execPath, [join(repositoryRoot, main), ...args], {
    cwd: repositoryRoot,
    encoding: 'utf8',
    env,
  });
  return stdout + stderr;
}

describe('a relative path on a command line that npm runs', () => {
  let folder: string;
  beforeEach(() => {
    folder = scratchDirectory();
  });

  it('is written below the folder of the user', () => {
    runByNpm('lianyi', folder, 'staff', 'key', '--out', 'mine.pem');
    expect([existsSync(join(folder, 'mine.pem')), existsSync(join(repositoryRoot, 'mine.pem'))]).toEqual([true, false]);
  });

  it('is read from there', () => {
    mkdirSync(join(folder, 'data/profiles'), { recursive: true });
    writeFileSync(join(folder, 'data/profiles/mine.json'), '{}');
    expect(runByNpm('lianyi', folder, 'profile', 'list', '--data-dir', 'data')).toContain('mine');
  });

  it('names the network of that folder', () => {
    expect(runByNpm('lianyi-network', folder, 'embedded', 'stop', '--dir', 'here', '--json')).toContain(`"${join(folder, 'here')}"`);
  });

  it('is the definition of that folder', () => {
    writeFileSync(join(folder, 'mine.yaml'), 'name: Not a name\n');
    expect(runByNpm('lianyi-network', folder, 'embedded', 'doctor', '--consortium', 'mine.yaml')).toContain('channel: ');
  });

  it('counts from the process’s own folder for whoever needs no npm', () => {
    const { stdout } = spawnSync(
      process.execPath,
      [join(repositoryRoot, 'network/cli/dist/main.js'), 'embedded', 'stop', '--dir', 'here', '--json'],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, INIT_CWD: repositoryRoot, npm_lifecycle_event: 'test' },
      },
    );
    expect(stdout).toContain(`"${join(folder, 'here')}"`);
  });
});
