import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { displayWidth, wrapToWidth } from '@lianyi/cli/wording';
import { type ConsortiumKind } from '../network-process';
import { type StoryLanguage } from './report';

/** What the commands to go on with have to name. */
export type LeftBehind = { readonly pseudonym: string; readonly grantee: string; readonly recordId: string };

/** Terminals are at least as wide. */
const COLUMNS = 80;

/** The story ends with a revocation, version 2 of the policy; granting again writes the next. */
const NEXT_VERSION = 3;

const sentences = {
  en: {
    already: 'A demo was kept before. Go on with it, or remove the folder first, with its ledger, keys and wallets: ',
    kept: 'Stopped. Ledger, keys, wallets and documents stay in:',
    restart: 'To start it again, each in a terminal of its own, in the checkout:',
    running: 'Everything is still running; Ctrl-C stops it and keeps what was made. In a second terminal, in this folder:',
    again: 'The story by hand (the request prints TICKET):',
    more: 'Every command has --help; without --as, `lianyi -- --help` lists them all.',
  },
  zh: {
    already: '此前已保留过一次演示。请继续使用，或先删除该目录（连同其账本、密钥和钱包）：',
    kept: '已停止。账本、密钥、钱包和文档保留在：',
    restart: '如需重新启动，请在本目录的不同终端中分别执行：',
    running: '一切仍在运行，按 Ctrl-C 停止，已产生的内容会保留。请在另一个终端的本目录中执行：',
    again: '逐步操作（申请命令会显示 TICKET）：',
    more: '每个命令都有 --help；`lianyi -- --help` 列出全部命令。',
  },
} as const;

/** The lines that `--keep` prints: settings, then each step of the story as a command that can be pasted. */
export function howToGoOn(dataDir: string, left: LeftBehind, language: StoryLanguage): string {
  const { running, again, more } = sentences[language];
  const { pseudonym, grantee, recordId } = left;
  const run = (command: string): string => asShellTakes(['npm', 'run', '--silent', 'lianyi', '--', ...command.split(' ')]);
  return [
    '',
    wrapToWidth(running, COLUMNS),
    `  export LIANYI_DATA_DIR=${quoted(dataDir)}`,
    `  export LIANYI_WALLET_PASSPHRASE_FILE=${quoted(join(dataDir, 'wallets', 'passphrase'))}`,
    run('profile list'),
    again,
    run(`--as lab-a record publish --pseudonym ${pseudonym} application/examples/imaging-report-en.json`),
    run('--as patient record list'),
    run(`--as patient consent grant --to ${grantee} --purposes TREAT --until +1d`),
    run(`--as cardiologist-b access request --pseudonym ${pseudonym} --records ${recordId} --purpose TREAT`),
    run('--as cardiologist-b access read --keep-key --stdout -- TICKET'),
    run(`--as patient consent revoke --to ${grantee} --previous-version ${NEXT_VERSION}`),
    run('--as cardiologist-b access read --stdout -- TICKET'),
    run('--as patient audit list'),
    run('--as admin-hospital-a audit verify-chain'),
    wrapToWidth(more, COLUMNS),
  ].join('\n');
}

/** A word as a shell takes it literally. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command over as many lines as it needs, as a shell takes them; each word stays whole. */
function asShellTakes(words: readonly string[]): string {
  const lines: string[] = [];
  for (const word of words) {
    const longer = [lines.at(-1), word].filter((part) => part !== undefined).join(' ');
    if (lines.length > 0 && displayWidth(longer) <= COLUMNS - 6) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return `  ${lines.join(' \\\n    ')}`;
}

/** What is told when a kept demo has been stopped. */
export function howToStartAgain(dataDir: string, checkout: string, network: ConsortiumKind, language: StoryLanguage): string {
  const { kept, restart } = sentences[language];
  const lianyi = ['npm', 'run', '--silent', 'lianyi', '--'];
  const here = (...path: readonly string[]): string => quoted(join(checkout, ...path));
  const up = [network, 'up', '--consortium', here('consortium.yaml'), '--chaincode', here('chaincode')];
  const nodes = readdirSync(join(dataDir, 'nodes')).sort();
  return [
    '',
    kept,
    `  ${dataDir}`,
    restart,
    asShellTakes(['npm', 'run', '--silent', 'lianyi-network', '--', ...up, '--dir', quoted(join(dataDir, 'network'))]),
    ...nodes.map((node) => asShellTakes([...lianyi, 'node', 'start', '--config', quoted(join(dataDir, 'nodes', node, 'node.json'))])),
  ].join('\n');
}

/** What is told where one was kept before: what it holds cannot be had again, so it is never replaced. */
export function keptAlready(folder: string, language: StoryLanguage): string {
  return wrapToWidth(`${sentences[language].already}${folder}`, COLUMNS);
}
