import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeUnless } from '@lianyi/test/describe-unless';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { commandAreas } from './areas';
import { run } from './terminal.fixture';

const folder = scratchDirectory();
let script = '';
beforeAll(async () => {
  mkdirSync(join(folder, 'profiles'));
  for (const name of ['patient.json', 'patient-b.json', 'registrar.json', 'registrar.data'])
    writeFileSync(join(folder, 'profiles', name), '');
  writeFileSync(join(folder, 'report.json'), '');
  script = (await run(['completion', 'bash'])).stdout;
});

/** What bash offers for the last of the words. */
function offered(...words: readonly string[]): readonly string[] {
  const ask = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lianyi; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', ask, 'bash', 'lianyi', ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LIANYI_DATA_DIR: folder },
  });
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter((word) => word !== '')
    .sort();
}

describe('bash offers', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['areas', ['a'], ['access', 'approval', 'archive', 'assist', 'audit']],
    ['help among them', ['he'], ['help']],
    ['the commands of an area', ['consent', 're'], ['revoke']],
    ['after an option with its value, too', ['--as', 'patient', 'consent', 'g'], ['grant']],
    ['the options of a command', ['consent', 'grant', '--pu'], ['--purposes']],
    ['and those of every command', ['record', 'list', '--as', 'patient', '--j'], ['--json']],
    ['the choices of an option', ['card', 'suspend', 'CARD', '--reason', 's'], ['stolen']],
    ['the languages', ['--lang', ''], ['en', 'zh']],
    ['the profiles of the data directory', ['--as', 'pat'], ['patient', 'patient-b']],
    ['files, where a file is meant', ['record', 'publish', 'rep'], ['report.json']],
    ['and after an option that takes one', ['tx', '--input', 'rep'], ['report.json']],
    ['nothing of completion itself', ['completion', ''], []],
    ['nothing for a value that it cannot know', ['record', 'list', '--after', ''], []],
    ['nothing for a word that is none', ['nonsense', ''], []],
  ])('%s: %j', (_, words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it('every command of every area', async () => {
    for (const { name, commands } of commandAreas) {
      const names = (await commands()).map((command) => command.name).filter((verb) => verb !== '');
      if (names.length > 0) expect(offered(name, '')).toEqual(names.sort());
    }
  });
});

it('zsh gets the same by its bashcompinit', async () => {
  const { stdout } = await run(['completion', 'zsh']);
  expect(stdout).toMatch(/^autoload .*bashcompinit/);
  expect(stdout).toContain(script.trim());
});

const missingZsh = spawnSync('zsh', ['--version']).status === 0 ? undefined : 'zsh is not there';
describeUnless(missingZsh, 'zsh offers', () => {
  /** What zsh asks the function for by its own `compgen`, of which it shows what begins as the last word does. */
  const offeredByZsh = async (...words: readonly string[]): Promise<readonly string[]> => {
    const { stdout: asked } = await run(['completion', 'zsh']);
    const ask = `${asked}
      words=("$@"); CURRENT=$#words; COMP_WORDS=("\${words[@]}"); COMP_CWORD=$((CURRENT - 1))
      compgen -F _lianyi -- "\${words[CURRENT]}"`;
    const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', ask, 'zsh', 'lianyi', ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: folder, LIANYI_DATA_DIR: folder },
    });
    expect(stderr).toBe('');
    return stdout
      .split('\n')
      .filter((word) => word !== '' && word.startsWith(words.at(-1) ?? ''))
      .sort();
  };

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['areas', ['a'], ['access', 'approval', 'archive', 'assist', 'audit']],
    ['the commands of an area', ['consent', 're'], ['revoke']],
    ['after an option with its value, too', ['--as', 'patient', 'consent', 'g'], ['grant']],
    ['the options of a command', ['consent', 'grant', '--pu'], ['--purposes']],
    ['the choices of an option', ['card', 'suspend', 'CARD', '--reason', 's'], ['stolen']],
    ['the profiles of the data directory', ['--as', 'pat'], ['patient', 'patient-b']],
    ['files, where a file is meant', ['record', 'publish', 'rep'], ['report.json']],
    ['nothing for a word that is none', ['nonsense', ''], []],
  ])('%s: %j', async (_, words, expected) => {
    expect(await offeredByZsh(...words)).toEqual(expected);
  });
});

it.each(['fish', 'Bash', '', 'powershell'])('a completion for %j is refused with what there is', async (shell) => {
  expect(await run(['completion', shell])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('bash, zsh') as string });
});

describe('`lianyi help`', () => {
  it.each([[], ['consent'], ['consent', 'grant'], ['errors'], ['errors', 'STALE_KEY'], ['audit', 'verify-chain']].map((words) => [words]))(
    '%j is what --help says',
    async (words) => {
      const { stdout } = await run([...words, '--help']);
      expect(stdout).toMatch(/^Usage: lianyi/);
      expect(await run(['help', ...words])).toEqual({ code: 0, stdout, stderr: '' });
    },
  );

  it.each([
    [['consnt'], 'Did you mean consent?'],
    [['consent', 'grnt'], 'Did you mean grant?'],
    [['rekord', 'list'], 'Did you mean record?'],
    [['audit', 'lst'], 'Did you mean list?'],
  ])('%j is refused with a suggestion, and runs nothing', async (words, text) => {
    expect(await run(['help', ...words])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(text) as string });
  });
});

describe('each command’s help', () => {
  it.each(commandAreas.map(({ name, commands }) => [name, commands] as const))(
    'of `lianyi %s` has an example with all that is required',
    async (area, commands) => {
      for (const spec of await commands()) {
        const words = spec.name === '' ? [area] : [area, spec.name];
        const { example } = spec;
        const given = `${example} `;
        expect({
          words,
          missing: spec.flags.filter(({ flags, required }) => required === true && !given.includes(`${flags.split(' ')[0] ?? ''} `)),
        }).toEqual({ words, missing: [] });
        for (const [language, title] of [
          ['en', 'Example:'],
          ['zh', '示例：'],
        ] as const) {
          const { stdout } = await run([...words, '--help', '--lang', language]);
          const shown = stdout.slice(stdout.indexOf(title) + title.length).replaceAll(/\s*\\\n\s*/g, ' ');
          expect(shown.trim()).toMatch(new RegExp(`^lianyi ${words.join(' ')}`));
          expect(shown).toContain(example);
        }
        // nothing that this command does not have
        const { stdout: help } = await run([...words, '--help', '--lang', 'en']);
        const known = help.slice(0, help.indexOf('Example:')).match(/--[a-z-]+/g) ?? [];
        expect(known).toEqual(expect.arrayContaining(example.match(/(?<=^| )--[a-z-]+/g) ?? []));
      }
    },
  );
});
