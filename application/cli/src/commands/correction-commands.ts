import { z } from 'zod';
import {
  type CorrectionKey,
  correctionKeyFields,
  correctionParts,
  correctionRefusals,
  type Output,
  pseudonymSchema,
  recordIdSchema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem, lacking } from '../cli-problem';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { everyPage } from '../every-page';
import { whole } from '../inputs';
import { soleOf } from '../ledger/pseudonym';
import { localTime } from '../local-time';
import { type Block, type CommandOutcome, fields, line, outcome, table } from '../outcome';
import { ask, checkedRequest, dryRun, transact, withSession } from '../transact';
import { correctionStateTexts } from './correction-words';
import { fileText, newText, sayWithText, showText, tellText } from './correction-text';
import { ownPage, ownPageFlags, ownPageInput, restOfPage } from './paging';
import { flag, label } from './vocabulary';
import { choicesText, wordText } from './words';

type Shown = Output<typeof transactions.GetCorrection>;

const recordArgument = { term: '<record>', text: label.record };
const numberFlag: Flag = {
  flags: '--number <n>',
  text: { en: 'which correction of the record (1)', zh: '该病历的第几次更正申请（默认 1）' },
};
const textFlag: Flag = { flags: '--text-file <file>', text: { en: 'the words, as JSON', zh: '内容（JSON）' } };
const partFlag: Flag = {
  flags: '--part <part>',
  text: { en: 'whose words (reason)', zh: `哪部分：${choicesText(correctionParts)}（默认 reason）` },
  choices: correctionParts,
};
const numbered = { record: recordIdSchema, number: whole(correctionKeyFields.number).default(1) };
const ofPatient = { ...numbered, pseudonym: pseudonymSchema.optional() };
const recordVersion = whole(z.int().min(1));

