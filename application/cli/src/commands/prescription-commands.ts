import { z } from 'zod';
import { newIdNonce } from '@lianyi/client';
import {
  instantOf,
  mspIdSchema,
  type Output,
  type Prescription,
  prescriptionCancellations,
  prescriptionIdOf,
  prescriptionIdSchema,
  pseudonymSchema,
  recordIdSchema,
  transactions,
} from '@lianyi/domain';
import { command, type CommandSpec } from '../command-spec';
import { readJson, whole } from '../inputs';
import { soleOf } from '../ledger/pseudonym';
import { parseMoment } from '../moment';
import { type Block, fields, line, table } from '../outcome';
import { checkedRequest, sendRequest, transact, withSession } from '../transact';
import { ownPage, ownPageFlags, ownPageInput, pageInput, pageRequest, restOfPage } from './paging';
import { flag, label } from './vocabulary';
import { choicesText, stateText, wordText } from './words';

const words = {
  prescription: { en: 'prescription', zh: '处方' },
  units: { en: 'units', zh: '数量' },
  left: { en: 'left now', zh: '当前剩余' },
  fill: { en: 'fill', zh: '次序' },
  until: { en: 'until', zh: '有效期至' },
} as const;
const prescriptionArgument = { term: '<prescription>', text: words.prescription };
const named = { prescription: prescriptionIdSchema, pseudonym: pseudonymSchema };
const prescribed = transactions.IssuePrescription.request.shape;
const DAY_MS = 24 * 60 * 60 * 1000;

