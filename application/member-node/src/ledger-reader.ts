import {
  type Ledger,
  type MspId,
  newRequest,
  type RecordId,
  type RecordVersion,
  Refused,
  type Ticket,
  type TicketId,
  transactions,
} from '@lianyi/domain';

/** What node and key service read of the ledger, through one member's peer. */
export class LedgerReader {
  constructor(
    readonly mspId: MspId,
    private readonly ledger: Ledger,
  ) {}

  /** Undefined if this peer does not know the ticket (yet). */
  async ticket(ticketId: TicketId): Promise<Ticket | undefined> {
    try {
      return await this.ledger.evaluate(newRequest(transactions.GetDecision, { ticketId }));
    } catch (error) {
      if (error instanceof Refused && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  async recordVersion(pseudonym: string, recordId: RecordId, version: number): Promise<RecordVersion> {
    return this.ledger.evaluate(newRequest(transactions.GetRecordVersion, { pseudonym, recordId, version }));
  }
}
