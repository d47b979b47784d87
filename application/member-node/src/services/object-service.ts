import { type ByteSource, sealedSize } from '@lianyi/client';
import {
  DomainError,
  isPointerId,
  type MspId,
  type PermittedTicket,
  type Receipt,
  type RecordVersion,
  type Sha256,
  type TicketId,
} from '@lianyi/domain';
import { type LedgerReader } from '../ledger-reader';
import { type ObjectStore, type ReadableObject } from '../vault/object-store';
import { type DepositedObjects } from './deposited-objects';
import { type Deposit, type Deposits } from './deposits';
import { type Replication } from './replication';
import { type StandingTickets } from './standing-tickets';

export interface ObjectServices {
  readonly vault: Pick<ObjectStore, 'put'>;
  readonly deposits: Pick<Deposits, 'add'>;
  readonly deposited: Pick<DepositedObjects, 'open'>;
  readonly replication: Pick<Replication, 'receiptFor'>;
  readonly reader: Pick<LedgerReader, 'recordVersion'>;
  readonly standing: Pick<StandingTickets, 'open'>;
  readonly maxDocumentBytes: number;
}

/** A peer may have a block later than another; more than this is not waited for. */
const PATIENCE_MILLIS = 3_000;

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
   * Reads an object for a ticket, whose question is asked again before the first byte and while it is sent.
   * @throws {@link DomainError} `NOT_PERMITTED` — the ticket is not about this object as it was deposited; `NOT_FOUND`; those of
   * {@link StandingTickets.open}
   */
  async read(objectSha256: Sha256, ticketId: TicketId, requesterMspId: MspId): Promise<ReadableObject> {
    const { standing, deposited } = this.services;
    const { ticket, ...opens } = await standing.open(ticketId, requesterMspId, PATIENCE_MILLIS);
    const named = await this.#namedIn(ticket, objectSha256);
    opens.assertUnchanged(named.recordId);
    const object = await deposited.open(named, ticket.custodianMspId);
    return { ...object, bytes: opens.whileOpen(object.bytes, named.recordId) };
  }

  /** Which record of a ticket an object is. A pointer has none, and what this peer does not have of one record says nothing of another. */
  async #namedIn({ ticketId, pseudonym, recordIds, recordVersions }: PermittedTicket, objectSha256: Sha256): Promise<RecordVersion> {
    const read = await Promise.allSettled(
      recordIds.flatMap((recordId, place) =>
        isPointerId(recordId) ? [] : [this.services.reader.recordVersion(pseudonym, recordId, recordVersions[place] ?? 0)],
      ),
    );
    const versions = read.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const named = versions.find(({ cipherSha256 }) => cipherSha256 === objectSha256);
    if (named !== undefined) return named;
    // the one that could not be read may be the one
    for (const each of read) if (each.status === 'rejected') throw each.reason;
    throw new DomainError('NOT_PERMITTED', 'the ticket is not about this object', { ticketId });
  }
}
