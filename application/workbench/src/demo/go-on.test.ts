import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runLianyi } from '@lianyi/cli';
import { displayWidth } from '@lianyi/cli/wording';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { howToGoOn, howToStartAgain, keptAlready } from './go-on';

const left = { pseudonym: 'psn-1', grantee: 'department:HospitalBMSP:cardiology', recordId: 'rec-1' };
/** What is told, with each command on one line. */
const joined = (told: string): readonly string[] => told.replaceAll(/\s*\\\n\s*/g, ' ').split('\n');

/** The words of what is pasted, as a shell has them. */
function wordsOf(pasted: string): readonly string[] {
  const { stdout } = spawnSync('sh', ['-c', `npm() { printf '%s\\n' npm "$@"; }\n${pasted}`], { encoding: 'utf8', env: {} });
  return stdout.split('\n').slice(0, -1);
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
  const commands = joined(howToGoOn('/data', left, 'en')).filter((line) => line.includes('npm run'));

  it('are the same commands in both languages', () => {
    const inChinese = joined(howToGoOn('/data', left, 'zh'));
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
    const told = joined(howToStartAgain(folder, '/checkout', 'embedded', 'en')).join('\n');
    expect(told).toContain(`embedded up --consortium /checkout/consortium.yaml --chaincode /checkout/chaincode --dir ${folder}/network`);
    expect([...told.matchAll(/node start --config \S+nodes\/(\S+)\/node\.json/g)].map(([, node]) => node)).toEqual([
      'hospital-a',
      'hospital-b',
    ]);
  });

  it.each(['en', 'zh'] as const)('are no wider than 80 columns, but for a path: %s', (language) => {
    const folder = scratchDirectory();
    mkdirSync(join(folder, 'nodes', 'hospital-a'), { recursive: true });
    const told = [howToGoOn('/d', left, language), howToStartAgain(folder, '/c', 'fabric', language), keptAlready('/d', language)].join(
      '\n',
    );
    expect(told.split('\n').filter((line) => displayWidth(line) > 80)).toEqual([]);
  });

  it.each(['/with a blank/病历', "/o'clock/x", '/$HOME/`x`', '/a"b', '/a\\b', '/很长的文件夹名称'.repeat(9)])(
    'are taken by a shell from %s',
    (odd) => {
      const folder = join(scratchDirectory(), odd);
      mkdirSync(join(folder, 'nodes', 'hospital-a'), { recursive: true });
      const starting = howToStartAgain(folder, odd, 'embedded', 'zh');
      const [network = '', node = ''] = starting.split(/^ {2}(?=npm )/m).slice(1);
      expect(wordsOf(network).slice(5)).toEqual([
        ...['embedded', 'up', '--consortium', join(odd, 'consortium.yaml'), '--chaincode', join(odd, 'chaincode')],
        ...['--dir', join(folder, 'network')],
      ]);
      expect(wordsOf(node).at(-1)).toBe(join(folder, 'nodes', 'hospital-a', 'node.json'));
      const exported = howToGoOn(folder, left, 'en').match(/^ {2}export LIANYI_DATA_DIR=.*$/m)?.[0] ?? '';
      expect(wordsOf(`${exported}\nnpm "$LIANYI_DATA_DIR"`)).toEqual(['npm', folder]);
    },
  );
});
