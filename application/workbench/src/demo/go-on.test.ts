import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runLianyi } from '@lianyi/cli';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { howToGoOn, howToStartAgain } from './go-on';

const left = { pseudonym: 'psn-1', grantee: 'department:HospitalBMSP:cardiology', recordId: 'rec-1' };
/** The words of a command line as a shell without expansions has them. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''));
}

/** The help of a command, printed into a text. */
async function helpOf(words: readonly string[]): Promise<string> {
  let help = '';
  const terminal = {
    env: {},
    columns: Number.POSITIVE_INFINITY,
    errColumns: Number.POSITIVE_INFINITY,
    out: (text: string) => {
      help += text;
    },
  };
  await runLianyi([...words, '--help'], terminal as unknown as Parameters<typeof runLianyi>[1]); // as much as help needs
  return help;
}

describe('the lines to go on with by hand', () => {
  const commands = howToGoOn('/data', left, 'en')
    .split('\n')
    .filter((line) => line.includes('npm run'));

  it('are the same commands in both languages', () => {
    const inChinese = howToGoOn('/data', left, 'zh').split('\n');
    expect(inChinese.filter((line) => line.includes('npm run'))).toEqual(commands);
    expect(commands).toHaveLength(10);
  });

  it.each(commands.map((line) => line.trim()))('are commands that there are: %s', async (line) => {
    const [npm, run, silent, name, dashes, ...words] = wordsOf(line);
    expect([npm, run, silent, name, dashes]).toEqual(['npm', 'run', '--silent', 'lianyi', '--']);
    const own = words[0] === '--as' ? words.slice(2) : words;
    const help = await helpOf(own.slice(0, 2));
    expect(help).toContain(`Usage: lianyi ${own.slice(0, 2).join(' ')}`);
    const flags = words.filter((word) => /^--./.test(word));
    expect(help.match(/--[a-z-]+/g)).toEqual(expect.arrayContaining(flags));
  });

  it('name the network, and each node that there was, for a later start', () => {
    const folder = scratchDirectory();
    for (const node of ['hospital-b', 'hospital-a']) mkdirSync(join(folder, 'nodes', node), { recursive: true });
    const told = howToStartAgain(folder, '/checkout', 'embedded', 'en');
    expect(told).toContain(`embedded up --consortium /checkout/consortium.yaml --chaincode /checkout/chaincode --dir ${folder}/network`);
    expect([...told.matchAll(/node start --config \S+nodes\/(\S+)\/node\.json/g)].map(([, node]) => node)).toEqual([
      'hospital-a',
      'hospital-b',
    ]);
  });
});
