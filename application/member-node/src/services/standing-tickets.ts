import { instantOf, type MspId, type PermittedTicket, type RecordId, type TicketId } from '@lianyi/domain';
import { assertTicketOpens } from '@lianyi/domain/deciding';
import { type LedgerIndex } from '../ledger-index/ledger-index';
import { assertStanding, type LedgerReader } from '../ledger-reader';

export interface StandingPorts {
  readonly reader: Pick<LedgerReader, 'ticketStanding'>;
  readonly index: Pick<LedgerIndex, 'waitFor' | 'height'>;
  readonly now?: () => number;
}

/** While bytes are sent the ledger is asked after each block that was followed, and after so long, should following have stopped. */
const ASKED_AGAIN_MILLIS = 5_000;

/** Tickets as the own peer's chaincode decides them now: what was revoked in a block opens nothing from that block on. */
export class StandingTickets {
  constructor(private readonly ports: StandingPorts) {}

  /**
   * @param patienceMillis how long a ticket is waited for that the own peer does not know yet
   * @throws {@link DomainError} `NOT_PERMITTED` — it is another member's, or nobody's; `TICKET_CLOSED` — details name the obstacle
   */
  async open(ticketId: TicketId, requesterMspId: MspId, patienceMillis = 0): Promise<StandingTicket> {
    const { reader, index } = this.ports;
    const moment = await this.#moment();
    const found = await index.waitFor(() => reader.ticketStanding(ticketId), patienceMillis);
    const ticket = found?.ticket;
    assertTicketOpens(ticket, { ticketId, now: instantOf(this.#now()), requester: { mspId: requesterMspId } }, 'no ticket of this member');
    const standing = { changedRecordIds: [], ...found };
    assertStanding(standing, { ticketId });
    return {
      ticket,
      assertUnchanged: (recordId) => {
        assertStanding(standing, { ticketId, recordId });
      },
      whileOpen: (bytes, recordId) => this.#whileOpen(bytes, { ticketId, requesterMspId, recordId }, moment),
    };
  }

  async *#whileOpen(
    bytes: AsyncIterable<Buffer>,
    { ticketId, requesterMspId, recordId }: { readonly ticketId: TicketId; readonly requesterMspId: MspId; readonly recordId: RecordId },
    since: Moment,
  ): AsyncGenerator<Buffer> {
    let asked = since;
    for await (const piece of bytes) {
      const now = await this.#moment();
      if (now.height !== asked.height || now.atMillis - asked.atMillis >= ASKED_AGAIN_MILLIS) {
        (await this.open(ticketId, requesterMspId)).assertUnchanged(recordId);
        asked = now;
      }
      yield piece;
    }
  }

  async #moment(): Promise<Moment> {
    return { height: await this.ports.index.height(), atMillis: this.#now() };
  }

  #now(): number {
    return (this.ports.now ?? Date.now)();
  }
}

type Moment = { readonly height: bigint; readonly atMillis: number };

/** A permit that opens its records now, but those that have changed. */
export interface StandingTicket {
  readonly ticket: PermittedTicket;
  /** @throws {@link DomainError} `TICKET_CLOSED` — the record has another version now than the ticket's. */
  assertUnchanged(recordId: RecordId): void;
  /** The bytes, as long as the ticket opens that record; fails as {@link StandingTickets.open} does when it does no more. */
  whileOpen(bytes: AsyncIterable<Buffer>, recordId: RecordId): AsyncIterable<Buffer>;
}
