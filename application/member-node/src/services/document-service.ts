import type { FastifyBaseLogger } from 'fastify';
import { type ByteSource, MAX_OBJECT_BYTES } from '@lianyi/client';
import {
  type Device,
  DomainError,
  type EndpointId,
  instantOf,
  type Locator,
  type MspId,
  type RecordVersion,
  type TicketId,
} from '@lianyi/domain';
import { assertTicketOpens, type TicketHolder } from '@lianyi/domain/deciding';
import { type NodeIdentity } from '../check-caller';
import { type DeviceWitness } from '../device-witness';
import { type Directory, findEndpoint, keyServiceOf } from '../directory';
import { type KeyRequest, type KeyService, type ReleasedKey } from '../keys/key-service';
import { type LedgerReader } from '../ledger-reader';
import { type MemberKeys } from '../member-keys';
import { type ObjectStore, type ReadableObject } from '../vault/object-store';
import { longestMillis, type ReplicaClient } from '../vault/replica-client';
import { deviceOf } from './device-of';
import { type DepositedObjects } from './deposited-objects';
import { firstOf, Overtaken } from './hedge';
import { type MemberHealth } from './member-health';
import { type StandingTickets } from './standing-tickets';
import { hedgeMillis, remoteVault } from './replication';

export interface DocumentServices {
  readonly identity: NodeIdentity;
  readonly vaultEndpointId: EndpointId;
  /** {@link hedgeMillis} */
  readonly vaultPatienceMillis: number;
  readonly reader: Pick<LedgerReader, 'ticket' | 'recordVersion'>;
  readonly devices: Pick<DeviceWitness, 'entryOf'>;
  readonly directory: Directory;
  readonly vault: Pick<ObjectStore, 'spool'>;
  readonly deposited: Pick<DepositedObjects, 'open'>;
  readonly standing: Pick<StandingTickets, 'open'>;
  readonly replicas: Pick<ReplicaClient, 'get'>;
  readonly health: MemberHealth;
  readonly keyService: Pick<KeyService, 'release'>;
  readonly memberKeys: Pick<MemberKeys, 'release'>;
  readonly log: FastifyBaseLogger;
}

/** A storage place that did not give the object the ledger names, and why. */
export interface RejectedReplica extends Locator {
  readonly code: string;
}

/** A sealed document with the key sealed to who asked: the node itself cannot open either. */
export interface SealedDocument {
  readonly record: RecordVersion;
  readonly custodianMspId: MspId;
  /** Of a record that names one: the device that has made it, as its custodian has said it. */
  readonly device?: Device;
  readonly key: ReleasedKey;
  /** To be read or closed by whoever asked. */
  readonly ciphertext: ReadableObject;
  readonly source: Locator;
  readonly rejected: readonly RejectedReplica[];
}

/**
 * Fetches what the ticket of own staff, or of a patient whose command the node has carried, entitles to: the key from its custodian, the ciphertext
 * from any place that still has it.
 */
export class DocumentService {
  constructor(private readonly services: DocumentServices) {}

  /**
   * @param enter - waits for a place; named is another member whose answer is waited for
   * @throws {@link DomainError} `TICKET_CLOSED` — a denial, closed, expired or about other records; `NOT_PERMITTED` — another person's
   * ticket; the key service's refusals; those of {@link DeviceWitness.entryOf};
   * `HASH_MISMATCH` — no place has the object and at least one has changed it; `REPLICA_UNAVAILABLE` — no place has it.
   */
  async read(request: KeyRequest, holder: TicketHolder, enter: (custodian: MspId | undefined) => Promise<void>): Promise<SealedDocument> {
    const { ticketId, recordId } = request;
    const ticket = await this.services.reader.ticket(ticketId);
    const requester = { mspId: this.services.identity.mspId, holder };
    assertTicketOpens(ticket, { ticketId, now: instantOf(Date.now()), requester, recordId }, 'no ticket of this person');
    await enter(ticket.custodianMspId === requester.mspId ? undefined : ticket.custodianMspId);
    const version = ticket.recordVersions[ticket.recordIds.indexOf(recordId)] ?? 0;
    const record = await this.services.reader.recordVersion(ticket.pseudonym, recordId, version);
    const custodianMspId = ticket.custodianMspId;
    // no key is released for what is not believed
    const made = await deviceOf(this.services.devices, custodianMspId, record);
    const key = await this.#releasedKey(custodianMspId, request, holder);
    // what was revoked since is sent to nobody, wherever its bytes are
    const standing = await this.services.standing.open(ticketId, requester.mspId);
    standing.assertUnchanged(recordId);
    const { ciphertext, ...found } = await this.#ciphertext(record, custodianMspId, ticketId);
    const sent = { ...ciphertext, bytes: standing.whileOpen(ciphertext.bytes, recordId) };
    return { record, custodianMspId, ...made, key, ciphertext: sent, ...found };
  }

