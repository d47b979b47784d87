import { resolve } from 'node:path';
import { z } from 'zod';
import { dealPin, guessPin } from '@lianyi/client/pins';
import { recoverWallet } from '@lianyi/client/recovery';
import { askForWallet, guessFile, networkOf, readOwnerOnly, readPassphrase, restoreWallet } from '@lianyi/client/node';
import { mspIdSchema, newRequest, type Pin, type Pseudonym, pseudonymSchema, transactions } from '@lianyi/domain';
import { guessesLeft } from '@lianyi/domain/deciding';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { list, whole } from '../inputs';
import { openOwnWallet } from '../ledger/own-wallet';
import { placeOf, withPatientSession } from '../ledger/patient-session';
import { soleOf } from '../ledger/pseudonym';
import { clockOf } from '../ledger/staff-session';
import { momentText } from '../moment';
import { type Block, fields, line, outcome } from '../outcome';
import { writeNewFile } from '../private-folder';
import { byWhoseWord, sendRequest, transact } from '../transact';
import { restOfPage } from './paging';
import { holdersOf } from './pin-holders';
import { showRecovered } from './recovery-commands';
import { flag, label } from './vocabulary';
import { stateText } from './words';

const STDIN = '-';
const words = {
  code: { en: 'recovery code', zh: '恢复码' },
  pin: { en: 'PIN entry', zh: 'PIN 条目' },
  holders: { en: 'hospitals', zh: '医院' },
  threshold: { en: 'needed', zh: '所需数量' },
  left: { en: 'guesses left', zh: '剩余次数' },
  entryBy: { en: 'PIN entry by the word of', zh: 'PIN 条目的转述者' },
};
const pinFile = {
  flags: '--pin-file <file>',
  text: {
    en: 'a file of mode 0600 with the PIN, 6 to 12 digits (- is standard input)',
    zh: '含 PIN（6 至 12 位数字）的文件，权限 0600（- 表示标准输入）',
  },
  required: true,
} as const;

