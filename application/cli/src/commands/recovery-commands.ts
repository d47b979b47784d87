import { resolve } from 'node:path';
import { z } from 'zod';
import {
  type Lost,
  type PhraseLanguage,
  phraseLanguages,
  phraseOf,
  type Recovered,
  recoverWallet,
  seedOfPhrase,
} from '@lianyi/client/recovery';
import { connectNode, networkOf, readOwnerOnly, readPassphrase, restoreWallet } from '@lianyi/client/node';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { type Text } from '../language';
import { openOwnWallet } from '../ledger/own-wallet';
import { placeOf, withPatientSession } from '../ledger/patient-session';
import { clockOf } from '../ledger/staff-session';
import { type Block, fields, line, outcome, table } from '../outcome';
import { writeNewFile } from '../private-folder';
import { showSummary, summaryData } from '../transact';
import { label } from './vocabulary';
import { stateText } from './words';

const slotLabel = { en: 'slot', zh: '摘要格' };
const STDIN = '-';
const WORDS_A_LINE = 6;

/** What brings a wallet back that was lost: its phrase, and the way from the phrase to the wallet. */
export const recoveryCommands: readonly CommandSpec[] = [
  command({
    name: 'phrase',
    summary: { en: 'show the recovery phrase: whoever reads it is you', zh: '显示恢复短语：得到它的人即可冒充您' },
    detail: {
      en: 'Write the 24 words on paper, in their order. From now on the wallet keeps a sealed summary slot on the ledger for each hospital, by which the phrase alone brings everything back: `wallet recover`. Nobody can change a phrase that somebody else has read: end the relationships then and begin with a new wallet.',
      zh: '请按顺序将 24 个词抄在纸上。此后钱包会为每家医院在账本上保存一个加密的摘要格，仅凭短语即可恢复全部内容：`wallet recover`。短语一旦被他人看到便无法更改：请终止各关系，改用新钱包。',
    },
    example: '--as patient',
    hasNoDryRun: true,
    flags: [
      {
        flags: '--words <language>',
        text: {
          en: 'in which words: en or zh (that of the output); both bring the same wallet back',
          zh: '词表：en 或 zh（默认与输出语言相同）；两者恢复同一钱包',
        },
        choices: phraseLanguages,
      },
      { flags: '--out <file>', text: { en: 'write the words to a new file of mode 0600 instead', zh: '改为写入权限 0600 的新文件' } },
    ],
    input: z.object({ words: z.enum(phraseLanguages).optional(), out: z.string().optional() }),
    run: (call, input) => showPhrase(call, input.words ?? (call.options.language === 'zh' ? 'zh' : 'en'), input.out),
  }),
  command({
    name: 'recover',
    summary: { en: 'bring a lost wallet back from its recovery phrase', zh: '凭恢复短语恢复丢失的钱包' },
    detail: {
      en: 'Asks one node, of any member, and sends no key and no word. That node then sees which pseudonyms are one patient’s. A wallet that is there already is never overwritten: one of the same phrase gets what it lacks, another one stays as it is. It can be broken off and repeated.',
      zh: '只询问一个节点（任一成员均可），不发送密钥和短语；该节点会由此看出哪些假名属于同一患者。已有的钱包绝不会被覆盖：短语相同则补上缺少的内容，不同则保持原样。可随时中断并重试。',
    },
    example: '--phrase-file phrase.txt --as patient',
    hasNoDryRun: true,
    flags: [
      {
        flags: '--phrase-file <file>',
        text: { en: 'a file of mode 0600 with the words (- is standard input)', zh: '含恢复短语的文件，权限 0600（- 表示标准输入）' },
        required: true,
      },
      {
        flags: '--through <profile>',
        text: { en: 'ask the node of this profile (that of the own)', zh: '询问此身份配置的节点（默认自己的）' },
      },
    ],
    input: z.object({ phraseFile: z.string(), through: z.string().optional() }),
    run: (call, { phraseFile, through }) => recover(call, phraseFile, through),
  }),
];

