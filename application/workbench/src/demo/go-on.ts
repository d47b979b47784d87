import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ConsortiumKind } from '../network-process';
import { type StoryLanguage } from './report';

/** What the commands to go on with have to name. */
export type LeftBehind = { readonly pseudonym: string; readonly grantee: string; readonly recordId: string };

/** The story ends with a revocation, version 2 of the policy; granting again writes the next. */
const NEXT_VERSION = 3;

const sentences = {
  en: {
    kept: 'Stopped. Ledger, keys, wallets and documents stay in:',
    restart: 'To start it again, each in a terminal of its own, in the checkout:',
    running: 'Everything is still running; Ctrl-C stops it and keeps what was made. In a second terminal, in this folder:',
    again: 'The story by hand (the request prints TICKET):',
    more: 'Every command has --help; without --as, `lianyi -- --help` lists them all.',
  },
  zh: {
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
  const run = (command: string): string => `  npm run --silent lianyi -- ${command}`;
  return [
    '',
    running,
    `  export LIANYI_DATA_DIR='${dataDir}'`,
    `  export LIANYI_WALLET_PASSPHRASE_FILE='${join(dataDir, 'wallets', 'passphrase')}'`,
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
    more,
  ].join('\n');
}

/** What is told when a kept demo has been stopped. */
export function howToStartAgain(dataDir: string, checkout: string, network: ConsortiumKind, language: StoryLanguage): string {
  const { kept, restart } = sentences[language];
  const up = `${network} up --consortium ${join(checkout, 'consortium.yaml')} --chaincode ${join(checkout, 'chaincode')}`;
  const nodes = readdirSync(join(dataDir, 'nodes')).sort();
  return [
    '',
    kept,
    `  ${dataDir}`,
    restart,
    `  npm run --silent lianyi-network -- ${up} --dir ${join(dataDir, 'network')}`,
    ...nodes.map((node) => `  npm run --silent lianyi -- node start --config ${join(dataDir, 'nodes', node, 'node.json')}`),
  ].join('\n');
}