export const correctionCommands: readonly CommandSpec[] = [
  command({
    name: 'request',
    summary: { en: 'ask for the correction of a record of yours (patient)', zh: '申请更正本人的病历（患者）' },
    detail: {
      en: `Its hospital has to answer within 30 days. The next one needs the one before to have its answer: then --number 2. ${fileText.en}`,
      zh: `该医院须在 30 日内答复。前一次有答复后方可再次申请，并用 --number 2。${fileText.zh}`,
    },
    example: 'RECORD --record-version 1 --text-file wrong.json --as patient',
    arguments: [recordArgument],
    flags: [
      flag.ownPseudonym,
      { flags: '--record-version <n>', text: { en: 'which version is wrong', zh: '有误的版本' }, required: true },
      { ...textFlag, required: true },
      numberFlag,
    ],
    input: z.object({ ...ofPatient, recordVersion, textFile: z.string() }),
    run: async (call, { recordVersion: wrong, textFile, ...named }) => {
      const key = await keyOf(call, named);
      const said = newText(call, { ...key, part: 'reason' }, textFile);
      const asked = checkedRequest(transactions.RequestCorrection, { ...key, recordVersion: wrong, reasonCommitment: said.commitment });
      return sayWithText(call, asked, said, ({ dueAt }) => [
        ...showAnswer({ ...key, state: 'open' }),
        fields([[{ en: 'answer due', zh: '答复期限' }, localTime(dueAt, call.terminal.timeZone)]]),
      ]);
    },
  }),
  command({
    name: 'answer',
    summary: {
      en: 'answer: in which version it is right, or why nothing is corrected (privacy officer, record administrator)',
      zh: '答复：在哪一版本中已更正，或为何不予更正（隐私专员、病案管理员）',
    },
    detail: {
      en: `An answer is given once. Amend or retract the record first, and name the version that this has made. ${fileText.en}`,
      zh: `答复只能作出一次。先修订或撤回病历，再指明由此产生的版本。${fileText.zh}`,
    },
    example: 'RECORD --pseudonym PSEUDONYM --accepted 2 --as privacy-officer',
    arguments: [recordArgument],
    flags: [
      flag.pseudonym,
      numberFlag,
      { flags: '--accepted <version>', text: { en: 'the version in which it is right', zh: '已更正的版本' } },
      {
        flags: '--refused <reason>',
        text: { en: 'why not', zh: `不予更正的原因：${choicesText(correctionRefusals)}` },
        choices: correctionRefusals,
      },
      { ...textFlag, text: { en: 'with --refused: the words, as JSON', zh: '与 --refused 同用：说明（JSON）' } },
    ],
    input: z.object({
      ...numbered,
      pseudonym: pseudonymSchema,
      accepted: recordVersion.optional(),
      refused: z.enum(correctionRefusals).optional(),
      textFile: z.string().optional(),
    }),
    run: answer,
  }),
  command({
    name: 'disagree',
    summary: {
      en: 'disagree with a refusal, for whoever reads the record to know (patient)',
      zh: '对拒绝更正声明异议，阅读该病历者均会获知（患者）',
    },
    detail: {
      en: `Readers are told that there is a statement; the record’s hospital has its words. ${fileText.en}`,
      zh: `阅读者会获知有此声明，内容保存在该病历所属医院。${fileText.zh}`,
    },
    example: 'RECORD --text-file statement.json --as patient',
    arguments: [recordArgument],
    flags: [flag.ownPseudonym, { ...textFlag, required: true }, numberFlag],
    input: z.object({ ...ofPatient, textFile: z.string() }),
    run: async (call, { textFile, ...named }) => {
      const key = await keyOf(call, named);
      const said = newText(call, { ...key, part: 'disagreement' }, textFile);
      const asked = checkedRequest(transactions.StateDisagreement, { ...key, statementCommitment: said.commitment });
      return sayWithText(call, asked, said, showAnswer);
    },
  }),
  command({
    name: 'withdraw',
    summary: { en: 'want nothing corrected any more, or take a statement back (patient)', zh: '撤回更正申请或异议声明（患者）' },
    example: 'RECORD --as patient',
    arguments: [recordArgument],
    flags: [flag.ownPseudonym, numberFlag],
    input: z.object(ofPatient),
    run: async (call, named) => {
      const key = await keyOf(call, named);
      return transact(call, transactions.WithdrawCorrection, key, showAnswer, { signer: key.pseudonym });
    },
  }),
  command({
    name: 'list',
    summary: {
      en: 'what was asked to be corrected, and what was answered (patient, their hospital)',
      zh: '已申请的更正及其答复（患者、其医院）',
    },
    example: '--as patient',
    flags: ownPageFlags,
    input: ownPageInput,
    run: async (call, input) => {
      const page = await ownPage(call, input);
      const show = ({ items, ...rest }: Output<typeof transactions.ListCorrections>): readonly Block[] => [
        correctionTable(call, items),
        ...restOfPage(rest),
      ];
      return transact(call, transactions.ListCorrections, page, show, { signer: page.pseudonym });
    },
  }),
  command({
    name: 'due',
    summary: {
      en: 'what the own hospital has to answer, and what is late (privacy officer, record administrator)',
      zh: '本院须答复的更正申请，以及逾期者（隐私专员、病案管理员）',
    },
    example: '--as privacy-officer',
    flags: [{ flags: '--all', text: { en: 'those that were answered, too', zh: '也列出已答复的' } }],
    input: z.object({ all: z.boolean().default(false) }),
    run: (call, { all }) => showDue(call, all),
  }),
  command({
    name: 'text',
    summary: {
      en: 'show the words, as they were committed to (patient, privacy officer)',
      zh: '显示所述内容，并核对承诺（患者、隐私专员）',
    },
    example: 'RECORD --part refusal --as patient',
    arguments: [recordArgument],
    flags: [flag.ownPseudonym, numberFlag, partFlag],
    input: z.object({ ...ofPatient, part: z.enum(correctionParts).default('reason') }),
    run: async (call, { part, ...named }) => showText(call, { ...(await keyOf(call, named)), part }),
  }),
  command({
    name: 'tell',
    summary: { en: 'hand in words that the hospital does not have yet (who has said them)', zh: '补交医院尚未收到的内容（陈述者本人）' },
    detail: {
      en: 'They are kept on this machine, in a file of yours alone, until the record’s hospital has them.',
      zh: '在该病历所属医院收到之前，内容保存在本机仅您可读的文件中。',
    },
    example: 'RECORD --part reason --as patient',
    hasNoDryRun: true,
    arguments: [recordArgument],
    flags: [flag.ownPseudonym, numberFlag, partFlag],
    input: z.object({ ...ofPatient, part: z.enum(correctionParts).default('reason') }),
    run: async (call, { part, ...named }) => tellText(call, { ...(await keyOf(call, named)), part }),
  }),
];