async function showPhrase(call: CommandCall, language: PhraseLanguage, out: string | undefined) {
  const wallet = await openOwnWallet(call);
  const words = phraseOf(await wallet.summary.seed(), language);
  const file = out === undefined ? undefined : resolve(call.terminal.cwd, out);
  // the paper first: a slot that nobody can find is of no use
  if (file !== undefined) writeNewFile(file, `${words.join(' ')}\n`);
  await wallet.summary.makeRecoverable();
  const summary = await withPatientSession(call, {}, (session) => session.keepSummary());
  const shown = file === undefined ? { words } : { file };
  const view = file === undefined ? numbered(words) : [fields([[label.file, file]])];
  return outcome({ ...shown, ...summaryData(summary) }, ...view, ...showSummary(summary));
}

/** Six words a line, each with its place, as they are written on paper. */
function numbered(words: readonly string[]): readonly Block[] {
  const lines = Array.from({ length: Math.ceil(words.length / WORDS_A_LINE) }, (_none, row) =>
    words
      .slice(row * WORDS_A_LINE, (row + 1) * WORDS_A_LINE)
      .map((word, column) => `${row * WORDS_A_LINE + column + 1}. ${word}`)
      .join('  '),
  );
  return [{ kind: 'raw', text: lines.join('\n') }];
}

async function recover(call: CommandCall, phraseFile: string, through: string | undefined) {
  const { profile } = call.actorOf('patient');
  const seed = seedOfPhrase(await phraseIn(call, phraseFile));
  const passphrase = await readPassphrase(call.terminal.env);
  const node = await connectNode(through === undefined ? profile : placeOf(call, through));
  try {
    const { content, recovered, lost } = await recoverWallet(seed, {
      network: networkOf(profile),
      ledger: node.ledger,
      now: clockOf(call),
    });
    await restoreWallet(profile.walletFile, passphrase, content, call.terminal);
    return outcome(
      { file: profile.walletFile, toldBy: node.url, recovered, lost },
      ...showRecovered(profile.walletFile, node.url, recovered, lost),
    );
  } finally {
    node.close();
  }
}

async function phraseIn({ terminal }: CommandCall, phraseFile: string): Promise<string> {
  if (phraseFile === STDIN) return terminal.readStdin().toString('utf8');
  return readOwnerOnly(resolve(terminal.cwd, phraseFile));
}

const states: Readonly<Record<'unregistered' | 'none', Text>> = {
  unregistered: { en: 'not registered', zh: '未登记' },
  none: { en: 'registered, no relationship', zh: '已登记，无关系' },
};
const ways: Readonly<Record<Recovered['by'], Text>> = {
  slot: { en: 'its summary slot', zh: '摘要格' },
  seed: { en: 'the phrase alone', zh: '仅凭短语' },
};
const reasons: Readonly<Record<Lost['why'], Text>> = {
  'sealed-by-another': { en: 'somebody else has written it', zh: '由他人写入' },
  'key-unknown': { en: 'the ledger announces a key that is none of this phrase’s', zh: '账本预告的密钥不属于此短语' },
};

/** What came back, and what did not. */
export function showRecovered(file: string, toldBy: string, recovered: readonly Recovered[], lost: readonly Lost[]): readonly Block[] {
  const head = [label.organisation, label.pseudonym, { en: 'acts for it by', zh: '代理编号' }, label.state, { en: 'by', zh: '依据' }];
  const rows = recovered.map(({ mspId, pseudonym, delegationId, state, by }) => [
    ...[mspId, pseudonym, delegationId],
    state === 'unregistered' || state === 'none' ? states[state] : stateText(state),
    ways[by],
  ]);
  const notBack = table(
    [slotLabel, { en: 'did not come back', zh: '未能恢复的原因' }],
    lost.map(({ slot, why }) => [String(slot), reasons[why]]),
  );
  return [
    fields([
      [label.file, file],
      [{ en: 'by the word of', zh: '转述者' }, toldBy],
    ]),
    line(''),
    table(head, rows),
    ...(lost.length === 0 ? [] : [line(''), notBack]),
  ];
}
