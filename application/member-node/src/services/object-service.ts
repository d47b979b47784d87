import { type ByteSource, sealedSize } from '@lianyi/client';
import {
  assertTicketOpens,
  DomainError,
  instantOf,
  type MspId,
  type PermittedTicket,
  type Receipt,
  type Sha256,
  type TicketId,
} from '@lianyi/domain';
import { type LedgerIndex } from '../ledger-index/ledger-index';
import { type LedgerReader } from '../ledger-reader';
import { type ObjectStore, type ReadableObject } from '../vault/object-store';
import { type Deposits } from './deposits';
import { type Replication } from './replication';

export interface ObjectServices {
  readonly vault: ObjectStore;
  readonly deposits: Pick<Deposits, 'add' | 'isFrom'>;
  readonly replication: Pick<Replication, 'receiptFor'>;
  readonly reader: Pick<LedgerReader, 'ticket' | 'recordVersion'>;
  readonly index: Pick<LedgerIndex, 'waitFor'>;
  readonly maxDocumentBytes: number;
}

/** A peer may have a block later than another; more than this is not waited for. */
const PATIENCE_MILLIS = 3_000;

/** Sealed objects of other members: kept for them, read by those who hold a ticket of the ledger. */
export class ObjectService {
  constructor(private readonly services: ObjectServices) {}

  /** @throws {@link DomainError} `HASH_MISMATCH` · `OBJECT_TOO_LARGE` · `STORAGE_FULL` */
  async keep(expectedSha256: Sha256, source: ByteSource, depositor: MspId): Promise<Receipt> {
    const object = await this.services.vault.put(source, { expectedSha256, maxBytes: sealedSize(this.services.maxDocumentBytes) });
    await this.services.deposits.add(object.sha256, depositor);
    return this.services.replication.receiptFor(object);
  }

  /** @throws {@link DomainError} `TICKET_CLOSED` · `NOT_PERMITTED` — the ticket is another member's or not about this object · `NOT_FOUND` */
  async read(objectSha256: Sha256, ticketId: TicketId, requesterMspId: MspId): Promise<ReadableObject> {
    const ticket = await this.#liveTicket(ticketId, requesterMspId);
    const versions = await Promise.all(
      ticket.recordIds.map((recordId, index) =>
        this.services.reader.recordVersion(ticket.pseudonym, recordId, ticket.recordVersions[index] ?? 0),
      ),
    );
    const isNamed = versions.some(({ cipherSha256 }) => cipherSha256 === objectSha256);
    if (!isNamed || !(await this.services.deposits.isFrom(objectSha256, ticket.custodianMspId))) {
      throw new DomainError('NOT_PERMITTED', 'the ticket is not about this object', { ticketId });
    }
    return this.services.vault.get(objectSha256);
  }

  async #liveTicket(ticketId: TicketId, requesterMspId: MspId): Promise<PermittedTicket> {
    const ticket = await this.services.index.waitFor(() => this.services.reader.ticket(ticketId), PATIENCE_MILLIS);
    assertTicketOpens(ticket, { ticketId, now: instantOf(Date.now()), requester: { mspId: requesterMspId } }, 'no ticket of this member');
    return ticket;
  }
}