export const prescriptionCommands: readonly CommandSpec[] = [
  command({
    name: 'issue',
    summary: {
      en: 'let what a record prescribes be dispensed at any member’s pharmacy (clinician)',
      zh: '使病历中的处方可在任一成员药房配药（医生）',
    },
    detail: {
      en: 'The record, of class prescription and of this hospital, says what is prescribed. The ledger has numbers alone: units of a fill, how many fills, the days between their beginnings, and until when.',
      zh: '所开药品载于本院类别为处方的病历；账本只记录数字：每次数量、次数、间隔天数和有效期。',
    },
    example: 'RECORD --pseudonym PSEUDONYM --units 10 --fills 3 --interval-days 28 --days 90 --as clinician',
    arguments: [{ term: '<record>', text: label.record }],
    flags: [
      flag.pseudonym,
      { flags: '--units <n>', text: { en: 'how many units a fill has', zh: '每次数量' }, required: true },
      { flags: '--fills <n>', text: { en: 'how often it may be filled (1)', zh: '可配次数（默认 1）' } },
      { flags: '--interval-days <n>', text: { en: 'from the beginning of a fill to the next (0)', zh: '相邻两次起始间隔天数（默认 0）' } },
      { flags: '--days <n>', text: { en: 'for how many days it is good (30)', zh: '有效天数（默认 30）' } },
      { flags: '--from <instant>', text: { en: 'from when on (now)', zh: '自何时起（默认当前）' } },
    ],
    input: z.object({
      record: recordIdSchema,
      pseudonym: pseudonymSchema,
      units: whole(prescribed.units),
      fills: whole(prescribed.fills).default(1),
      intervalDays: whole(prescribed.intervalDays).default(0),
      days: whole(z.int().min(1).max(366)).default(30),
      from: z.string().optional(),
    }),
    run: (call, { record: recordId, pseudonym, days, from, ...numbers }) => {
      const nonce = newIdNonce();
      const mspId = mspIdSchema.parse(call.actorOf('staff').profile.mspId);
      const validFrom = from === undefined ? instantOf(call.terminal.now().getTime()) : parseMoment(from, call.terminal, 'begin');
      const validUntil = instantOf(Date.parse(validFrom) + days * DAY_MS);
      const prescriptionId = prescriptionIdOf({ mspId, pseudonym, nonce });
      const input = { pseudonym, prescriptionId, nonce, recordId, ...numbers, validFrom, validUntil };
      return transact(call, transactions.IssuePrescription, input, showAnswer);
    },
  }),
  command({
    name: 'dispense',
    summary: { en: 'hand out units of it to who shows the patient’s card (pharmacist)', zh: '凭患者出示的卡码配药（药师）' },
    detail: {
      en: 'The card’s code is made for this organisation’s desk, is good for a minute and is used up. What of it is left, `prescription list` says; a repeat begins no earlier than its interval after the fill before has begun.',
      zh: '卡码须为本机构生成，一分钟内有效且只用一次。剩余数量见 prescription list；续配不得早于上一次起始后的间隔时间。',
    },
    example: 'PRESCRIPTION --units 10 --token-file scanned.json --as pharmacist',
    arguments: [prescriptionArgument],
    flags: [
      { flags: '--units <n>', text: words.units, required: true },
      {
        flags: '--token-file <file>',
        text: { en: 'what the scanner has read (- is standard input)', zh: '扫码器读出的内容（- 表示标准输入）' },
        required: true,
      },
    ],
    input: z.object({ prescription: prescriptionIdSchema, units: whole(prescribed.units), tokenFile: z.string() }),
    run: (call, { prescription: prescriptionId, units, tokenFile }) =>
      withSession(call, (session) => {
        const input = { prescriptionId, units, token: readJson(tokenFile, call.terminal) };
        return sendRequest(call, session, checkedRequest(transactions.DispensePrescription, input), showDispensed);
      }),
  }),
  command({
    name: 'cancel',
    summary: { en: 'take a prescription of this hospital back (clinician)', zh: '作废本院处方（医生）' },
    example: 'PRESCRIPTION --pseudonym PSEUDONYM --reason replaced --as clinician',
    arguments: [prescriptionArgument],
    flags: [
      flag.pseudonym,
      {
        flags: '--reason <reason>',
        text: { en: 'why: a word that every member reads', zh: `原因，各成员可读：${choicesText(prescriptionCancellations)}` },
        required: true,
        choices: prescriptionCancellations,
      },
    ],
    input: z.object({ ...named, reason: z.enum(prescriptionCancellations) }),
    run: (call, { prescription: prescriptionId, pseudonym, reason }) =>
      transact(call, transactions.CancelPrescription, { pseudonym, prescriptionId, reason }, showAnswer),
  }),
  command({
    name: 'stop',
    summary: { en: 'want nothing more of a prescription dispensed (patient)', zh: '停用处方（患者）' },
    example: 'PRESCRIPTION --as patient',
    arguments: [prescriptionArgument],
    flags: [flag.ownPseudonym],
    input: z.object({ prescription: prescriptionIdSchema, pseudonym: pseudonymSchema.optional() }),
    run: async (call, { prescription: prescriptionId, pseudonym: of }) => {
      const pseudonym = await soleOf(call, of);
      return transact(call, transactions.StopPrescription, { pseudonym, prescriptionId }, showAnswer, { signer: pseudonym });
    },
  }),
  command({
    name: 'list',
    summary: { en: 'list a patient’s prescriptions (patient, clinician, pharmacist)', zh: '列出患者的处方（患者、医生、药师）' },
    example: '--as patient',
    flags: ownPageFlags,
    input: ownPageInput,
    run: async (call, input) =>
      transact(call, transactions.ListPrescriptions, await ownPage(call, input), ({ items, ...rest }) => [
        ...items.flatMap((each) => showPrescription(each)),
        ...restOfPage(rest),
      ]),
  }),
  command({
    name: 'show',
    summary: { en: 'show a prescription, and when and where it was dispensed', zh: '显示处方及其配药情况' },
    example: 'PRESCRIPTION --pseudonym PSEUDONYM --as pharmacist',
    arguments: [prescriptionArgument],
    flags: [flag.ownPseudonym, flag.limit, flag.after],
    input: z.object({ prescription: prescriptionIdSchema, pseudonym: pseudonymSchema.optional(), ...pageInput }),
    run: async (call, { prescription: prescriptionId, pseudonym, ...page }) => {
      const key = { pseudonym: await soleOf(call, pseudonym), prescriptionId };
      return transact(call, transactions.ListDispensings, { ...key, ...pageRequest(page) }, showDispensings);
    },
  }),
  command({
    name: 'report',
    summary: {
      en: 'how much was issued and dispensed in a month (privacy officer; a regulator, of anybody)',
      zh: '按月统计开具与配药数量（隐私专员；监管方可查任一成员）',
    },
    detail: {
      en: 'No patient, no person, and nothing that is fewer than five. By whole months that are over, by UTC.',
      zh: '不含患者与个人，少于五次者不列出；仅限已结束的月份（UTC）。',
    },
    example: '--month 2026-10 --msp-id HospitalAMSP --as regulator',
    flags: [
      { flags: '--month <month>', text: { en: 'which, such as 2026-10', zh: '月份，如 2026-10' }, required: true },
      { flags: '--msp-id <id>', text: { en: 'whose (the own organisation)', zh: '哪个机构（默认本机构）' } },
    ],
    input: z.object({ month: transactions.GetPrescriptionStatistics.request.shape.month, mspId: mspIdSchema.optional() }),
    run: (call, { month, mspId = mspIdSchema.parse(call.actorOf('staff').profile.mspId) }) =>
      transact(call, transactions.GetPrescriptionStatistics, { mspId, month }, showReport),
  }),
];

