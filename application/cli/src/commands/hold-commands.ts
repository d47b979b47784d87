import { z } from 'zod';
import { type Hold, nameSchema, pseudonymSchema, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { soleOf } from '../ledger/pseudonym';
import { momentText, parseMoment } from '../moment';
import { type Block, fields, line, table } from '../outcome';
import { transact } from '../transact';
import { flag, label } from './vocabulary';

const words = { hold: { en: 'hold', zh: '保全' }, since: { en: 'since', zh: '始于' } } as const;
const holdArgument = {
  term: '<hold>',
  text: { en: 'a name for it that says nothing of why: every member reads it', zh: '保全名称，不要透露原因：各成员均可读取' },
};
const patientFlag = { flags: '--pseudonym <id>', text: { en: 'whose data', zh: '哪名患者的数据' }, required: true };

export const holdCommands: readonly CommandSpec[] = [
  command({
    name: 'place',
    summary: {
      en: 'keep the keys of a patient’s records from being purged here (privacy officer)',
      zh: '在本院保全某患者病历的密钥，不得清除（隐私专员）',
    },
    detail: {
      en: 'Holds the keys of the patient’s records and the parameters of their pointers at this hospital, in the patient’s sight; why, is not said to the ledger. Another privacy officer lifts it.',
      zh: '保全本院该患者病历的密钥及其指针的参数，患者可见；原因不写入账本。须由另一位隐私专员解除。',
    },
    example: 'hold-17 --pseudonym PSEUDONYM --as privacy',
    arguments: [holdArgument],
    flags: [
      patientFlag,
      { flags: '--until <instant>', text: { en: 'until when, exclusive (until it is lifted)', zh: '至何时止，不含（默认直至解除）' } },
    ],
    input: z.object({ hold: nameSchema, pseudonym: pseudonymSchema, until: z.string().optional() }),
    run: async (call, { hold: holdId, until, pseudonym }) => {
      const end = until === undefined ? {} : { until: parseMoment(until, call.terminal, 'end') };
      return transact(call, transactions.PlaceHold, { holdId, pseudonym, ...end }, showHold);
    },
  }),
  command({
    name: 'lift',
    summary: { en: 'take a hold back that somebody else has placed (privacy officer)', zh: '解除他人设置的保全（隐私专员）' },
    example: 'hold-17 --pseudonym PSEUDONYM --as privacy-2',
    arguments: [holdArgument],
    flags: [patientFlag],
    input: z.object({ hold: nameSchema, pseudonym: pseudonymSchema }),
    run: async (call, { hold: holdId, pseudonym }) => transact(call, transactions.LiftHold, { pseudonym, holdId }, showHold),
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
      [words.hold, words.since, label.until],
      holds.map(({ holdId, placedAt, until }) => [
        holdId,
        momentText(placedAt, call.terminal),
        until === undefined ? { en: 'it is lifted', zh: '解除为止' } : momentText(until, call.terminal),
      ]),
    ),
  ];
}
