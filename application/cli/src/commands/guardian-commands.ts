import { resolve } from 'node:path';
import { z } from 'zod';
import { combineShares, phraseLanguages, phraseOf, splitSeed } from '@lianyi/client/recovery';
import { coolingOffMinutesSchema, pseudonymSchema, sha256Schema, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { list, readInput, whole } from '../inputs';
import { openOwnWallet } from '../ledger/own-wallet';
import { withPatientSession } from '../ledger/patient-session';
import { soleOf } from '../ledger/pseudonym';
import { momentText } from '../moment';
import { type CommandOutcome, fields, outcome, table } from '../outcome';
import { writeNewFile } from '../private-folder';
import { showSummary, summaryData, transact } from '../transact';
import { flag, label } from './vocabulary';

const words = {
  guardian: { en: 'guardian’s key hash', zh: '监护人密钥哈希' },
  threshold: { en: 'so many are needed', zh: '所需人数' },
  coolingOff: { en: 'the old key may veto for (minutes)', zh: '旧密钥可否决的时长（分钟）' },
};
const WEEK_IN_MINUTES = '10080';
const whose = { flags: '--pseudonym <id>', text: { en: 'the patient for whom', zh: '所担保患者的假名' }, required: true };

export const guardianCommands: readonly CommandSpec[] = [
  command({
    name: 'key',
    summary: { en: 'show the key hash by which a patient names you as guardian', zh: '显示供患者指定您为监护人所用的密钥哈希' },
    detail: {
      en: 'The key follows from your own wallet, is of this pseudonym alone, and opens nothing: with others it only vouches that somebody is the patient.',
      zh: '该密钥由您自己的钱包派生，仅用于此假名，不能打开任何内容：它只能与其他监护人一起担保某人就是患者本人。',
    },
    example: '--pseudonym PSEUDONYM --as friend',
    hasNoDryRun: true,
    flags: [whose],
    input: z.object({ pseudonym: pseudonymSchema }),
    run: async (call, { pseudonym }) => {
      const keyHash = await (await openOwnWallet(call)).recovery.guardianKeyHash(pseudonym);
      const shown = fields([
        [label.pseudonym, pseudonym],
        [words.guardian, keyHash],
      ]);
      return outcome({ pseudonym, keyHash }, shown);
    },
  }),
  command({
    name: 'set',
    summary: {
      en: 'name who vouches for you when wallet and phrase are lost (patient)',
      zh: '指定钱包和短语均丢失时为您担保的监护人（患者）',
    },
    detail: {
      en: 'They take the place of those you have named before, and a recovery that those have opened is void. So many of them as you say can give your pseudonym a new key; until the cooling-off is over your present key can veto that. Name nobody and a threshold of 0 to have no guardians.',
      zh: '新指定的监护人取代以前的监护人，后者发起的恢复随即作废。达到所设人数的监护人即可为您的假名换上新密钥；冷静期结束之前，您现有的密钥可以否决。若不设监护人，请不指定任何人并将人数设为 0。',
    },
    example: '--guardians HASH,HASH,HASH --threshold 2 --cooling-off 10080 --as patient',
    flags: [
      flag.ownPseudonym,
      {
        flags: '--guardians <list>',
        text: { en: 'the key hashes that they show with `guardian key`', zh: '监护人用 `guardian key` 显示的密钥哈希' },
      },
      { flags: '--threshold <n>', text: { en: 'so many of them are needed, at least 2', zh: '所需人数，至少 2' }, required: true },
      {
        flags: '--cooling-off <minutes>',
        text: {
          en: 'for how long the present key may veto, 1 to 43200 minutes (10080, a week), and no less than the members have agreed on; less than a day is soon over',
          zh: '现有密钥可否决的时长，1 至 43200 分钟（默认 10080，一周），且不少于各成员的约定；不足一天转瞬即过',
        },
      },
    ],
    input: z.object({
      pseudonym: pseudonymSchema.optional(),
      guardians: list(sha256Schema).default([]),
      threshold: whole(z.int().min(0).max(7)),
      coolingOff: z.string().default(WEEK_IN_MINUTES).pipe(whole(coolingOffMinutesSchema)),
    }),
    run: async (call, { pseudonym, guardians, threshold, coolingOff }) =>
      transact(
        call,
        transactions.SetGuardians,
        { pseudonym: await soleOf(call, pseudonym), guardians, threshold, coolingOffMinutes: coolingOff },
        (named) => [
          fields([
            [label.pseudonym, named.pseudonym],
            [words.threshold, String(named.threshold)],
            [words.coolingOff, String(named.coolingOffMinutes)],
          ]),
        ],
      ),
  }),
  command({
    name: 'show',
    summary: { en: 'show whom a patient has named', zh: '显示患者指定的监护人' },
    example: '--as patient',
    flags: [flag.ownPseudonym],
    input: z.object({ pseudonym: pseudonymSchema.optional() }),
    run: async (call, { pseudonym }) =>
      transact(call, transactions.GetGuardians, { pseudonym: await soleOf(call, pseudonym) }, (named) => [
        fields([
          [label.pseudonym, named.pseudonym],
          [words.threshold, String(named.threshold)],
          [words.coolingOff, String(named.coolingOffMinutes)],
          [label.since, momentText(named.setAt, call.terminal)],
        ]),
        table(
          [words.guardian],
          named.guardians.map((keyHash) => [keyHash]),
        ),
      ]),
  }),
  command({
    name: 'split',
    summary: { en: 'split your recovery phrase into shares for guardians', zh: '将恢复短语拆分为份额，交给监护人保管' },
    detail: {
      en: 'Each share goes to one guardian, on paper or on a medium of theirs; delete the files here afterwards. Fewer shares than are needed say nothing of the phrase; as many as are needed ARE the phrase, without any cooling-off. A new split makes no earlier one void.',
      zh: '每份交给一位监护人（纸质或其自有介质），之后请删除此处的文件。份数不足时不泄露短语的任何内容；凑足份数即等于短语本身，且没有冷静期。重新拆分并不使以前的份额失效。',
    },
    example: '--shares 3 --threshold 2 --out share --as patient',
    hasNoDryRun: true,
    flags: [
      { flags: '--shares <n>', text: { en: 'how many, 2 to 7', zh: '总份数，2 至 7' }, required: true },
      { flags: '--threshold <n>', text: { en: 'so many bring the wallet back, at least 2', zh: '恢复所需份数，至少 2' }, required: true },
      { flags: '--out <prefix>', text: { en: 'new files PREFIX-1.json and so on', zh: '新文件 PREFIX-1.json 等' }, required: true },
    ],
    input: z.object({ shares: whole(z.int().min(2).max(7)), threshold: whole(z.int().min(2).max(7)), out: z.string() }),
    run: splitPhrase,
  }),
  command({
    name: 'combine',
    summary: { en: 'make the recovery phrase again from guardians’ shares', zh: '用监护人的份额还原恢复短语' },
    detail: {
      en: 'The phrase is written to a new file of mode 0600 and not shown; go on with `lianyi wallet recover --phrase-file FILE`.',
      zh: '短语写入权限 0600 的新文件，不显示；随后运行 `lianyi wallet recover --phrase-file FILE`。',
    },
    example: '--share-files share-1.json,share-3.json --out words.txt',
    hasNoDryRun: true,
    flags: [
      { flags: '--share-files <list>', text: { en: 'as many as are needed', zh: '所需份数的份额文件' }, required: true },
      { flags: '--out <file>', text: { en: 'the new file for the words', zh: '存放短语的新文件' }, required: true },
      {
        flags: '--words <language>',
        text: { en: 'en or zh (that of the output)', zh: 'en 或 zh（默认与输出语言相同）' },
        choices: phraseLanguages,
      },
    ],
    input: z.object({ shareFiles: list(z.string()), out: z.string(), words: z.enum(phraseLanguages).optional() }),
    run: async (call, { shareFiles, out, words: language }) => {
      const seed = await combineShares(shareFiles.map((file) => readInput(file, call.terminal).toString('utf8')));
      const file = resolve(call.terminal.cwd, out);
      writeNewFile(file, `${phraseOf(seed, language ?? (call.options.language === 'zh' ? 'zh' : 'en')).join(' ')}\n`);
      return outcome({ file }, fields([[label.file, file]]));
    },
  }),
];

async function splitPhrase(
  call: CommandCall,
  { shares, threshold, out }: { readonly shares: number; readonly threshold: number; readonly out: string },
): Promise<CommandOutcome> {
  const wallet = await openOwnWallet(call);
  const texts = await splitSeed(await wallet.summary.seed(), shares, threshold);
  const files = texts.map((text, index) => {
    const file = resolve(call.terminal.cwd, `${out}-${index + 1}.json`);
    writeNewFile(file, text);
    return file;
  });
  // somebody can come back by the shares from now on, as by the phrase
  await wallet.summary.makeRecoverable();
  const summary = await withPatientSession(call, {}, (session) => session.keepSummary());
  return outcome(
    { files, threshold, ...summaryData(summary) },
    table(
      [label.file],
      files.map((file) => [file]),
    ),
    ...showSummary(summary),
  );
}
