import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { memberOperations, newIdNonce } from '@lianyi/client';
import {
  actorTagSchema,
  declineReasons,
  departmentSchema,
  DomainError,
  encodeOutcome,
  mspIdSchema,
  nameSchema,
  type Output,
  pseudonymSchema,
  recognitionIdOf,
  recognitionIdSchema,
  recordIdSchema,
  type Request,
  ticketIdSchema,
  transactions,
} from '@lianyi/domain';
import { itemCommitmentOf, recognitionReport } from '@lianyi/domain/deciding';
import { type CommandCall } from '../call';
import { lacking } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { everyPage } from '../every-page';
import { openStaffSession, type StaffLedgerSession } from '../ledger/staff-session';
import { type Block, type CommandOutcome, fields, line, outcome } from '../outcome';
import { ask, committed, transact, withSession } from '../transact';
import { itemTable } from './recognised-item-table';
import { reasonChoices, reportTables } from './recognition-words';
import { flag, label } from './vocabulary';
import { stateText } from './words';

const { AskRecognition, GetParameter, ListRecognitions, RecordRecognition } = transactions;

const question = { en: 'question', zh: '查询编号' };
const questionArgument = { term: '<question>', text: { en: 'as `recognition find` has told it', zh: '`recognition find` 给出的查询编号' } };
/** What was read before it was decided. */
const read = {
  flags: [
    { flags: '--record <id>', text: { en: 'the record that was found', zh: '找到的病历' }, required: true },
    { flags: '--ticket <id>', text: { en: 'the permit under which it was read', zh: '据以阅读的凭单' }, required: true },
  ],
  input: z.object({ question: recognitionIdSchema, record: recordIdSchema, ticket: ticketIdSchema }),
};
const findInput = z.object({ pseudonym: pseudonymSchema, item: nameSchema, department: departmentSchema.optional() });

export const recognitionCommands: readonly CommandSpec[] = [
  command({
    name: 'items',
    summary: { en: 'the examinations whose results members recognise', zh: '成员互认的检查检验项目' },
    example: '--as cardiologist',
    input: z.object({}),
    run: (call) =>
      transact(call, GetParameter, { name: 'recognised-items' }, ({ setting, version }) => [
        fields([[label.version, version]]),
        itemTable(setting.name === 'recognised-items' ? setting.value.items : []),
      ]),
  }),
  command({
    name: 'find',
    summary: { en: 'ask for an equivalent result before ordering an examination (clinician)', zh: '开单前查询可互认的结果（医师）' },
    detail: {
      en: 'The question is committed first, without its item, and stands in the patient’s audit. The hospital of the pseudonym then answers yes, with the newest record that you may ask to read, or no; what you may not is answered as what is not there. Read it (access request, access read), then accept or decline it.',
      zh: '先提交查询（不含项目名称），患者可在审计中看到；再由该假名所属医院答复：有，并给出您可申请阅读的最新病历；或没有。您无权阅读的与不存在的，答复相同。请先阅读（access request、access read），再认可或不予认可。',
    },
    example: 'PSEUDONYM --item cholesterol --as cardiologist',
    hasNoDryRun: true,
    arguments: [{ term: '<pseudonym>', text: { en: 'the patient at the hospital that is asked', zh: '患者在所询医院的假名' } }],
    flags: [
      {
        flags: '--item <id>',
        text: { en: 'which examination (recognition items)', zh: '检查检验项目（见 recognition items）' },
        required: true,
      },
      flag.department,
    ],
    input: findInput,
    run: find,
  }),
  command({
    name: 'accept',
    summary: { en: 'accept the result instead of a new examination (who has asked)', zh: '认可该结果，不再重复检查检验（查询人）' },
    example: 'QUESTION --record RECORD --ticket TICKET --as cardiologist',
    arguments: [questionArgument],
    ...read,
    run: (call, said) => transact(call, RecordRecognition, decisionOf(said, { outcome: 'accept' }), showState),
  }),
  command({
    name: 'decline',
    summary: { en: 'have it examined again, and say why (who has asked)', zh: '不予认可并说明原因，重新检查检验（查询人）' },
    example: 'QUESTION --record RECORD --ticket TICKET --reason unable --as cardiologist',
    arguments: [questionArgument],
    flags: [...read.flags, { flags: '--reason <reason>', text: reasonChoices, required: true, choices: declineReasons }],
    input: read.input.extend({ reason: z.enum(declineReasons) }),
    run: (call, { reason, ...said }) => transact(call, RecordRecognition, decisionOf(said, { outcome: 'decline', reason }), showState),
  }),
  command({
    name: 'report',
    summary: { en: 'what was asked, accepted, made again and saved, by month', zh: '按月统计：查询、认可、重复检查检验及节约金额' },
    detail: {
      en: 'Reckoned from the ledger alone, as anybody can from the blocks. Months are of UTC; amounts are the tariffs of the list. What was asked and not decided found nothing, or nobody has decided yet.',
      zh: '仅据账本统计，任何人均可据区块核对。月份按 UTC；金额为清单的价格档。已查询而未决定的，为没有找到或尚未决定。',
    },
    example: '--as cardiologist',
    hasNoDryRun: true,
    flags: [{ flags: '--organisation <id>', text: { en: 'whose clinicians (the own)', zh: '哪家机构的医师（默认本机构）' } }],
    input: z.object({ organisation: mspIdSchema.optional() }),
    run: report,
  }),
];

