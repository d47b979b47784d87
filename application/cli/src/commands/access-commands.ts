import { z } from 'zod';
import { ActingLedger, newPrivateKey, publicKeyOf } from '@lianyi/client';
import {
  type Asker,
  blockNumberSchema,
  denialsOf,
  departmentSchema,
  encodeOutcome,
  isOwnAsker,
  type Output,
  type OwnAsker,
  pseudonymSchema,
  purposes,
  purposeSchema,
  recordIdSchema,
  ticketIdSchema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { exitCode } from '../exit-code';
import { list } from '../inputs';
import { type Text } from '../language';
import { openStaffSession, type StaffLedgerSession } from '../ledger/staff-session';
import { type Block, fields, outcome, type CommandOutcome } from '../outcome';
import { ask, checkedRequest, committed, dryRun, transact } from '../transact';
import { accessListCommand } from './access-list';
import { accessPictureCommand } from './access-picture';
import { copyTermsText } from './copy-terms';
import { reasonsIn, showDenials } from './denials';
import { emergencyRequestCommand } from './emergency-request';
import { readDocument, readDocumentFlags, readDocumentInput } from './read-document';
import { showDecision } from './show-decision';
import { askWithKey, newTicketAsking } from './ticket-asking';
import { forgetTicketKey } from '@lianyi/client/node';
import { flag, label } from './vocabulary';
import { whatRecordsNeed } from './what-records-need';
import { stateText, wordsText, wordText } from './words';

type TicketStanding = Output<typeof transactions.GetTicketStanding>;

const ticketArgument = { term: '<ticket>', text: label.ticket };

const requestInput = z.object({
  pseudonym: pseudonymSchema,
  records: list(recordIdSchema),
  purpose: purposeSchema,
  department: departmentSchema.optional(),
  seenBlock: blockNumberSchema.transform(BigInt).optional(),
});

export const accessCommands: readonly CommandSpec[] = [
  accessListCommand,
  command({
    name: 'request',
    summary: { en: 'ask to read records for a purpose; the decision is committed', zh: '申请为某用途阅读病历；决定写入账本' },
    detail: {
      en: 'Each record is decided by itself: the ticket opens those that are permitted. Exit code 4 when none is. The ephemeral key to which the records’ keys will be sealed stays in the profile’s data folder, mode 0600, until each record was read, or the ticket is closed or has expired.',
      zh: '各份病历分别决定：凭单只打开获准的病历；无一获准时退出码为 4。用于接收病历密钥的临时密钥保存在身份配置的数据目录中（权限 0600），直到各病历均已读取，或凭单关闭、到期。',
    },
    example: '--pseudonym PSEUDONYM --records RECORD --purpose TREAT --as cardiologist',
    flags: [
      flag.pseudonym,
      { flags: '--records <list>', text: { en: 'records, at most 16', zh: '病历，最多 16 份' }, required: true },
      { flags: '--purpose <purpose>', text: label.purpose, required: true, choices: purposes },
      flag.department,
      {
        flags: '--seen-block <n>',
        text: {
          en: 'the block of the list that was shown: a node behind it waits, then refuses',
          zh: '所示列表的区块号：落后的节点先等待，再拒绝',
        },
      },
    ],
    input: requestInput,
    run: requestAccess,
  }),
  emergencyRequestCommand,
  accessPictureCommand,
  command({
    name: 'read',
    summary: { en: 'open a document of a permitted ticket', zh: '凭许可打开病历' },
    detail: {
      en: 'The own node fetches the sealed key from the custodian and the ciphertext from any replica. Here both are compared with the ticket, with the custodian’s signature and with the ledger as the profile’s witness (another member’s node) has it, and opened. Without a witness nothing is opened, unless --unwitnessed. When each record of the ticket was read, the key that opens them is forgotten; a record that is to be read again within the ticket’s life is read with --keep-key.',
      zh: '本机构节点向保管机构取得密封的密钥，从任一副本取得密文；在本机与凭单、保管机构的签名以及见证节点（身份配置中另一成员的节点）所述的账本核对后解开。没有见证节点则不予打开，除非加 --unwitnessed。凭单所含病历全部读取后，用于打开的密钥即被清除；若要在凭单有效期内再次读取，请加 --keep-key。',
    },
    example: 'TICKET --out report.json --as cardiologist',
    hasNoDryRun: true,
    arguments: [ticketArgument],
    flags: readDocumentFlags,
    input: z.object({ ticket: ticketIdSchema, ...readDocumentInput }),
    run: readDocument,
  }),
  command({
    name: 'close',
    summary: { en: 'close a ticket (who asked, or the patient)', zh: '关闭凭单（申请人或患者）' },
    example: 'TICKET --as cardiologist',
    arguments: [ticketArgument],
    flags: [flag.ownPseudonym],
    input: z.object({ ticket: ticketIdSchema, pseudonym: pseudonymSchema.optional() }),
    run: async (call, { ticket, pseudonym }) => {
      const closed = await transact(call, transactions.CloseTicket, { ticketId: ticket }, showTicketState, { signer: pseudonym });
      if (!call.options.dryRun) forgetTicketKey(call.actor, ticket);
      return closed;
    },
  }),
  command({
    name: 'show',
    summary: {
      en: 'show a ticket: what was asked and decided, and what it opens now',
      zh: '显示凭单：申请内容与决定，以及现在能否打开病历',
    },
    example: 'TICKET --as cardiologist',
    arguments: [ticketArgument],
    input: z.object({ ticket: ticketIdSchema }),
    run: (call, { ticket }) => transact(call, transactions.GetTicketStanding, { ticketId: ticket }, showTicket),
  }),
];

async function requestAccess(call: CommandCall, input: z.output<typeof requestInput>): Promise<CommandOutcome> {
  const asking = newTicketAsking(call, input);
  const request = { ...asking.asked, purpose: input.purpose };
  const session = await openStaffSession(call);
  try {
    if (call.options.dryRun) {
      const shown = { ...request, ephemeralPublicKey: publicKeyOf(newPrivateKey()) };
      const unsent = await session.unsent(checkedRequest(transactions.RequestAccess, shown));
      return dryRun({ ...unsent, ...(input.seenBlock === undefined ? {} : { seenBlock: input.seenBlock }) });
    }
    const { answered, denials, isDenied } = await askWithKey(call, asking, (ephemeralPublicKey) =>
      ask(since(session, input.seenBlock), transactions.RequestAccess, { ...request, ephemeralPublicKey }),
    );
    const needs = await whatRecordsNeed(session, { ...input, records: denials.map(({ recordId }) => recordId) }, reasonsIn(denials));
    return {
      ...outcome(encodeOutcome(answered), ...showDecision(answered.result, denials), ...needs, ...committed(answered)),
      exitCode: isDenied ? exitCode.denied : exitCode.ok,
    };
  } finally {
    session.close();
  }
}

/** The same session to whoever has seen a block. */
function since({ node, sign, ...session }: StaffLedgerSession, block: bigint | undefined): StaffLedgerSession {
  const ledger = block === undefined ? session.ledger : new ActingLedger(node.ledger.since(block), sign);
  return { ...session, node, sign, ledger };
}

function showTicketState(result: { readonly ticketId: string; readonly state: string }): readonly Block[] {
  return [
    fields([
      [label.ticket, result.ticketId],
      [label.state, stateText(result.state)],
    ]),
  ];
}

function actorText(asker: Asker): Text {
  if (isOwnAsker(asker)) return ownAskerText(asker);
  const { mspId, actorTag, roles, department } = asker;
  const held = wordsText(roles);
  return { en: `${mspId}:${actorTag} (${held.en}; ${department})`, zh: `${mspId}:${actorTag}（${held.zh}；${department}）` };
}

function ownAskerText(asker: OwnAsker): Text {
  const { mspId } = asker;
  if (asker.kind === 'patient') return { en: `the patient (through ${mspId})`, zh: `患者本人（经 ${mspId}）` };
  const { delegationId } = asker;
  return { en: `who acts for the patient: ${delegationId} (through ${mspId})`, zh: `患者的代理人：${delegationId}（经 ${mspId}）` };
}

/** What a ticket opens now: its own state says only whether somebody has closed it. */
function opensText({ obstacle, withdrawnRecordIds = [] }: TicketStanding): Text {
  if (obstacle === undefined) {
    const but = withdrawnRecordIds.join(', ');
    return but === '' ? { en: 'yes', zh: '是' } : { en: `yes, but for ${but}`, zh: `是，但以下除外：${but}` };
  }
  const why = stateText(obstacle);
  return { en: `no: ${why.en}`, zh: `否：${why.zh}` };
}

function showTicket(standing: TicketStanding): readonly Block[] {
  const { ticket, changedRecordIds } = standing;
  const { actor, recordIds, requestedAt } = ticket;
  const isPermit = ticket.decision === 'permit';
  return [
    fields([
      [label.ticket, ticket.ticketId],
      [label.pseudonym, ticket.pseudonym],
      [label.actor, actorText(actor)],
      [label.purpose, wordText(ticket.purpose)],
      [label.record, recordIds.join(', ')],
      [{ en: 'requested', zh: '申请时间' }, requestedAt],
      [label.decision, stateText(ticket.decision)],
      [label.reasons, isPermit ? undefined : ticket.reasons.join(', ')],
      [label.provisions, isPermit ? ticket.provisionIds.join(', ') : undefined],
      [{ en: 'custodian', zh: '保管机构' }, isPermit ? ticket.custodianMspId : undefined],
      [label.until, isPermit ? ticket.expiresAt : undefined],
      [label.copies, isPermit ? copyTermsText(ticket.copy) : undefined],
      [label.state, isPermit ? stateText(ticket.state) : undefined],
      [{ en: 'opens now', zh: '现在可打开' }, isPermit ? opensText(standing) : undefined],
      [{ en: 'changed since', zh: '此后有新版本' }, changedRecordIds.length > 0 ? changedRecordIds.join(', ') : undefined],
    ]),
    ...showDenials(denialsOf(ticket)),
  ];
}
