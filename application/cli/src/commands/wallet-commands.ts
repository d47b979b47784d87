import { z } from 'zod';
import { type PastReason, type SummaryReport, type Wallet, type WalletLedger, type WalletReport } from '@lianyi/client/wallet';
import { type Carriage, createWallet, readPassphrase } from '@lianyi/client/node';
import { type MspId, mspIdSchema, type Pseudonym, pseudonymSchema, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { type Text } from '../language';
import { readInput } from '../inputs';
import { openOwnWallet } from '../ledger/own-wallet';
import { type PatientCallOptions, withPatientSession } from '../ledger/patient-session';
import { soleOf } from '../ledger/pseudonym';
import { type CommandOutcome, fields, outcome, table } from '../outcome';
import { showSummary, summaryData, transact } from '../transact';
import { briefly, showReport } from './command-fates';
import { inboxCommand } from './inbox-command';
import { recoveryCommands } from './recovery-commands';
import { flag, label } from './vocabulary';

const secrets = {
  en: 'The passphrase comes from LIANYI_WALLET_PASSPHRASE, or from the file of mode 0600 that LIANYI_WALLET_PASSPHRASE_FILE names; never from an argument.',
  zh: '口令取自 LIANYI_WALLET_PASSPHRASE，或 LIANYI_WALLET_PASSPHRASE_FILE 指定的文件（权限 0600）；不能作为参数。',
};

const throughFlag: Flag = {
  flags: '--through <profile>',
  text: {
    en: 'through the node of this profile, such as another member’s, who then sees the pseudonym (that of its hospital)',
    zh: '经由该身份配置的节点，例如其他成员的节点，该成员会看到此假名（默认其医院的节点）',
  },
};
const reportInput = { pseudonym: pseudonymSchema.optional(), through: z.string().optional() };

export const walletCommands: readonly CommandSpec[] = [
  command({
    name: 'create',
    summary: { en: 'make the wallet the profile names', zh: '创建身份配置所指的钱包' },
    detail: secrets,
    input: z.object({}),
    run: async (call) => {
      const { profile } = call.actorOf('patient');
      await createWallet(profile.walletFile, await readPassphrase(call.terminal.env), call.terminal);
      return outcome({ file: profile.walletFile }, fields([[label.file, profile.walletFile]]));
    },
    example: '--as patient',
    hasNoDryRun: true,
  }),
  command({
    name: 'pseudonym',
    summary: { en: 'make a pseudonym for a hospital; its registrar needs the values', zh: '为某医院生成假名；各值交给登记员' },
    detail: {
      en: `One that the wallet has for this hospital must be of the past: the relationship has ended, and this hospital’s node and the witness say so. It stays in the wallet with its grants. ${secrets.en}`,
      zh: `若钱包中已有用于该医院的假名，其关系须已终止，并由该医院的节点和见证节点一致确认；旧假名及其授权保留在钱包中。${secrets.zh}`,
    },
    example: '--hospital HospitalAMSP --as patient',
    hasNoDryRun: true,
    flags: [
      { flags: '--hospital <msp-id>', text: { en: 'for which hospital (that of the profile)', zh: '哪家医院（默认身份配置中的机构）' } },
    ],
    input: z.object({ hospital: mspIdSchema.optional() }),
    run: async (call, { hospital }) => {
      const { profile } = call.actorOf('patient');
      const mspId = hospital ?? mspIdSchema.parse(profile.mspId);
      const wallet = await openOwnWallet(call);
      await leaveWhatIsOver(call, wallet, mspId);
      const { pseudonym, nonce, nextKeyHash } = await wallet.addRelationship(mspId);
      const summary = await keepSummary(call, wallet);
      return outcome(
        { mspId, pseudonym, nonce, nextKeyHash, ...summaryData(summary) },
        fields([
          [label.organisation, mspId],
          [label.pseudonym, pseudonym],
          [label.nonce, nonce],
          [{ en: 'next key hash', zh: '下一密钥哈希' }, nextKeyHash],
        ]),
        ...showSummary(summary),
      );
    },
  }),
  command({
    name: 'take-over',
    summary: { en: 'take over a pseudonym with the hand-over code of its receipt', zh: '用回执上的交接码接管假名' },
    detail: {
      en: `From then on staff act for you no more. The code comes from a file, never from an argument. ${secrets.en}`,
      zh: `此后工作人员不能再代您办理。交接码取自文件，不能作为参数。${secrets.zh}`,
    },
    example: '--pseudonym PSEUDONYM --hospital HospitalAMSP --code-file code.txt --as patient',
    hasNoDryRun: true,
    flags: [
      { flags: '--pseudonym <id>', text: { en: 'the pseudonym of the receipt', zh: '回执上的假名' }, required: true },
      {
        flags: '--hospital <msp-id>',
        text: { en: 'the hospital of the receipt (that of the profile)', zh: '回执上的医院（默认身份配置中的机构）' },
      },
      {
        flags: '--code-file <file>',
        text: { en: 'a file with the code and nothing else (- is standard input)', zh: '仅含交接码的文件（- 表示标准输入）' },
        required: true,
      },
    ],
    input: z.object({ pseudonym: pseudonymSchema, hospital: mspIdSchema.optional(), codeFile: z.string() }),
    run: async (call, { pseudonym, hospital, codeFile }) => {
      const { profile } = call.actorOf('patient');
      const code = readInput(codeFile, call.terminal).toString('utf8').trim();
      await (await openOwnWallet(call)).addTakenOver(pseudonym, hospital ?? mspIdSchema.parse(profile.mspId), code);
      return transact(call, transactions.TakeOverPseudonym, { pseudonym }, (taken) => [fields([[label.pseudonym, taken.pseudonym]])]);
    },
  }),
  command({
    name: 'show',
    summary: { en: 'show its pseudonyms and what can still be committed; no key', zh: '显示假名和仍可能提交的命令；不含密钥' },
    detail: secrets,
    input: z.object({}),
    run: async (call) => {
      const held = (await (await openOwnWallet(call)).relationships()).map(({ open, ...rest }) => ({ ...rest, open: open.map(briefly) }));
      const head = [
        label.organisation,
        label.pseudonym,
        { en: 'acts for it by', zh: '代理编号' },
        { en: 'of the past', zh: '已成过去' },
        { en: 'can still be committed', zh: '仍可能提交' },
      ];
      const rows = held.map(({ mspId, pseudonym, delegationId, past, open }) => [
        ...[mspId, pseudonym, delegationId, past === undefined ? undefined : pastWords[past]],
        open.map(({ transaction }) => transaction).join(', '),
      ]);
      return outcome(held, table(head, rows));
    },
    example: '--as patient',
  }),
  command({
    name: 'sync',
    summary: {
      en: 'ask the ledger what became of each command; send the last again if it may',
      zh: '向账本查询每条命令的结果；必要时重新发送最后一条',
    },
    detail: {
      en: `A member’s answer settles nothing: what the ledger’s entry of the pseudonym says counts, and it is the word of the member that is asked. Ask another with --through. ${secrets.en}`,
      zh: `成员的应答不算结果：以账本上该假名的条目为准，而条目由被询问的成员转述。可用 --through 询问另一成员。${secrets.zh}`,
    },
    example: '--as patient',
    hasNoDryRun: true,
    flags: [flag.ownPseudonym, throughFlag],
    input: z.object(reportInput),
    run: (call, input) => report(call, input, (ledger, pseudonym) => ledger.synchronise(pseudonym)),
  }),
  command({
    name: 'give-up',
    summary: {
      en: 'give up the commands that can still be committed, and see what became of them',
      zh: '放弃仍可能提交的命令，并查看其结果',
    },
    detail: {
      en: `Commits RotateKey, which uses up the key that signed them and does nothing else. A refusal or an expiry alone does not: whoever holds a signed command may still have it committed. If a member is not trusted, name another’s node with --through. ${secrets.en}`,
      zh: `提交 RotateKey：只用掉签署这些命令的密钥，不做其他事。仅被拒绝或过期并不够：持有已签名命令者仍可能将其提交。若不信任某成员，请用 --through 指定另一成员的节点。${secrets.zh}`,
    },
    example: '--through registrar-b --as patient',
    hasNoDryRun: true,
    flags: [flag.ownPseudonym, throughFlag],
    input: z.object(reportInput),
    run: (call, input) => report(call, input, (ledger, pseudonym) => ledger.giveUp(pseudonym)),
  }),
  command({
    name: 'discard',
    summary: { en: 'discard a pseudonym that was never registered', zh: '弃用从未登记的假名' },
    detail: {
      en: `Its hospital’s node and the witness must both say that the ledger does not know it as this hospital’s with a key of this wallet. Its keys stay: if a registrar registers it after all, \`wallet sync\` brings it back. ${secrets.en}`,
      zh: `该医院的节点和见证节点须一致表示账本上没有该医院以本钱包密钥登记的这一假名。密钥仍保留：若此后登记，\`wallet sync\` 会将其恢复。${secrets.zh}`,
    },
    example: '--pseudonym PSEUDONYM --as patient',
    hasNoDryRun: true,
    flags: [flag.ownPseudonym, throughFlag],
    input: z.object(reportInput),
    run: async (call, input) => {
      const pseudonym = await soleOf(call, input.pseudonym);
      await withCarriage(call, { through: input.through }, pseudonym, ({ end }) => end.discard(pseudonym));
      return outcome(
        { pseudonym, past: 'discarded' },
        fields([
          [label.pseudonym, pseudonym],
          [label.state, pastWords.discarded],
        ]),
      );
    },
  }),
  inboxCommand,
  ...recoveryCommands,
];

const pastWords: Readonly<Record<PastReason, Text>> = {
  ended: { en: 'its relationship has ended', zh: '关系已终止' },
  discarded: { en: 'discarded', zh: '已弃用' },
};

/** Who comes back to a hospital after an end gets a new pseudonym there (ADR 0032); only the ledger says whether it is the end. */
async function leaveWhatIsOver(call: CommandCall, wallet: Wallet, mspId: MspId): Promise<void> {
  const present = (await wallet.relationships()).find(
    (held) => held.mspId === mspId && held.past === undefined && held.delegationId === undefined,
  );
  if (present === undefined) return;
  const { pseudonym } = present;
  await withCarriage(call, {}, pseudonym, ({ end }) => end.leaveIfOver(pseudonym));
}

async function withCarriage<Result>(
  call: CommandCall,
  options: PatientCallOptions,
  pseudonym: Pseudonym,
  act: (carriage: Carriage) => Promise<Result>,
): Promise<Result> {
  return withPatientSession(call, options, async (session) => act(await session.carriageOf(pseudonym)));
}

/** Writes the slot of a pseudonym that was just made; a wallet without a phrase asks nobody. */
async function keepSummary(call: CommandCall, wallet: Wallet): Promise<SummaryReport | undefined> {
  if ((await wallet.summary.due()).length === 0) return undefined;
  return withPatientSession(call, {}, (session) => session.keepSummary());
}

/** Asks about the commands of one pseudonym, and shows what was said, and by whom. */
async function report(
  call: CommandCall,
  input: z.output<z.ZodObject<typeof reportInput>>,
  ask: (ledger: WalletLedger, pseudonym: Pseudonym) => Promise<WalletReport>,
): Promise<CommandOutcome> {
  const pseudonym = await soleOf(call, input.pseudonym);
  return withPatientSession(call, { through: input.through }, async (session) => {
    const { told, ledger } = await session.carriageOf(pseudonym);
    const asked = await ask(ledger, pseudonym);
    return showReport(told, asked, await session.keepSummary());
  });
}