/** What brings a wallet back for who has lost the phrase, too: a PIN and a code on paper. */
export const pinCommands: readonly CommandSpec[] = [
  command({
    name: 'set',
    summary: { en: 'set a PIN by which you come back without the phrase (patient)', zh: '设置 PIN，无需短语即可恢复（患者）' },
    detail: {
      en: 'Shows a recovery code: keep it on paper, apart from the PIN. PIN, code and more than half of the hospitals together bring your wallet back; fewer hospitals, or either of the two alone, open nothing. Ten wrong guesses in a row, and nobody answers any more. A PIN that was set before is removed. The hospitals’ keys are taken from two members’ words: without a witness (witnessUrl) nothing is set, unless --unwitnessed.',
      zh: '命令会显示恢复码：请抄在纸上，与 PIN 分开保管。PIN、恢复码与半数以上的医院合在一起才能恢复钱包；医院不足或仅有其一都无法打开。连续猜错十次后各方不再应答。此前设置的 PIN 随即删除。医院密钥须由两个成员一致说明：没有见证节点（witnessUrl）则不予设置，除非加 --unwitnessed。',
    },
    example: '--pin-file pin.txt --out code.txt --as patient',
    flags: [
      flag.ownPseudonym,
      pinFile,
      {
        flags: '--holders <list>',
        text: { en: 'the hospitals that hold a share (every active one)', zh: '持有份额的医院（默认所有有效医院）' },
      },
      {
        flags: '--threshold <n>',
        text: { en: 'so many of them must answer, more than half (just more than half)', zh: '须应答的数量，超过半数（默认刚过半数）' },
      },
      {
        flags: '--out <file>',
        text: { en: 'write the code to a new file of mode 0600 instead', zh: '将恢复码改为写入权限 0600 的新文件' },
      },
      {
        flags: '--unwitnessed',
        text: {
          en: 'take one node’s word for the hospitals’ keys: one that lied could, with your code, try all PINs',
          zh: '仅凭一个节点所述的医院密钥：若其说谎，持有恢复码即可试遍所有 PIN',
        },
      },
    ],
    hasNoDryRun: true,
    input: z.object({
      pseudonym: pseudonymSchema.optional(),
      pinFile: z.string(),
      holders: list(mspIdSchema).optional(),
      threshold: whole(z.int().min(2).max(16)).optional(),
      out: z.string().optional(),
      unwitnessed: z.boolean().default(false),
    }),
    run: setPin,
  }),
  command({
    name: 'show',
    summary: { en: 'show which PIN a pseudonym has, and how often it was tried', zh: '显示假名的 PIN 及其被尝试的次数' },
    example: '--as patient',
    flags: [flag.ownPseudonym],
    input: z.object({ pseudonym: pseudonymSchema.optional() }),
    run: async (call, { pseudonym }) =>
      transact(call, transactions.GetPinOf, { pseudonym: await soleOf(call, pseudonym) }, (pin) => showPin(pin, call)),
  }),
  command({
    name: 'remove',
    summary: { en: 'take your PIN back: nobody answers a guess any more (patient)', zh: '删除 PIN：各方不再应答（患者）' },
    example: '--as patient',
    flags: [flag.ownPseudonym],
    input: z.object({ pseudonym: pseudonymSchema.optional() }),
    run: async (call, { pseudonym }) =>
      transact(call, transactions.RemovePin, { pseudonym: await soleOf(call, pseudonym) }, ({ pinId, state }) => [
        fields([
          [words.pin, pinId],
          [label.state, stateText(state)],
        ]),
      ]),
  }),
  command({
    name: 'recover',
    summary: { en: 'bring a lost wallet back by PIN and recovery code', zh: '凭 PIN 和恢复码恢复丢失的钱包' },
    detail: {
      en: 'Each run is a guess that the ledger counts before any hospital answers, and that the patient’s audit shows. Run again within ten minutes after it was broken off, with the same PIN, it goes on with the same guess, which is kept beside the wallet file under its passphrase; another passphrase is refused until that is over. The code proves what was dealt; how often was guessed, a witness (witnessUrl) says beside the node. The node that is asked learns neither PIN nor code nor key. A wallet that is there already is never overwritten.',
      zh: '每次运行都是一次猜测：账本先计数，医院后应答，患者的审计中会显示。若运行中断，十分钟内以同一 PIN 再次运行会继续同一次猜测（以钱包口令密封，存于钱包文件旁），不另计数；其间换用其他口令会被拒绝。分发内容由恢复码证明；猜测次数除节点外另由见证节点（witnessUrl）说明。被询问的节点得不到 PIN、恢复码或密钥。已有的钱包绝不会被覆盖。',
    },
    example: '--code-file code.txt --pin-file pin.txt --as patient',
    hasNoDryRun: true,
    flags: [
      {
        flags: '--code-file <file>',
        text: { en: 'a file of mode 0600 with the recovery code', zh: '含恢复码的文件，权限 0600' },
        required: true,
      },
      pinFile,
      {
        flags: '--through <profile>',
        text: { en: 'ask the node of this profile (that of the own)', zh: '询问此身份配置的节点（默认自己的）' },
      },
    ],
    input: z.object({ codeFile: z.string(), pinFile: z.string(), through: z.string().optional() }),
    run: recoverByPin,
  }),
];

interface PinSettings {
  readonly pseudonym?: Pseudonym | undefined;
  readonly pinFile: string;
  readonly holders?: readonly string[] | undefined;
  readonly threshold?: number | undefined;
  readonly out?: string | undefined;
  readonly unwitnessed: boolean;
}

