import { connectWitness, loadTicketKey, networkOf } from '@lianyi/client/node';
import { PointerClient } from '@lianyi/client/pointers';
import { DomainError, type RecordId, type TicketId, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { openStaffSession } from '../ledger/staff-session';
import { type CommandOutcome, fields, outcome, table } from '../outcome';
import { ask } from '../transact';
import { forgetExpiredTicketKeys } from './ticket-end';

interface PointerToRead {
  readonly ticket: TicketId;
  readonly pointer?: RecordId | undefined;
  readonly unwitnessed: boolean;
}

/** Reads a pointer's rows under a permitted ticket; what comes is compared with the ledger as another member's node has it. */
export async function readPointer(call: CommandCall, input: PointerToRead): Promise<CommandOutcome> {
  const { profile, loaded } = call.actorOf('staff');
  forgetExpiredTicketKeys(loaded, call.terminal.now());
  const { ephemeralKey, pseudonym } = await loadTicketKey(loaded, input.ticket);
  const witness = input.unwitnessed ? undefined : await connectWitness(profile);
  if (witness === undefined && !input.unwitnessed) throw new DomainError('WITNESS_UNAVAILABLE', undefined, { obstacle: 'none-named' });
  const session = await openStaffSession(call);
  try {
    const recordId = input.pointer ?? (await soleIn(session, input.ticket));
    const ids = { ticketId: input.ticket, recordId, pseudonym, network: networkOf(profile), mspId: profile.mspId };
    const { pointer, rows, ...opened } = await new PointerClient(session.node, session.sign).read({
      ...ids,
      ephemeralKey,
      witness: witness ?? 'none',
    });
    const columns = Object.keys(rows[0] ?? {});
    return outcome(
      { pointerId: pointer.pointerId, version: pointer.version, rows, ...opened },
      table(
        columns.map((name) => ({ en: name, zh: name })),
        rows.map((row) => columns.map((name) => (row[name] === null ? '' : String(row[name])))),
      ),
      fields([
        [{ en: 'pointer', zh: '指针' }, `${pointer.pointerId} ${pointer.version}`],
        [{ en: 'rows', zh: '行数' }, rows.length],
        [{ en: 'custodian', zh: '保管机构' }, opened.custodianMspId],
        [
          { en: 'ledger witnessed by', zh: '账本内容见证' },
          opened.witnessMspId ?? { en: 'nobody: the own node’s word alone', zh: '无：仅凭本机构节点' },
        ],
        [{ en: 'key released by', zh: '密钥释放交易' }, opened.releaseTransactionId],
      ]),
    );
  } finally {
    session.close();
    witness?.close();
  }
}

async function soleIn(session: Parameters<typeof ask>[0], ticketId: TicketId): Promise<RecordId> {
  const { result } = await ask(session, transactions.GetDecision, { ticketId });
  const [only] = result.recordIds;
  if (only === undefined || result.recordIds.length > 1) throw new CliProblem('USAGE', '--pointer <id>: required');
  return only;
}
