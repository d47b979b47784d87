import { z } from 'zod';
import { type Hold, holdReasons, type Input, nameSchema, pseudonymSchema, recordIdSchema, transactions } from '@lianyi/domain';
import { holdEndsAt } from '@lianyi/domain/deciding';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { soleOf } from '../ledger/pseudonym';
import { momentText, parseMoment } from '../moment';
import { type Block, fields, line, table } from '../outcome';
import { transact } from '../transact';
import { list } from '../inputs';
import { flag, label } from './vocabulary';
import { choicesText, wordText } from './words';

const words = { hold: { en: 'hold', zh: '保全' }, since: { en: 'since', zh: '始于' } } as const;
const holdArgument = {
  term: '<hold>',
  text: { en: 'a name for it that says nothing of why: every member reads it', zh: '保全名称，不要透露原因：各成员均可读取' },
};
const patientFlag = { flags: '--pseudonym <id>', text: { en: 'whose data', zh: '哪名患者的数据' }, required: true };

/** What is held, on what it rests and until when: said by who places a hold, and once more by who confirms it. */
const placed = {
  flags: [
    patientFlag,
    {
      flags: '--reason <reason>',
      text: { en: 'on what it rests', zh: `依据：${choicesText(holdReasons)}` },
      required: true,
      choices: holdReasons,
    },
    { flags: '--records <list>', text: { en: 'which records alone (all)', zh: '仅限哪些病历（默认全部）' } },
    { flags: '--until <instant>', text: { en: 'until when, exclusive (until it is lifted)', zh: '至何时止，不含（默认直至解除）' } },
  ],
  input: z.object({
    hold: nameSchema,
    pseudonym: pseudonymSchema,
    until: z.string().optional(),
    reason: z.enum(holdReasons),
    records: list(recordIdSchema).optional(),
  }),
};

/** Of whichever hold, what it holds and until when. */
function saidOf(
  call: CommandCall,
  { hold: holdId, until, pseudonym, records }: Omit<z.output<typeof placed.input>, 'reason'>,
): Omit<Input<typeof transactions.PlaceHold>, 'reason'> {
  const end = until === undefined ? {} : { until: parseMoment(until, call.terminal, 'end') };
  const of = records === undefined ? {} : { recordIds: [...records].sort() };
  return { holdId, pseudonym, ...of, ...end };
}

export const holdCommands: readonly CommandSpec[] = [
  command({
    name: 'place',
    summary: {
      en: 'keep the keys of a patient’s records from being purged here (privacy officer)',
      zh: '在本院保全某患者病历的密钥，不得清除（隐私专员）',
    },
    detail: {
      en: 'Holds the keys of the patient’s records and the parameters of their pointers at this hospital, or of --records, in the patient’s sight. It stands at once, and after three days only if somebody else has confirmed it; somebody else lifts it. The reason is a word that every member reads: no more is said to the ledger.',
      zh: '保全本院该患者病历的密钥及其指针的参数，也可用 --records 限定病历，患者可见。设置后立即生效，三日内须由另一人确认，否则失效；解除亦须由另一人进行。原因只写入一个各成员可读的代码。',
    },
    example: 'hold-17 --pseudonym PSEUDONYM --reason dispute --as privacy',
    arguments: [holdArgument],
    ...placed,
    run: async (call, said) => transact(call, transactions.PlaceHold, { ...saidOf(call, said), reason: said.reason }, showHold),
  }),
  command({
    name: 'confirm',
    summary: { en: 'confirm a hold that somebody else has placed (privacy officer)', zh: '确认他人设置的保全（隐私专员）' },
    detail: {
      en: 'Says once more what is held, on what it rests and until when, as you were shown it: a hold that says something else is not confirmed (HOLD_DIFFERS).',
      zh: '须再次说明保全的病历、依据和截止时间：与保全内容不一致时不予确认（HOLD_DIFFERS）。',
    },
    example: 'hold-17 --pseudonym PSEUDONYM --reason dispute --as privacy-2',
    arguments: [holdArgument],
    ...placed,
    run: async (call, said) => transact(call, transactions.ConfirmHold, { ...saidOf(call, said), reason: said.reason }, showHold),
  }),
  command({
    name: 'lift',
    summary: { en: 'take a hold back that somebody else has placed (privacy officer)', zh: '解除他人设置的保全（隐私专员）' },
    detail: {
      en: 'Says once more what is held, on what it rests and until when, as `hold show` tells it (a hold from before reasons were said has none): one that says something else is not lifted (HOLD_DIFFERS).',
      zh: '须按 `hold show` 所示再次说明保全的病历、依据和截止时间（早期保全没有依据）：与保全内容不一致时不予解除（HOLD_DIFFERS）。',
    },
    example: 'hold-17 --pseudonym PSEUDONYM --reason dispute --as privacy-2',
    arguments: [holdArgument],
    flags: placed.flags.map((each) => ({ ...each, required: each === patientFlag })),
    input: placed.input.partial({ reason: true }),
    run: async (call, { reason, ...said }) => {
      const rests = reason === undefined ? {} : { reason };
      return transact(call, transactions.LiftHold, { ...saidOf(call, said), ...rests }, showHold);
    },
  }),
  command({
    name: 'show',
    summary: { en: 'the holds of a patient (patient, their hospital)', zh: '某患者的保全情况（患者、其医院）' },
    example: '--as patient',
    flags: [flag.ownPseudonym],
    input: z.object({ pseudonym: pseudonymSchema.optional() }),
    run: async (call, { pseudonym }) =>
      transact(call, transactions.GetHolds, { pseudonym: await soleOf(call, pseudonym) }, ({ holds }) => showHolds(call, holds)),
  }),
];

function showHold({ pseudonym, holdId }: { readonly pseudonym: string; readonly holdId: string }): readonly Block[] {
  return [
    fields([
      [words.hold, holdId],
      [label.pseudonym, pseudonym],
    ]),
  ];
}

function showHolds(call: CommandCall, holds: readonly Hold[]): readonly Block[] {
  if (holds.length === 0) return [line({ en: 'There is no hold.', zh: '没有保全。' })];
  return [
    table(
      [words.hold, { en: 'reason', zh: '依据' }, label.record, words.since, label.until],
      holds.map((hold) => {
        const { holdId, placedAt, reason, recordIds } = hold;
        const end = holdEndsAt(hold);
        return [
          holdId,
          reason === undefined ? undefined : wordText(reason),
          recordIds?.join(', ') ?? { en: 'all', zh: '全部' },
          momentText(placedAt, call.terminal),
          end === undefined ? { en: 'it is lifted', zh: '解除为止' } : momentText(end, call.terminal),
        ];
      }),
    ),
  ];
}
