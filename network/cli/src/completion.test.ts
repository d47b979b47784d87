import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeUnless } from '@lianyi/test/describe-unless';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { examples, exampleOf } from './examples';
import { runNetworkCli } from './program';
import { type VerbGroup, type VerbSpec } from './verb-spec';
import { lianyiNetwork } from './verb-table';

const run = async (...args: readonly string[]): Promise<{ exitCode: number; out: string; err: string }> => {
  const [out, err]: [string[], string[]] = [[], []];
  const output = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
  const exitCode = await runNetworkCli(['node', 'lianyi-network', ...args], output, {});
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
};

function verbsOf({ verbs, groups = [] }: VerbGroup, path: readonly string[] = []): readonly (readonly [readonly string[], VerbSpec])[] {
  return [
    ...verbs.map((spec) => [[...path, spec.name], spec] as const),
    ...groups.flatMap((group) => verbsOf(group, [...path, group.name])),
  ];
}
/** But those that are declared to say why they are not there. */
const verbs = verbsOf(lianyiNetwork).filter(([, { isLenient }]) => isLenient !== true);

describe('bash offers for lianyi-network', () => {
  let folder: string;
  let script: string;
  beforeAll(async () => {
    folder = scratchDirectory();
    writeFileSync(join(folder, 'consortium.yaml'), '');
    mkdirSync(join(folder, 'chaincode'));
    script = (await run('completion', 'bash')).out;
  });
  const offered = (...words: readonly string[]): readonly string[] => {
    const ask = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lianyi_network; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const shell = ['--norc', '-c', ask, 'bash', 'lianyi-network', ...words];
    const { stdout, stderr } = spawnSync('bash', shell, { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] } });
    expect(stderr).toBe('');
    return stdout
      .split('\n')
      .filter((word) => word !== '')
      .sort();
  };

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['both kinds of network', ['e'], ['embedded']],
    ['the verbs of one', ['fabric', 're'], ['removeOrg', 'restore']],
    ['those of a group', ['fabric', 'cc', 'in'], ['install', 'invoke']],
    ['options of a verb', ['embedded', 'addOrg', '--d'], ['--despite-lost-endorsement', '--dir', '--domain']],
    ['options after an option with its value', ['embedded', '--lang', 'zh', 'stop', '--j'], ['--json']],
    ['choices', ['embedded', 'up', '--preset', ''], ['test-network']],
    ['files', ['fabric', 'up', '--consortium', 'con'], ['consortium.yaml']],
    ['folders', ['fabric', 'up', '--chaincode', 'c'], ['chaincode']],
    ['languages', ['--lang', ''], ['en', 'zh']],
    ['nothing for a value that it cannot know', ['fabric', 'addOrg', '--msp-id', ''], []],
    ['nothing for a word that is none', ['nonsense', ''], []],
  ])('%s: %j', (_what, words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it('zsh the same by its bashcompinit', async () => {
    const { out } = await run('completion', 'zsh');
    expect(out).toMatch(/^autoload .*bashcompinit/);
    expect(out).toContain(script);
  });

  it.each(['fish', 'Bash', 'powershell', ''])('nothing for the shell %j, which is refused', async (shell) => {
    expect(await run('completion', shell)).toMatchObject({ exitCode: 2, out: '' });
  });
});

const missingZsh = spawnSync('zsh', ['--version']).status === 0 ? undefined : 'zsh is not there';
describeUnless(missingZsh, 'zsh offers for lianyi-network', () => {
  /** What zsh asks the function for by its own `compgen`, of which it shows what begins as the last word does. */
  const offered = async (...words: readonly string[]): Promise<readonly string[]> => {
    const folder = scratchDirectory();
    writeFileSync(join(folder, 'consortium.yaml'), '');
    const ask = `${(await run('completion', 'zsh')).out}
      words=("$@"); CURRENT=$#words; COMP_WORDS=("\${words[@]}"); COMP_CWORD=$((CURRENT - 1))
      compgen -F _lianyi_network -- "\${words[CURRENT]}"`;
    const env = { PATH: process.env['PATH'], HOME: folder };
    const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', ask, 'zsh', 'lianyi-network', ...words], {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    expect(stderr).toBe('');
    return stdout
      .split('\n')
      .filter((word) => word !== '' && word.startsWith(words.at(-1) ?? ''))
      .sort();
  };

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['both kinds of network', ['e'], ['embedded']],
    ['the verbs of one', ['fabric', 're'], ['removeOrg', 'restore']],
    ['those of a group', ['fabric', 'cc', 'in'], ['install', 'invoke']],
    ['options after an option with its value', ['embedded', '--lang', 'zh', 'stop', '--j'], ['--json']],
    ['files', ['fabric', 'up', '--consortium', 'con'], ['consortium.yaml']],
    ['nothing for a word that is none', ['nonsense', ''], []],
  ])('%s: %j', async (_what, words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });
});

describe('the help of a verb', () => {
  it.each(verbs.map(([path, spec]) => [path.join(' '), path, spec] as const))(
    'has an example with all that is required: %s',
    async (_words, path, spec) => {
      const example = exampleOf(path);
      const given = ` ${example ?? ''} `;
      const missing = Object.values(spec.options)
        .filter(({ schema }) => !schema.safeParse(undefined).success)
        .filter(({ flags, preset }) => preset === undefined && !given.includes(` ${flags.split(' ')[0] ?? ''} `));
      expect([example === undefined, missing]).toEqual([false, []]);
      for (const [language, title] of [
        ['en', 'Example:'],
        ['zh', '示例：'],
      ] as const) {
        const { out } = await run(...path, '--help', '--lang', language);
        const shown = out.slice(out.lastIndexOf(title) + title.length).replaceAll(/\s*\\\n\s*/g, ' ');
        expect(shown.trim()).toBe(['lianyi-network', ...path, example].join(' ').trim());
      }
      const known = Object.values(spec.options).map(({ flags }) => /--[a-z-]+/.exec(flags)?.[0]);
      expect(known).toEqual(expect.arrayContaining(example?.match(/--[a-z-]+/g) ?? []));
    },
  );

  it('has no example of a verb that is gone', () => {
    const known = verbs.flatMap(([path]) => [path.join(' '), path.slice(1).join(' ')]);
    expect(Object.keys(examples).filter((words) => !known.includes(words))).toEqual([]);
  });
});
