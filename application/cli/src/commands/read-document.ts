import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type OpenedDocument } from '@lianyi/client';
import { ofRecord, type RecordId, recordIdSchema, type TicketId, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { type Flag } from '../command-spec';
import { type LedgerSession } from '../ledger/session';
import { fields, outcome, type CommandOutcome } from '../outcome';
import { writeNewFile } from '../private-folder';
import { noteRead } from '@lianyi/client/node';
import { ask } from '../transact';
import { readUnderTicket } from './reading';
import { label } from './vocabulary';

export const readDocumentFlags: readonly Flag[] = [
  { flags: '--record <id>', text: { en: 'which record (left out: the ticket’s only one)', zh: '哪份病历（凭单只含一份时可省略）' } },
  { flags: '--out <file>', text: { en: 'write the document here, mode 0600', zh: '写入文件（权限 0600）' } },
  { flags: '--stdout', text: { en: 'print the document’s bytes and nothing else', zh: '只输出病历原文' } },
  {
    flags: '--keep-key',
    text: { en: 'keep the ticket’s key, to read this record again before the ticket ends', zh: '保留凭单密钥，以便在凭单到期前再次读取' },
  },
  {
    flags: '--unwitnessed',
    text: { en: 'take the own node’s word for what the ledger has', zh: '仅凭本机构节点所述的账本内容' },
  },
];
export const readDocumentInput = {
  unwitnessed: z.boolean().default(false),
  keepKey: z.boolean().default(false),
  record: recordIdSchema.optional(),
  out: z.string().optional(),
  stdout: z.boolean().default(false),
};

interface ReadInput {
  readonly ticket: TicketId;
  readonly record?: RecordId | undefined;
  readonly out?: string | undefined;
  readonly stdout: boolean;
  readonly unwitnessed: boolean;
  readonly keepKey: boolean;
}

/**
 * Opens a document of a permitted ticket, and lets its text go only where the reader said. What the own node hands back is compared with
 * what another member's node says the ledger has, unless the reader says that they do without.
 */
export async function readDocument(call: CommandCall, input: ReadInput): Promise<CommandOutcome> {
  call.actorOf('staff');
  const file = targetOf(call, input);
  return withReadDocument(call, { ...input, isKept: file !== undefined }, (document) => Promise.resolve(deliver(call, file, document)));
}

type AskedRead = Pick<ReadInput, 'ticket' | 'record' | 'unwitnessed' | 'keepKey'> & {
  /** It goes into a file. */
  readonly isKept: boolean;
};

/**
 * Opens a document of a permitted ticket, and hands it on with what its patient has to say of it; only when it was delivered does the ticket's key
 * count as used.
 */
export async function withReadDocument(
  call: CommandCall,
  { ticket, record: id, unwitnessed, keepKey, isKept }: AskedRead,
  use: (document: OpenedDocument, told: readonly string[]) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const { loaded } = call.actorOf('staff');
  return readUnderTicket(call, { ticket, id, option: '--record', unwitnessed }, async (session, request) => {
    if (isKept) await assertMayBeKept(session, ticket, request.recordId);
    const opened = await session.node.readDocument(request, session.sign);
    const delivered = await use(opened, tellDisagreement(call, opened));
    if (!keepKey) await noteRead(loaded, ticket, request.recordId);
    return delivered;
  });
}

const disagrees = {
  en: 'the patient disagrees with this record; its hospital has their statement',
  zh: '患者对该病历声明异议，其声明保存在该病历所属医院',
};
const mayDisagree = {
  en: 'the patient may disagree with this record: what the ledger has of that cannot be read; ask its hospital',
  zh: '患者可能对该病历声明异议：账本上的相关条目无法读取，请询问该病历所属医院',
};

/** Tells that the patient disagrees with a record: beside the text, never among it. @returns what was told */
export function tellDisagreement(call: CommandCall, { record, disagreement }: OpenedDocument): readonly string[] {
  if (disagreement === 'none') return [];
  const told = disagreement === 'stated' ? disagrees : mayDisagree;
  call.terminal.err(`${record.recordId}: ${told[call.options.language]}\n`);
  return [told[call.options.language]];
}

/** @throws {@link CliProblem} `VIEW_ONLY` — the patient lets the record be looked at and not be kept; asked before anything is released */
async function assertMayBeKept(session: LedgerSession, ticketId: TicketId, recordId: RecordId): Promise<void> {
  const { result } = await ask(session, transactions.GetDecision, { ticketId });
  const ticket = ofRecord(result, recordId);
  if (ticket.decision === 'permit' && ticket.copy?.handling === 'view') throw new CliProblem('VIEW_ONLY', recordId);
}

/** Where the text goes; decided before anything is released, so that no key leaves its custodian for nothing. */
function targetOf({ terminal, options }: CommandCall, { ticket, out, stdout }: ReadInput): string | undefined {
  if (out === undefined && !stdout) throw new CliProblem('DOCUMENT_UNASKED', ticket);
  if (out !== undefined && stdout) throw new CliProblem('USAGE', '--out <file>, --stdout');
  if (options.json && stdout) throw new CliProblem('USAGE', '--json, --stdout');
  if (out === undefined) return undefined;
  const file = resolve(terminal.cwd, out);
  if (existsSync(file)) throw new CliProblem('FILE_EXISTS', file);
  return file;
}

/** Without a file, the document's bytes and nothing else go to standard output. */
function deliver(call: CommandCall, file: string | undefined, { bytes, ...opened }: OpenedDocument): CommandOutcome {
  if (file === undefined) {
    call.terminal.out(bytes);
    return { data: {}, view: [], silent: true };
  }
  const { data, rows } = written(file, { ...opened, bytes });
  return outcome(data, fields(rows));
}

/** Writes what was opened into a new file of mode 0600, and says how it came. */
export function written(file: string, { bytes, ...opened }: OpenedDocument): { readonly data: object; readonly rows: Rows } {
  writeNewFile(file, bytes);
  const { source, rejected, releaseId, releaseTransactionId, witnessMspId, authoredBy, disagreement } = opened;
  const { recordId, version } = opened.record;
  const places = rejected.map(({ mspId, endpointId, code }) => `${mspId}/${endpointId} ${code}`).join(', ');
  return {
    data: {
      ...{ recordId, version, file, sizeBytes: bytes.length, source, rejected, releaseId, releaseTransactionId, witnessMspId },
      ...{ authoredBy, disagreement },
    },
    rows: [
      [label.record, `${recordId} ${version}`],
      [label.file, file],
      [{ en: 'the patient', zh: '患者意见' }, disagreement === 'none' ? undefined : disagreement === 'stated' ? disagrees : mayDisagree],
      [{ en: 'bytes', zh: '字节数' }, bytes.length],
      ...authorRows(authoredBy),
      [{ en: 'from', zh: '来源' }, `${source.mspId}/${source.endpointId}`],
      [{ en: 'places that failed', zh: '不可用的副本' }, places === '' ? undefined : places],
      [
        { en: 'ledger witnessed by', zh: '账本内容见证' },
        witnessMspId ?? { en: 'nobody: the own node’s word alone', zh: '无：仅凭本机构节点' },
      ],
      [{ en: 'key released by', zh: '密钥释放交易' }, releaseTransactionId],
    ],
  };
}

type Rows = Parameters<typeof fields>[0];

/** That the patient has written it, or which device has made it, if one has; and that it was revoked since, if it was. */
function authorRows(author: OpenedDocument['authoredBy']): Rows {
  if (author === undefined) return [];
  const { mspId, deviceId, by, model, observedAt, revoked } = author;
  const since = revoked?.at;
  if (by === 'patient')
    return [
      [
        { en: 'written by', zh: '撰写者' },
        { en: 'the patient, not the hospital', zh: '患者本人，而非医院' },
      ],
      [{ en: 'signed', zh: '签署时间' }, observedAt],
      [{ en: 'key revoked since', zh: '密钥其后已撤销' }, since],
    ];
  return [
    [{ en: 'authored by device', zh: '生成设备' }, `${mspId} ${model} ${deviceId}`],
    [{ en: 'observed', zh: '测量时间' }, observedAt],
    [{ en: 'device revoked since', zh: '设备其后已撤销' }, since],
  ];
}