type Decision = { readonly outcome: 'accept' } | { readonly outcome: 'decline'; readonly reason: (typeof declineReasons)[number] };

function decisionOf(
  { question: askId, record: recordId, ticket: ticketId }: z.output<typeof read.input>,
  decision: Decision,
): Request<typeof RecordRecognition> {
  return { askId, decided: { recordId, ticketId, ...decision } };
}

function showState({ askId, state }: Output<typeof RecordRecognition>): readonly Block[] {
  return [
    fields([
      [question, askId],
      [label.state, stateText(state)],
    ]),
  ];
}

async function find(call: CommandCall, { pseudonym, item, department: named }: z.output<typeof findInput>): Promise<CommandOutcome> {
  const { profile } = call.actorOf('staff');
  const department = named ?? profile.department;
  if (department === undefined) throw lacking('--department <name>');
  const session = await openStaffSession(call);
  try {
    const asked = { ...(await itemOf(session, item)), pseudonym, department };
    const nonce = newIdNonce();
    const mspId = mspIdSchema.parse(profile.mspId);
    const askId = recognitionIdOf({ mspId, actorTag: actorTagSchema.parse(profile.actorTag), nonce });
    // whoever has it can open the question: it goes nowhere but into the answer that is asked for, and is not kept
    const salt = randomBytes(32).toString('base64url');
    const itemCommitment = itemCommitmentOf({ askId, itemId: item, salt });
    const sent = await ask(session, AskRecognition, { askId, nonce, itemCommitment, ...asked });
    const answer = await session.node.api.ask(memberOperations.FindRecognised, { body: { mspId, askId, itemId: item, salt } });
    return outcome({ ...encodeOutcome(sent), ...answer }, ...showAnswer(askId, answer), ...committed(sent));
  } finally {
    session.close();
  }
}

/** What a question says of an item. @throws {@link DomainError} `ITEM_NOT_RECOGNISED` */
async function itemOf(
  session: StaffLedgerSession,
  itemId: string,
): Promise<Pick<Request<typeof AskRecognition>, 'priceCents' | 'listVersion'>> {
  const { setting, version } = (await ask(session, GetParameter, { name: 'recognised-items' })).result;
  const item = setting.name === 'recognised-items' ? setting.value.items.find((each) => each.itemId === itemId) : undefined;
  if (item === undefined) throw new DomainError('ITEM_NOT_RECOGNISED');
  return { priceCents: item.priceCents, listVersion: version };
}

function showAnswer(askId: string, answer: Output<typeof transactions.ResolveRecognition>): readonly Block[] {
  if (!answer.found)
    return [
      line({ en: 'No equivalent result that you may ask to read.', zh: '没有您可申请阅读的可互认结果。' }),
      fields([[question, askId]]),
    ];
  return [
    line({ en: 'There is an equivalent result:', zh: '有可互认的结果：' }),
    fields([
      [question, askId],
      [label.record, answer.recordId],
    ]),
  ];
}

async function report(call: CommandCall, { organisation }: { readonly organisation?: string | undefined }): Promise<CommandOutcome> {
  const mspId = mspIdSchema.parse(organisation ?? call.actor.profile.mspId);
  const { items, unreadable } = await withSession(call, (session) =>
    everyPage((page) => ask(session, ListRecognitions, { mspId, ...page })),
  );
  const months = recognitionReport(items);
  return outcome({ months, ...(unreadable === undefined ? {} : { unreadable }) }, ...reportTables(months));
}
