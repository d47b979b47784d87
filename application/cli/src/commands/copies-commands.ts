import { z } from 'zod';
import {
  actorTagSchema,
  type CopyStanding,
  departmentSchema,
  mspIdSchema,
  pseudonymSchema,
  recordIdSchema,
  retentionBases,
  retentionBasisSchema,
  ticketIdSchema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { everyPage } from '../every-page';
import { restOfPage } from './paging';
import { type Text } from '../language';
import { soleOf } from '../ledger/pseudonym';
import { localTime } from '../local-time';
import { parseMoment } from '../moment';
import { type Block, type Cell, type CommandOutcome, fields, line, outcome, table } from '../outcome';
import { ask, checkedRequest, dryRun, transact, withSession } from '../transact';
import { copyTermsText } from './copy-terms';
import { causeTexts, lawTexts, standingTexts } from './copy-words';
import { flag, label } from './vocabulary';
import { stateText } from './words';

const ofCopy = { ticket: ticketIdSchema, record: recordIdSchema };
const copyArguments = [
  { term: '<ticket>', text: label.ticket },
  { term: '<record>', text: label.record },
];

export const copiesCommands: readonly CommandSpec[] = [
  command({
    name: 'list',
    summary: {
      en: 'who has copies of your records, and what became of each (patient)',
      zh: '谁持有您病历的副本，各副本去向如何（患者）',
    },
    detail: {
      en: 'Every member that was given a key, and every one to which a copy was handed on, below whom it has it from. What must go by a date, is overdue, was destroyed or is retained by law is by the ledger’s time and by the holder’s signed word: nobody can see into a hospital’s disks.',
      zh: '列出取得过密钥的每一成员，以及其转交的接收方（列于转交方之下）。须于何时销毁、是否逾期以账本时间为准；已销毁或依法留存以持有方签名的答复为准：无人能查看医院的磁盘。',
    },
    example: '--as patient',
    flags: [flag.ownPseudonym],
    input: z.object({ pseudonym: pseudonymSchema.optional() }),
    run: async (call, input) => showOwn(call, await soleOf(call, input.pseudonym)),
  }),
  command({
    name: 'due',
    summary: { en: 'copies that the own house must answer for (privacy officer)', zh: '本院须答复的副本（隐私专员）' },
    example: '--as privacy-officer',
    flags: [{ flags: '--all', text: { en: 'those that may be kept, and those answered for, too', zh: '也列出可留存的和已答复的副本' } }],
    input: z.object({ all: z.boolean().default(false) }),
    run: (call, { all }) => showHeld(call, all),
  }),
  command({
    name: 'answer',
    summary: {
      en: 'say that a copy was destroyed, or by which law it is retained (privacy officer)',
      zh: '答复副本已销毁，或依何法律留存（隐私专员）',
    },
    detail: {
      en: 'Your signature on it is the receipt, and stands on the ledger for good. What was destroyed cannot be retained later. Its ticket must have ended: while it is open the key can be had again.',
      zh: '您的签名即为回执，永久留在账本上。答复已销毁的，其后不得再称留存。所依凭单须已结束：凭单有效期间仍可再次取得密钥。',
    },
    example: 'TICKET RECORD --destroyed --as privacy-officer',
    arguments: copyArguments,
    flags: [
      { flags: '--destroyed', text: { en: 'it is gone, from backups too', zh: '已销毁（含备份）' } },
      { flags: '--retained <law>', text: { en: 'it is kept by this law', zh: '依此法律留存' }, choices: retentionBases },
      {
        flags: '--was-retained <law>',
        text: { en: 'with --destroyed: the law that does not hold any more', zh: '与 --destroyed 同用：已不再适用的留存依据' },
        choices: retentionBases,
      },
      { flags: '--until <instant>', text: { en: 'with --retained: until when, exclusive', zh: '与 --retained 同用：留存至何时，不含' } },
    ],
    input: z.object({
      ...ofCopy,
      destroyed: z.boolean().default(false),
      retained: retentionBasisSchema.optional(),
      wasRetained: retentionBasisSchema.optional(),
      until: z.string().optional(),
    }),
    run: answer,
  }),
  command({
    name: 'disclose',
    summary: {
      en: 'hand a copy on to another member, where the patient has allowed it (clinician, record administrator)',
      zh: '经患者允许，将副本转交另一成员（临床人员、病案管理员）',
    },
    detail: {
      en: 'Say it before the copy leaves: what binds you binds the receiver, and the patient sees both. It is refused when the consent has changed, when the receiver is forbidden, or when you have it from another holder yourself.',
      zh: '须在副本送出之前登记：对您的约束同样约束接收方，患者可见双方。授权已变更、接收方被患者禁止，或副本本身由他人转交而来时，均予拒绝。',
    },
    example: 'TICKET RECORD --to HospitalCMSP:TAG:cardiology --as cardiologist',
    arguments: copyArguments,
    flags: [{ flags: '--to <whom>', text: { en: 'MSP:tag:department', zh: '机构:代号:科室' }, required: true }],
    input: z.object({ ...ofCopy, to: z.string() }),
    run: (call, { ticket: ticketId, record: recordId, to }) =>
      transact(call, transactions.DiscloseOnward, { ticketId, recordId, to: receiverIn(to) }, ({ holderMspId }) => [
        fields([
          [label.ticket, ticketId],
          [label.record, recordId],
          [{ en: 'handed on to', zh: '转交给' }, holderMspId],
        ]),
      ]),
  }),
];

const receiverSchema = z.tuple([mspIdSchema, actorTagSchema, departmentSchema]);

function receiverIn(text: string): { mspId: string; actorTag: string; department: string } {
  const result = receiverSchema.safeParse(text.split(':'));
  if (!result.success) throw new CliProblem('USAGE', `--to <whom>: ${text}`);
  const [mspId, actorTag, department] = result.data;
  return { mspId, actorTag, department };
}

interface Answer {
  readonly ticket: z.output<typeof ticketIdSchema>;
  readonly record: z.output<typeof recordIdSchema>;
  readonly destroyed: boolean;
  readonly retained?: z.output<typeof retentionBasisSchema> | undefined;
  readonly wasRetained?: z.output<typeof retentionBasisSchema> | undefined;
  readonly until?: string | undefined;
}

function answer(
  call: CommandCall,
  { ticket: ticketId, record: recordId, destroyed, retained, wasRetained, until }: Answer,
): Promise<CommandOutcome> {
  if (destroyed === (retained !== undefined)) throw new CliProblem('USAGE', '--destroyed | --retained <law>');
  if (until !== undefined && retained === undefined) throw new CliProblem('USAGE', '--until: --retained <law>');
  if (wasRetained !== undefined && !destroyed) throw new CliProblem('USAGE', '--was-retained <law>: --destroyed');
  const end = until === undefined ? {} : { until: parseMoment(until, call.terminal, 'end') };
  const former = wasRetained === undefined ? {} : { formerBasis: wasRetained };
  const said =
    retained === undefined ? ({ outcome: 'destroyed', ...former } as const) : ({ outcome: 'retained', basis: retained, ...end } as const);
  return transact(call, transactions.AnswerForCopy, { ticketId, recordId, answer: said }, ({ state }) => [
    fields([
      [label.ticket, ticketId],
      [label.record, recordId],
      [label.state, stateText(state)],
    ]),
  ]);
}

async function showOwn(call: CommandCall, pseudonym: z.output<typeof pseudonymSchema>): Promise<CommandOutcome> {
  return withSession(
    call,
    async (session) => {
      if (call.options.dryRun) return dryRun(await session.unsent(checkedRequest(transactions.ListCopies, { pseudonym, limit: 100 })));
      const { items: found, ...rest } = await everyPage((page) => ask(session, transactions.ListCopies, { pseudonym, ...page }));
      const items = nested(found);
      const nobody = line({ en: 'By the word of the node that was asked, nobody has a copy.', zh: '据所询节点所述，无人持有副本。' });
      const view = items.length === 0 ? [nobody] : [copyTable(call, items), summaryOf(items)];
      return outcome({ items, ...rest }, ...view, ...restOfPage(rest));
    },
    pseudonym,
  );
}

async function showHeld(call: CommandCall, isAll: boolean): Promise<CommandOutcome> {
  return withSession(call, async (session) => {
    if (call.options.dryRun) return dryRun(await session.unsent(checkedRequest(transactions.ListCopiesHeld, { limit: 100 })));
    const { items: held, ...rest } = await everyPage((page) => ask(session, transactions.ListCopiesHeld, page));
    const items = isAll ? held : held.filter(({ standing }) => standing === 'must-go' || standing === 'overdue');
    const nothing = line({ en: 'Nothing is due.', zh: '没有须答复的副本。' });
    const view = items.length === 0 ? [nothing] : [copyTable(call, items), summaryOf(items)];
    return outcome({ items, ...rest }, ...view, ...restOfPage(rest));
  });
}

/** Each copy that was handed on directly below the one it was made of; in the order in which they were taken. */
function nested(items: readonly CopyStanding[]): readonly CopyStanding[] {
  const inTime = [...items].sort((one, other) => (one.copy.takenAt < other.copy.takenAt ? -1 : 1));
  const isBelow = ({ copy }: CopyStanding, { copy: parent }: CopyStanding): boolean =>
    copy.from?.mspId === parent.holderMspId && copy.ticketId === parent.ticketId && copy.recordId === parent.recordId;
  const parents = inTime.filter((item) => !inTime.some((other) => isBelow(item, other)));
  return parents.flatMap((parent) => [parent, ...inTime.filter((item) => isBelow(item, parent))]);
}

function copyTable(call: CommandCall, items: readonly CopyStanding[]): Block {
  return table(
    [
      { en: 'holder', zh: '持有方' },
      label.record,
      label.ticket,
      { en: 'copy', zh: '副本' },
      { en: 'gone by', zh: '须销毁于' },
      { en: 'why', zh: '缘由' },
    ],
    items.map((item) => rowOf(item, call.terminal.timeZone)),
  );
}

function rowOf({ copy, standing, due, terms }: CopyStanding, timeZone: string): readonly Cell[] {
  const holder = copy.from === undefined ? copy.holderMspId : `└ ${copy.holderMspId}`;
  const isOpen = standing === 'must-go' || standing === 'overdue';
  const why = isOpen && due !== undefined ? causeTexts[due.cause] : answerText(copy.answer, timeZone);
  const goneBy = isOpen && due !== undefined ? localTime(due.goneBy, timeZone) : undefined;
  return [holder, copy.recordId, copy.ticketId, standingTexts[standing], goneBy, why ?? copyTermsText(terms, timeZone)];
}

/** By which law something is kept and until when, or in which transaction its end was signed. */
function answerText(answered: CopyStanding['copy']['answer'], timeZone: string): Text | undefined {
  if (answered === undefined) return undefined;
  const receipt = { en: `receipt ${answered.txId}`, zh: `回执 ${answered.txId}` };
  if (answered.outcome === 'destroyed') return receipt;
  const { basis, until } = answered;
  const end = until === undefined ? '' : ` < ${localTime(until, timeZone)}`;
  return { en: `${lawTexts[basis].en}${end}; ${receipt.en}`, zh: `${lawTexts[basis].zh}${end}；${receipt.zh}` };
}

function summaryOf(items: readonly CopyStanding[]): Block {
  const count = (standing: CopyStanding['standing']): number => items.filter((item) => item.standing === standing).length;
  const [open, late] = [count('must-go'), count('overdue')];
  return line({
    en: `${open} must go, ${late} overdue, of ${items.length}`,
    zh: `共 ${items.length} 份：须销毁 ${open} 份，逾期 ${late} 份`,
  });
}
