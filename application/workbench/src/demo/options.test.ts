import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { displayWidth } from '@lianyi/cli/wording';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type DemoOptions, NoDemo, parseOptions } from './options';

const folder = scratchDirectory();
mkdirSync(join(folder, 'empty'));

function parse(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { options?: DemoOptions; exitCode?: number; out: string; err: string } {
  let [out, err] = ['', ''];
  const call = {
    argv: ['node', 'demo', ...args],
    env: { INIT_CWD: folder, ...env },
    repositoryRoot: folder,
    out: (text: string) => (out += text),
    err: (text: string) => (err += text),
  };
  try {
    return { options: parseOptions(call), out, err };
  } catch (error) {
    if (!(error instanceof NoDemo)) throw error;
    return { exitCode: error.exitCode, out, err };
  }
}

const tooWide = (text: string): readonly string[] => text.split('\n').filter((line) => displayWidth(line) > 80);

describe('the demo’s command line', () => {
  it.each<readonly [Readonly<Record<string, string>>, readonly string[], string]>([
    [{}, [], 'en'],
    [{ LANG: 'zh_CN.UTF-8' }, [], 'zh'],
    [{ LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'en_US.UTF-8' }, [], 'zh'],
    [{ LC_ALL: '', LANG: 'zh_CN.UTF-8' }, [], 'zh'],
    [{ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, [], 'en'],
    [{ LANG: 'zh_CN.UTF-8' }, ['--lang', 'en'], 'en'],
    [{}, ['--lang=zh'], 'zh'],
  ])('tells the story in the language of %j %j: %s', (env, args, language) => {
    expect(parse(args, env).options).toMatchObject({ lang: language, keep: false, json: false, network: 'embedded' });
  });

  it.each([
    ['en', 'Usage: npm run demo', 'leave everything running'],
    ['zh', '用法：', '结束后保持运行'],
  ])('has its help within 80 columns: %s', (language, usage, keep) => {
    const { exitCode, out, err } = parse(['--help', '--lang', language]);
    expect([exitCode, err, tooWide(out)]).toEqual([0, '', []]);
    expect(out).toContain(usage);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(keep);
    if (language === 'zh') expect(out.match(/[a-z]{2,} [a-z]{2,} [a-z]{2,}/g)).toEqual(['npm run demo']);
  });

  it.each<readonly [string, readonly string[], string, string]>([
    ['a misspelt option', ['--kep'], 'Did you mean --keep?', '是否想用 --keep？'],
    ['a language that it has not', ['--lang', 'fr'], 'Allowed choices are en, zh', '可选：en, zh'],
    ['a network that it has not', ['--network', 'x'], 'embedded, fabric', '可选：embedded, fabric'],
    [
      'a folder that is not there',
      ['--documents', 'none'],
      `There is no folder ${join(folder, 'none')}`,
      `没有目录 ${join(folder, 'none')}`,
    ],
    ['a folder without documents', ['--documents', 'empty'], 'It holds no *.json file', '其中没有 *.json 文件'],
    ['a value that is missing', ['--documents'], 'argument missing', '缺少取值'],
    ['an argument', ['now'], 'too many arguments', '参数过多'],
  ])('refuses %s with 2 and a sentence', (_what, args, en, zh) => {
    for (const [locale, sentence] of [
      ['C', en],
      ['zh_CN.UTF-8', zh],
    ] as const) {
      const { exitCode, out, err } = parse(args, { LANG: locale });
      expect([exitCode, out, tooWide(err.replaceAll(folder, ''))]).toEqual([2, '', []]);
      expect(err.replaceAll(/\s+/g, '')).toContain(sentence.replaceAll(/\s+/g, ''));
    }
  });
});