function showAnswer({ prescriptionId, state }: Pick<Prescription, 'prescriptionId' | 'state'>): readonly Block[] {
  return [
    fields([
      [words.prescription, prescriptionId],
      [label.state, stateText(state)],
    ]),
  ];
}

function showDispensed({ fill, unitsLeft, ...answer }: Output<typeof transactions.DispensePrescription>): readonly Block[] {
  return [
    ...showAnswer(answer),
    fields([
      [words.fill, fill],
      [words.left, unitsLeft],
    ]),
  ];
}

function showPrescription(prescription: Prescription): readonly Block[] {
  const { prescriptionId, mspId, recordId, state, units, fills, begun, dispensedUnits, intervalDays, validFrom, validUntil } = prescription;
  const dispensed = begun === 0 ? 0 : (begun - 1) * units + dispensedUnits;
  return [
    fields([
      [words.prescription, prescriptionId],
      [label.organisation, mspId],
      [label.record, recordId],
      [label.state, stateText(state)],
      [{ en: 'dispensed', zh: '已配' }, `${dispensed} / ${fills * units} (${fills} × ${units})`],
      [{ en: 'days between fills', zh: '间隔天数' }, intervalDays],
      [{ en: 'from', zh: '自' }, validFrom],
      [words.until, validUntil],
      [{ en: 'why', zh: '原因' }, prescription.cancellation === undefined ? undefined : wordText(prescription.cancellation)],
    ]),
    line(''),
  ];
}

function showDispensings({ items, ...rest }: Output<typeof transactions.ListDispensings>): readonly Block[] {
  return [
    table(
      [{ en: 'number', zh: '序号' }, words.fill, words.units, label.organisation, { en: 'when', zh: '时间' }],
      items.map(({ number, fill, units, mspId, at }) => [number, fill, units, mspId, at]),
      { en: 'nothing was dispensed', zh: '尚未配药' },
    ),
    ...restOfPage(rest),
  ];
}

function showReport({ counts, isCut }: Output<typeof transactions.GetPrescriptionStatistics>): readonly Block[] {
  const few = { en: 'fewer than five', zh: '少于五次' };
  return [
    fields([
      [{ en: 'issued', zh: '开具' }, counts.issued ?? few],
      [{ en: 'of them cancelled', zh: '其中作废' }, counts.cancelled ?? few],
      [{ en: 'of them stopped', zh: '其中停用' }, counts.stopped ?? few],
      [{ en: 'dispensings', zh: '配药' }, counts.dispensings ?? few],
      [{ en: 'of repeats', zh: '其中续配' }, counts.ofRepeats ?? few],
      [{ en: 'in parts', zh: '其中分次' }, counts.inParts ?? few],
    ]),
    ...(isCut ? [line({ en: 'There were more: the newest 1,000 of each are looked at.', zh: '数量更多：各仅统计最新 1000 条。' })] : []),
  ];
}
