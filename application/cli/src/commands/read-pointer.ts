import { PointerClient } from '@lianyi/client/pointers';
import { type RecordId, type TicketId } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { type CommandOutcome, fields, outcome, table } from '../outcome';
import { readUnderTicket } from './reading';

interface PointerToRead {
  readonly ticket: TicketId;
  readonly pointer?: RecordId | undefined;
  readonly unwitnessed: boolean;
}

/** Reads a pointer's rows under a permitted ticket; what comes is compared with the ledger as another member's node has it. */
export async function readPointer(call: CommandCall, input: PointerToRead): Promise<CommandOutcome> {
  const { ticket, pointer: id, unwitnessed } = input;
  return readUnderTicket(call, { ticket, id, option: '--pointer', unwitnessed }, async (session, request) => {
    const { pointer, rows, ...opened } = await new PointerClient(session.node, session.sign).read(request);
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
  });
}