async function setPin(call: CommandCall, { pseudonym: named, pinFile: file, holders, threshold, out, unwitnessed }: PinSettings) {
  const pseudonym = await soleOf(call, named);
  const pin = await secretIn(call, file);
  const wallet = await openOwnWallet(call);
  const { profile } = call.actorOf('patient');
  return withPatientSession(call, { signer: pseudonym }, async (session) => {
    const { holders: chosen, ...rest } = await holdersOf(await session.carriageOf(pseudonym), { named: holders, unwitnessed });
    const dealt = await dealPin(networkOf(profile), { pseudonym, seed: await wallet.summary.seed(), pin }, chosen, threshold);
    const path = out === undefined ? undefined : resolve(call.terminal.cwd, out);
    // the paper first: a PIN whose code nobody has is of no use
    if (path !== undefined) writeNewFile(path, `${dealt.code}\n`);
    // from now on there are slots by which the seed finds everything
    await wallet.summary.makeRecoverable();
    const sent = await sendRequest(call, session, newRequest(transactions.StorePin, dealt.input), ({ pinId, state }) => [
      fields([
        path === undefined ? [words.code, dealt.code] : [label.file, path],
        [words.pin, pinId],
        [label.state, stateText(state)],
        [words.holders, chosen.map(({ mspId }) => mspId).join(', ')],
        [words.threshold, String(dealt.input.threshold)],
      ]),
      ...restOfPage(rest),
    ]);
    const shown = path === undefined ? { code: dealt.code } : { file: path };
    return { ...sent, data: { ...(sent.data as object), ...shown } };
  });
}

async function recoverByPin(
  call: CommandCall,
  { codeFile, pinFile: file, through }: { readonly codeFile: string; readonly pinFile: string; readonly through?: string | undefined },
) {
  const { profile } = call.actorOf('patient');
  const secret = { code: await secretIn(call, codeFile), pin: await secretIn(call, file) };
  const passphrase = await readPassphrase(call.terminal.env);
  const asked = await askForWallet(profile, through === undefined ? undefined : placeOf(call, through));
  const { node, witness, told } = asked;
  const asking = { network: networkOf(profile), ledger: node.ledger, now: clockOf(call) };
  const keeper = guessFile(profile.walletFile, passphrase, call.terminal);
  try {
    const guessed = await guessPin(secret, { ...asking, node: node.api, keeper, ...(witness === undefined ? {} : { witness }) });
    const { content, recovered, lost } = await recoverWallet(guessed.seed, asking);
    await restoreWallet(profile.walletFile, passphrase, content, call.terminal);
    await guessed.used();
    const unconfirmed = await guessed.unconfirmed;
    const data = { file: profile.walletFile, toldBy: node.url, isWitnessed: told.isWitnessed, recovered, lost };
    const [, word] = byWhoseWord(told);
    return outcome(
      unconfirmed === undefined ? data : { ...data, unconfirmed },
      ...showRecovered(profile.walletFile, node.url, recovered, lost),
      fields([[words.entryBy, word]]),
      ...showUnconfirmed(unconfirmed),
    );
  } finally {
    asked.close();
  }
}

function showUnconfirmed(code: string | undefined): readonly Block[] {
  if (code === undefined) return [];
  return [
    line(''),
    line({
      en: `The PIN was right, but that is not written yet (${code}): the guesses before still count. Set a new PIN.`,
      zh: `PIN 正确，但尚未写入账本（${code}）：此前的猜测仍计数。请重新设置 PIN。`,
    }),
  ];
}

function showPin(pin: Pin, { terminal }: CommandCall): readonly Block[] {
  const { pinId, state, vault, storedAt, guess } = pin;
  return [
    fields([
      [words.pin, pinId],
      [label.state, stateText(state)],
      [label.since, momentText(storedAt, terminal)],
      [words.holders, vault?.holders.join(', ')],
      [words.threshold, vault === undefined ? undefined : String(vault.threshold)],
      [words.left, String(guessesLeft(pin))],
      [{ en: 'last tried', zh: '最近尝试' }, guess === undefined ? undefined : momentText(guess.at, terminal)],
    ]),
  ];
}

async function secretIn({ terminal }: CommandCall, file: string): Promise<string> {
  const text = file === STDIN ? terminal.readStdin().toString('utf8') : await readOwnerOnly(resolve(terminal.cwd, file));
  return text.trim();
}
