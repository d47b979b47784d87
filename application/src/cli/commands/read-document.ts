import { mspIdSchema, recordIdSchema, type TicketId, transactions } from '@lianyi/domain';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type OpenedDocument } from '../../clients';
import { type Call } from '../call';
import { CliProblem } from '../cli-problem';
import { type Flag } from '../command-spec';
import { openStaffSession } from '../ledger/open-session';
import { fields, outcome, type Outcome } from '../outcome';
import { writeNewFile } from '../private-folder';
import { ask } from '../transact';
import { loadTicketKey } from './ticket-key';
import { label } from './vocabulary';

export const readDocumentFlags: readonly Flag[] = [
  { flags: '--record <id>', text: { en: 'which record (left out: the ticket’s only one)', zh: '哪份病历（凭单只含一份时可省略）' } },
  { flags: '--out <file>', text: { en: 'write the document here, mode 0600', zh: '写入文件（权限 0600）' } },
  { flags: '--stdout', text: { en: 'print the document’s bytes and nothing else', zh: '只输出病历原文' } },
];
export const readDocumentInput = { record: recordIdSchema.optional(), out: z.string().optional(), stdout: z.boolean().default(false) };

interface ReadInput {
  readonly ticket: TicketId;
  readonly record?: string | undefined;
  readonly out?: string | undefined;
  readonly stdout: boolean;
}

/** Opens a document of a permitted ticket, and lets its text go only where the reader said. */
export async function readDocument(call: Call, input: ReadInput): Promise<Outcome> {
  const { profile, loaded } = call.actorOf('staff');
  if (input.out === undefined && !input.stdout && call.terminal.stdoutIsTerminal) throw new CliProblem('TERMINAL_OUTPUT', input.ticket);
  if (call.options.json && input.stdout) throw new CliProblem('USAGE', '--json, --stdout');
  const ephemeralKey = await loadTicketKey(loaded, input.ticket);
  const session = await openStaffSession(call);
  try {
    const recordId = input.record ?? (await soleRecord(session, input.ticket));
    const request = { ticketId: input.ticket, recordId, channel: profile.channel, mspId: mspIdSchema.parse(profile.mspId), ephemeralKey };
    const opened = await session.node.readDocument(request, (transaction, signed) => session.sign({ transaction, input: signed }));
    return deliver(call, input, opened);
  } finally {
    session.close();
  }
}

async function soleRecord(session: Parameters<typeof ask>[0], ticketId: TicketId): Promise<string> {
  const { result } = await ask(session, transactions.GetDecision, { ticketId });
  const [only] = result.recordIds;
  if (only === undefined || result.recordIds.length > 1) throw new CliProblem('USAGE', '--record <id>: required');
  return only;
}

function deliver(call: Call, input: ReadInput, { bytes, ...opened }: OpenedDocument): Outcome {
  const { record, source, rejected, releaseTransactionId } = opened;
  const file = input.out === undefined ? undefined : resolve(call.terminal.cwd, input.out);
  if (file !== undefined) writeNewFile(file, bytes);
  if (input.stdout || (file === undefined && !call.options.json)) {
    call.terminal.out(bytes);
    return { data: {}, view: [], silent: true };
  }
  const places = rejected.map(({ mspId, endpointId, code }) => `${mspId}/${endpointId} ${code}`).join(', ');
  const { recordId, version } = record;
  return outcome(
    {
      recordId,
      version,
      sizeBytes: bytes.length,
      source,
      rejected,
      releaseId: opened.releaseId,
      releaseTransactionId,
      ...(file === undefined ? {} : { file }),
    },
    fields([
      [label.record, `${recordId} ${version}`],
      [label.file, file],
      [{ en: 'bytes', zh: '字节数' }, bytes.length],
      [{ en: 'from', zh: '来源' }, `${source.mspId}/${source.endpointId}`],
      [{ en: 'places that failed', zh: '不可用的副本' }, places === '' ? undefined : places],
      [{ en: 'key released by', zh: '密钥释放交易' }, releaseTransactionId],
    ]),
  );
}
