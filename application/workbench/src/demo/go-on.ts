import { join } from 'node:path';
import { type StoryLanguage } from './report';

/** What the commands to go on with have to name. */
export type LeftBehind = { readonly pseudonym: string; readonly grantee: string; readonly recordId: string };

/** The story ends with a revocation, version 2 of the policy; granting again writes the next. */
const NEXT_VERSION = 3;

const sentences = {
  en: {
    running: 'Everything is still running; Ctrl-C ends it. In a second terminal, in this folder:',
    again: 'The story by hand (the request prints TICKET):',
    more: 'Every command has --help; without --as, `lianyi -- --help` lists them all.',
  },
  zh: {
    running: '一切仍在运行，按 Ctrl-C 结束。请在另一个终端的本目录中执行：',
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
