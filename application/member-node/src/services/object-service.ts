import { type ByteSource, sealedSize } from '@lianyi/client';
import {
  DomainError,
  instantOf,
  type MspId,
  type PermittedTicket,
  type Receipt,
  type RecordId,
  type Sha256,
  type TicketId,
} from '@lianyi/domain';
import { assertTicketOpens } from '@lianyi/domain/deciding';
import { type LedgerIndex } from '../ledger-index/ledger-index';
import { type LedgerReader } from '../ledger-reader';
import { type ObjectStore, type ReadableObject } from '../vault/object-store';
import { type DepositedObjects } from './deposited-objects';
import { type Deposit, type Deposits } from './deposits';
import { type Replication } from './replication';

export interface ObjectServices {
  readonly vault: Pick<ObjectStore, 'put'>;
  readonly deposits: Pick<Deposits, 'add'>;
  readonly deposited: Pick<DepositedObjects, 'open'>;
  readonly replication: Pick<Replication, 'receiptFor'>;
  readonly reader: Pick<LedgerReader, 'ticketStanding' | 'recordVersion'>;
  readonly index: Pick<LedgerIndex, 'waitFor' | 'height'>;
  readonly maxDocumentBytes: number;
}

/** A peer may have a block later than another; more than this is not waited for. */
const PATIENCE_MILLIS = 3_000;

/** A permit that opens its records now, but those that have changed. */
type Standing = { readonly ticket: PermittedTicket; readonly changedRecordIds: readonly RecordId[] };

/** Sealed objects of other members: kept for them, read by those who hold a ticket of the ledger. */
export class ObjectService {
  constructor(private readonly services: ObjectServices) {}

  /**
   * Keeps an object for one version of a record of the depositor; the receipt is good for that version alone.
   * @throws {@link DomainError} `HASH_MISMATCH` · `OBJECT_TOO_LARGE` · `STORAGE_FULL`
   */
  async keep({ objectSha256, versionHash, depositor }: Deposit, source: ByteSource): Promise<Receipt> {
    const { vault, deposits, replication, maxDocumentBytes } = this.services;
    const object = await vault.put(source, { expectedSha256: objectSha256, maxBytes: sealedSize(maxDocumentBytes) });
    await deposits.add({ objectSha256: object.sha256, versionHash, depositor });
    return replication.receiptFor({ ...object, versionHash });
  }

  /**
   * Reads an object for a ticket. Its question is asked again before the first byte and after each block that comes meanwhile: what is revoked
   * in a block is given to nobody from that block on.
   * @throws {@link DomainError} `TICKET_CLOSED` — details name the obstacle; `NOT_PERMITTED` — the ticket is another member's, or not about this
   * object as it was deposited; `NOT_FOUND`
   */
  async read(objectSha256: Sha256, ticketId: TicketId, requesterMspId: MspId): Promise<ReadableObject> {
    const seenAt = await this.services.index.height();
    const { ticket, changedRecordIds } = await this.#standing(ticketId, requesterMspId, PATIENCE_MILLIS);
    const versions = await Promise.all(
      ticket.recordIds.map((recordId, index) =>
        this.services.reader.recordVersion(ticket.pseudonym, recordId, ticket.recordVersions[index] ?? 0),
      ),
    );
    const named = versions.find(({ cipherSha256 }) => cipherSha256 === objectSha256);
    if (named === undefined) throw new DomainError('NOT_PERMITTED', 'the ticket is not about this object', { ticketId });
    assertUnchanged(named.recordId, { ticketId, changedRecordIds });
    const object = await this.services.deposited.open(named, ticket.custodianMspId);
    const assertStanding = async (): Promise<void> => {
      assertUnchanged(named.recordId, { ticketId, ...(await this.#standing(ticketId, requesterMspId)) });
    };
    return { ...object, bytes: this.#whileStanding(object.bytes, assertStanding, seenAt) };
  }

  async *#whileStanding(bytes: AsyncIterable<Buffer>, assertStanding: () => Promise<void>, seenAt: bigint): AsyncGenerator<Buffer> {
    let height = seenAt;
    for await (const piece of bytes) {
      const now = await this.services.index.height();
      if (now !== height) await assertStanding();
      height = now;
      yield piece;
    }
  }

  async #standing(ticketId: TicketId, requesterMspId: MspId, patienceMillis = 0): Promise<Standing> {
    const {
      ticket,
      obstacle,
      changedRecordIds = [],
    } = (await this.services.index.waitFor(() => this.services.reader.ticketStanding(ticketId), patienceMillis)) ?? {};
    assertTicketOpens(ticket, { ticketId, now: instantOf(Date.now()), requester: { mspId: requesterMspId } }, 'no ticket of this member');
    if (obstacle !== undefined) throw new DomainError('TICKET_CLOSED', undefined, { ticketId, obstacle });
    return { ticket, changedRecordIds };
  }
}

function assertUnchanged(
  recordId: RecordId,
  { ticketId, changedRecordIds }: Pick<Standing, 'changedRecordIds'> & { readonly ticketId: TicketId },
): void {
  if (changedRecordIds.includes(recordId)) throw new DomainError('TICKET_CLOSED', undefined, { ticketId, obstacle: 'record-changed' });
}