  async #releasedKey(custodianMspId: MspId, request: KeyRequest, holder: TicketHolder): Promise<ReleasedKey> {
    if (custodianMspId === this.services.identity.mspId) return this.services.keyService.release(request, custodianMspId, holder);
    return this.services.memberKeys.release(await keyServiceOf(this.services.directory, custodianMspId), request);
  }

  async #ciphertext(
    record: RecordVersion,
    custodianMspId: MspId,
    ticketId: TicketId,
  ): Promise<Pick<SealedDocument, 'ciphertext' | 'source' | 'rejected'>> {
    const rejected: RejectedReplica[] = [];
    const queue = this.#nearestFirst(record.locators, custodianMspId);
    const maxBytes = Math.min(2 ** record.sizeBucket, MAX_OBJECT_BYTES);
    const [found] = await firstOf<Locator, { ciphertext: ReadableObject; source: Locator }>({
      next: () => queue.shift(),
      wanted: 1,
      hedgeMillis: hedgeMillis(this.services.vaultPatienceMillis, maxBytes),
      totalMillis: 2 * longestMillis(maxBytes),
      attempt: async (source, signal) => {
        const ciphertext = await this.#fetch(source, record, { ticketId, custodianMspId, maxBytes }, signal);
        this.services.health.worked(source.mspId);
        return { ciphertext, source };
      },
      onFailure: (source, error) => {
        rejected.push({ ...source, code: this.#rejection(source, error, record) });
      },
      discard: ({ ciphertext }) => void ciphertext.close(),
    });
    if (found !== undefined) return { ...found, rejected };
    const places = Object.fromEntries(rejected.map(({ mspId, endpointId, code }) => [`${mspId}/${endpointId}`, code]));
    const isTampered = rejected.some(({ code }) => code === 'HASH_MISMATCH');
    throw new DomainError(isTampered ? 'HASH_MISMATCH' : 'REPLICA_UNAVAILABLE', 'no storage place has the object the ledger names', places);
  }

  /** Why a storage place did not give the object. @throws what is no failure of that place */
  #rejection(source: Locator, error: unknown, { recordId }: RecordVersion): string {
    if (!(error instanceof DomainError) && !(error instanceof Overtaken)) throw error;
    const code = error instanceof DomainError ? error.code : 'REPLICA_UNAVAILABLE';
    if (error instanceof Overtaken) this.services.health.overtaken(source.mspId);
    // one that answers, though not with the object, keeps nobody waiting
    else if (code === 'REPLICA_UNAVAILABLE') this.services.health.failed(source.mspId);
    this.services.log.warn({ member: source.mspId, endpointId: source.endpointId, code, recordId }, 'replica rejected');
    return code;
  }

  /** The bytes, checked against the ledger's hash by the store or the client that delivers them. */
  async #fetch(
    source: Locator,
    record: RecordVersion,
    { ticketId, custodianMspId, maxBytes }: { readonly ticketId: TicketId; readonly custodianMspId: MspId; readonly maxBytes: number },
    signal: AbortSignal,
  ): Promise<ReadableObject> {
    if (source.mspId === this.services.identity.mspId && source.endpointId === this.services.vaultEndpointId) {
      return this.services.deposited.open(record, custodianMspId);
    }
    const { cipherSha256 } = record;
    const endpoint = await findEndpoint(this.services.directory, source.mspId, ({ endpointId }) => endpointId === source.endpointId);
    const [vault] = endpoint === undefined ? [] : remoteVault(endpoint);
    if (vault === undefined)
      throw new DomainError('REPLICA_UNAVAILABLE', 'the storage place is not in the directory', { endpointId: source.endpointId });
    const keep = (bytes: ByteSource): Promise<ReadableObject> =>
      this.services.vault.spool(bytes, { expectedSha256: cipherSha256, maxBytes });
    return this.services.replicas.get(vault, { objectSha256: cipherSha256, ticketId, maxBytes }, keep, signal);
  }

  #nearestFirst(locators: readonly Locator[], custodianMspId: MspId): Locator[] {
    const { identity, health } = this.services;
    const nearness = ({ mspId }: Locator): number => (mspId === identity.mspId ? 0 : mspId === custodianMspId ? 1 : 2);
    const rank = (locator: Locator): number => nearness(locator) + (health.hasFailed(locator.mspId) ? 3 : 0);
    return [...locators].sort((left, right) => rank(left) - rank(right));
  }
}
