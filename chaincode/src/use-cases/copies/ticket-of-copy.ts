import { DomainError, ofRecord, type PermittedTicket, type RecordId, type TicketId } from '@lianyi/domain';
import { type ReadScope } from '../scope';

/**
 * The permit that a copy was had under, as it is for its record alone.
 * @throws {@link DomainError} `NOT_FOUND` — there is no such permit, or it is not for the record
 */
export async function ticketOfCopy(
  { ledger }: Pick<ReadScope, 'ledger'>,
  { ticketId, recordId }: { readonly ticketId: TicketId; readonly recordId: RecordId },
): Promise<PermittedTicket> {
  const ticket = await ledger.tickets.get(ticketId);
  if (ticket.decision === 'deny' || !ticket.recordIds.includes(recordId)) throw new DomainError('NOT_FOUND', undefined, { entity: 'copy' });
  return ofRecord(ticket, recordId);
}
