import { Option } from 'commander';
import { columnsOf, TERMINAL_COLUMNS, wrapColumns } from './columns';
import { failureTable } from './failure-table';
import { type HelpText } from './language';
import { runNetworkCli } from './program';
import { type VerbGroup, type VerbSpec } from './verb-spec';
import { lianyiNetwork } from './verb-table';

type Line = readonly [path: readonly string[], verb: VerbSpec];

function verbsOf({ verbs, groups = [] }: VerbGroup, path: readonly string[] = []): readonly Line[] {
  return [...verbs.map((spec): Line => [[...path, spec.name], spec]), ...groups.flatMap((group) => verbsOf(group, [...path, group.name]))];
}
function groupsOf(group: VerbGroup, path: readonly string[] = []): readonly (readonly [readonly string[], VerbGroup])[] {
  return [[path, group] as const, ...(group.groups ?? []).flatMap((inner) => groupsOf(inner, [...path, inner.name]))];
}
async function run(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  isRead = true,
): Promise<{ exitCode: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const output = { out: (line: string) => out.push(line), err: (line: string) => err.push(line), isRead };
  const exitCode = await runNetworkCli(['node', 'lianyi-network', ...argv], output, env);
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
}
const tooWide = (text: string): readonly string[] => text.split('\n').filter((line) => columnsOf(line) > TERMINAL_COLUMNS);

const unbroken = (text: string): string => text.replaceAll(/\s+/g, '');

const verbs = verbsOf(lianyiNetwork);
const groups = groupsOf(lianyiNetwork);
const texts: readonly (readonly [string, HelpText])[] = [
  ...groups.map(([path, { summary }]) => [`group ${path.join(' ')}`, summary] as const),
  ...verbs.flatMap(([path, spec]) => [
    [path.join(' '), spec.summary] as const,
    ...(spec.detail ? [[`${path.join(' ')} (detail)`, spec.detail] as const] : []),
    ...Object.values(spec.arguments).map(({ term, text }) => [`${path.join(' ')} ${term}`, text] as const),
    ...Object.values(spec.options).flatMap(({ flags, text, needs }) => [
      [`${path.join(' ')} ${flags}`, text] as const,
      ...(needs ? [[`${path.join(' ')} ${flags} (needs)`, needs] as const] : []),
    ]),
  ]),
  ...Object.entries(failureTable).flatMap(([code, { meaning, remedy }]) => [
    [`${code} meaning`, meaning] as const,
    [`${code} remedy`, remedy] as const,
  ]),
];

describe('the table of verbs', () => {
  it('has the verbs of both kinds of network', () => {
    const names = (kind: string): readonly string[] => verbs.filter(([[first]]) => first === kind).map(([path]) => path.slice(1).join(' '));
    expect(names('embedded')).toEqual(expect.arrayContaining([...names('fabric')]));
    expect(names('fabric')).toEqual([
      ...['up', 'doctor', 'down', 'stop', 'wait', 'status', 'node', 'logs', 'createChannel', 'deployCC', 'addOrg', 'removeOrg'],
      ...['snapshot', 'restore', 'prune'],
      ...['package', 'install', 'approve', 'commit', 'list', 'invoke', 'query'].map((name) => `cc ${name}`),
      ...['list', 'revoke', 'renew'].map((name) => `certs ${name}`),
    ]);
  });

  it('says everything in English and in Chinese', () => {
    const incomplete = texts.filter(([, { en, zh }]) => en.trim() === '' || zh.trim() === '' || /\p{Script=Han}/u.test(en));
    expect(incomplete.map(([where]) => where)).toEqual([]);
    const untranslated = texts.filter(([, { en, zh }]) => !/\p{Script=Han}/u.test(zh) && en !== zh.replaceAll('、', ', '));
    // an example is the same in both
    expect(untranslated.map(([where]) => where).filter((where) => !where.includes('(detail)'))).toEqual([]);
  });

  it('names each option as commander will', () => {
    for (const [, { options }] of verbs)
      for (const [key, { flags }] of Object.entries(options)) expect(new Option(flags).attributeName()).toBe(key);
  });

  it.each(['en', 'zh'])('prints the help of every verb and group within 80 columns: %s', async (language) => {
    for (const path of [...verbs.map(([path]) => path), ...groups.map(([path]) => path)]) {
      const { exitCode, out } = await run([...path, '--help', '--lang', language]);
      expect([path, exitCode, tooWide(out)]).toEqual([path, 0, []]);
    }
  });

  it('prints every option of a verb, and which must be given', async () => {
    const options = verbs.find(([path]) => path.join(' ') === 'fabric addOrg')?.[1].options ?? {};
    const { out } = await run(['fabric', 'addOrg', '--help', '--lang', 'zh']);
    for (const { flags } of Object.values(options)) expect(out).toContain(flags);
    expect(out).toMatch(/--msp-id <id> .*（必填）/);
    expect(out).not.toMatch(/--orderer .*（必填）/);
  });
});