interface Named {
  readonly record: CorrectionKey['recordId'];
  readonly number: number;
  readonly pseudonym?: CorrectionKey['pseudonym'] | undefined;
}

async function keyOf(call: CommandCall, { record: recordId, number, pseudonym }: Named): Promise<CorrectionKey> {
  return { pseudonym: await soleOf(call, pseudonym), recordId, number };
}

interface Answering extends Named {
  readonly accepted?: number | undefined;
  readonly refused?: (typeof correctionRefusals)[number] | undefined;
  readonly textFile?: string | undefined;
}

async function answer(call: CommandCall, { accepted, refused, textFile, ...named }: Answering): Promise<CommandOutcome> {
  if ((accepted === undefined) === (refused === undefined)) throw new CliProblem('USAGE', '--accepted <version> | --refused <reason>');
  const key = await keyOf(call, named);
  if (accepted !== undefined) {
    if (textFile !== undefined) throw new CliProblem('USAGE', '--text-file <file>: --refused <reason>');
    return transact(call, transactions.AnswerCorrection, { ...key, answer: { outcome: 'accepted', version: accepted } }, showAnswer);
  }
  if (textFile === undefined) throw lacking('--text-file <file>');
  const said = newText(call, { ...key, part: 'refusal' }, textFile);
  const refusal = { outcome: 'refused', reason: refused, textCommitment: said.commitment };
  return sayWithText(call, checkedRequest(transactions.AnswerCorrection, { ...key, answer: refusal }), said, showAnswer);
}

function showAnswer({ pseudonym, recordId, number, state }: Output<typeof transactions.AnswerCorrection>): readonly Block[] {
  return [
    fields([
      [label.record, recordId],
      [{ en: 'number', zh: '次数' }, number],
      [label.pseudonym, pseudonym],
      [label.state, correctionStateTexts[state]],
    ]),
  ];
}

function showDue(call: CommandCall, isAll: boolean): Promise<CommandOutcome> {
  return withSession(call, async (session) => {
    if (call.options.dryRun) return dryRun(await session.unsent(checkedRequest(transactions.ListCorrectionsAsked, { limit: 100 })));
    const { items: asked, ...rest } = await everyPage((page) => ask(session, transactions.ListCorrectionsAsked, page));
    const items = isAll ? asked : asked.filter(({ state }) => state === 'open');
    const nothing = line({ en: 'Nothing is to be answered.', zh: '没有待答复的更正申请。' });
    return outcome({ items, ...rest }, items.length === 0 ? nothing : correctionTable(call, items), ...restOfPage(rest));
  });
}

function correctionTable(call: CommandCall, items: readonly Shown[]): Block {
  return table(
    [
      label.record,
      { en: 'number', zh: '次数' },
      label.version,
      label.state,
      { en: 'answer due', zh: '答复期限' },
      { en: 'answer', zh: '答复' },
    ],
    items.map(({ correction, answered, state, isOverdue }) => [
      correction.recordId,
      correction.number,
      correction.recordVersion,
      isOverdue ? { en: 'OVERDUE', zh: '已逾期' } : correctionStateTexts[state],
      state === 'open' ? localTime(correction.dueAt, call.terminal.timeZone) : undefined,
      answered === undefined ? undefined : answerText(answered.answer),
    ]),
  );
}

function answerText(given: NonNullable<Shown['answered']>['answer']): ReturnType<typeof wordText> {
  if (given.outcome === 'refused') return wordText(given.reason);
  return { en: `version ${String(given.version)}`, zh: `版本 ${String(given.version)}` };
}
