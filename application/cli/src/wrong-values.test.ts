import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { commandAreas } from './areas';
import { type CommandSpec } from './command-spec';
import { run } from './terminal.fixture';

const folder = scratchDirectory();
const JUNK = ['x', '', ',', '-1', '1.5', '9'.repeat(30), '病', '{', ':::'] as const;
/** Words of the schema library and of ours that are English alone. */
const ENGLISH = /\b(?:Invalid|expected|required|received|option|must)\b(?! ')/;

/** Every command line of a command with nothing, or with one option alone whose value is junk. */
function wrongLines(area: string, { name, arguments: terms, flags }: CommandSpec): readonly (readonly string[])[] {
  const words = [area, ...(name === '' ? [] : [name]), '--as', 'nobody', '--data-dir', folder];
  const given = terms.filter(({ term }) => term.startsWith('<')).map(({ choices }) => choices?.[0] ?? 'x');
  const valued = flags.filter(({ flags: spelt }) => spelt.includes('<'));
  const alone = valued.flatMap(({ flags: spelt }) => JUNK.map((value) => `${spelt.split(' ')[0] ?? ''}=${value}`));
  return [[...words, ...given], ...alone.map((option) => [...words, option, ...given])];
}

describe('a wrong command line is told what is wrong with it, in both languages', () => {
  it.each(commandAreas.map(({ name, commands }) => [name, commands] as const))('lianyi %s', async (area, commands) => {
    const unforeseen: unknown[] = [];
    for (const spec of await commands())
      for (const line of wrongLines(area, spec))
        for (const language of ['en', 'zh']) {
          const { code, stderr } = await run([...line, '--lang', language]);
          const isEnglish = language === 'zh' && ENGLISH.test(stderr.replaceAll(/“[^”]*”|`[^`]*`/g, ''));
          if (stderr.includes('INTERNAL') || (code !== 0 && stderr === '') || isEnglish) unforeseen.push({ line, stderr });
        }
    expect(unforeseen).toEqual([]);
  });

  it.each([
    ['consent', 'grant', '--to', 'role:HospitalAMSP:clinician'],
    ['access', 'request', '--pseudonym', 'x', '--purpose', 'TREAT'],
    ['staff', 'key'],
    ['ledger', 'wait'],
    ['node', 'status'],
  ])('what is missing is named: %s %s', async (...words) => {
    const told = async (language: string): Promise<string> => (await run([...words, '--lang', language])).stderr;
    expect(await told('en')).toMatch(/^USAGE: .*<[a-z]+>: required/s);
    expect(await told('zh')).toMatch(/^USAGE：.*<[a-z]+>：必填/s);
  });

  it.each([
    ['--limit', 'abc'],
    ['--limit', '1e3'],
    ['--limit', '0x10'],
    ['--limit', ' 1'],
  ])('a number that is none is told as that: %s %j', async (option, value) => {
    expect((await run(['audit', 'list', '--as', 'nobody', option, value])).stderr).toContain('--limit <n>: a whole number');
    expect((await run(['audit', 'list', '--as', 'nobody', option, value, '--lang', 'zh'])).stderr).toContain('--limit <n>：须为整数');
  });
});