describe('what is told in the language of the reader', () => {
  it('is chosen by --lang, else by the locale', async () => {
    const chinese = expect.stringContaining('用法：') as string;
    expect((await run(['--help', '--lang', 'zh'])).out).toEqual(chinese);
    expect((await run(['--help', '--lang=zh'], { LANG: 'en_US.UTF-8' })).out).toEqual(chinese);
    expect((await run(['--help'], { LANG: 'zh_CN.UTF-8' })).out).toEqual(chinese);
    expect((await run(['--help'], { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' })).out).not.toEqual(chinese);
    expect((await run(['--help', '--lang', 'en'], { LANG: 'zh_CN.UTF-8' })).out).not.toEqual(chinese);
    expect(await run(['--help', '--lang', 'fr'])).toMatchObject({ exitCode: 2, err: expect.stringContaining("'fr' is invalid") as string });
  });

  it.each([
    ['a misspelt option', ['fabric', 'certs', 'list', '--expirin', '3'], 'Did you mean --expiring?', '是否想用 --expiring？'],
    ['a misspelt verb', ['embedded', 'statsu'], 'Did you mean status?', '是否想用 status？'],
    ['a missing option', ['fabric', 'addOrg'], "required option '--msp-id <id>' not specified", '缺少必填选项 “--msp-id <id>”'],
    ['a missing argument', ['fabric', 'node', 'stop'], "missing required argument 'name'", '缺少参数 “name”'],
    ['a value that does not fit', ['fabric', 'logs', '--lines', '0'], 'a whole number from 1 is needed', '需要从 1 开始的整数'],
    ['a number of days that is none', ['fabric', 'certs', 'list', '--expiring', '1e3'], 'a whole number of days', '需要整数天数'],
    ['seconds without end', ['fabric', 'up', '--execute-timeout', '9999'], 'up to 3600 is needed', '需要不超过 3600 的秒数'],
    ['none of the choices', ['fabric', 'up', '--certificates', 'x'], 'in-process, fabric-ca', '可选：in-process, fabric-ca'],
    ['an argument too many', ['fabric', 'stop', 'now'], 'too many arguments', '参数过多'],
  ])('%s ends with 2, and with a sentence on standard error only', async (_what, argv, en, zh) => {
    for (const [language, sentence] of [
      ['en', en],
      ['zh', zh],
    ] as const) {
      const { exitCode, out, err } = await run([...argv, '--lang', language]);
      expect([exitCode, out, tooWide(err)]).toEqual([2, '', []]);
      expect(unbroken(err)).toContain(unbroken(sentence));
      expect(err).toContain({ en: '(--help shows all options)', zh: '（--help 列出所有选项）' }[language]);
    }
  });

  it('explains a failure by its code before its own sentence, which is last; JSON has the English one', async () => {
    const argv = ['fabric', 'status', '--dir', '/nowhere/network', '--json'];
    for (const [language, meaning, sentence] of [
      ['en', 'NOT_RUNNING: The network, or', 'no network runs in /nowhere/network'],
      ['zh', 'NOT_RUNNING：网络或', '/nowhere/network 中没有运行的网络'],
    ] as const) {
      const { exitCode, out, err } = await run([...argv, '--lang', language]);
      expect(exitCode).toBe(1);
      expect(err).toMatch(new RegExp(`^${meaning}`));
      expect(err.split('\n').at(-1)).toBe(`lianyi-network: ${sentence}`);
      expect(JSON.parse(out)).toEqual({ event: 'error', code: 'NOT_RUNNING', message: 'no network runs in /nowhere/network' });
    }
  });

  it('leaves the explanation out where no person reads it, unless it is asked for in Chinese', async () => {
    const argv = ['fabric', 'status', '--dir', '/nowhere/network'];
    const unread = async (language: string): Promise<readonly string[]> =>
      (await run([...argv, '--lang', language], {}, false)).err.split('\n');
    expect(await unread('en')).toEqual(['lianyi-network: no network runs in /nowhere/network']);
    expect(await unread('zh')).toHaveLength(3);
  });

  it('explains every code within 80 columns', () => {
    for (const [where, { en, zh }] of texts.filter(([name]) => /^[A-Z_]+ /.test(name))) {
      const prefix = where.endsWith('meaning') ? `${where.split(' ')[0] ?? ''}: ` : '  → ';
      expect([where, tooWide(prefix + en), tooWide(prefix + zh)]).toEqual([where, [], []]);
    }
  });
});

describe('a line that is too long', () => {
  it('is broken between words and between Chinese characters, never before a closing sign', () => {
    expect(wrapColumns('one two three', 7)).toBe('one two\nthree');
    expect(wrapColumns('网络的节点。', 10)).toBe('网络的节\n点。');
    expect(wrapColumns('用 NAME=DIR 指定', 8)).toBe('用\nNAME=DIR\n指定');
    expect(wrapColumns('ABCD、EFGH、IJ', 7)).toBe('ABCD、\nEFGH、\nIJ');
  });

  it('keeps an indent and an empty line', () => {
    expect(wrapColumns('a:\n\n  b c', 80)).toBe('a:\n\n  b c');
  });
});
