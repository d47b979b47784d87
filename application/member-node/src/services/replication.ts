import type { FastifyBaseLogger } from 'fastify';
import { type PrivateKey } from '@lianyi/client';
import {
  DomainError,
  type Endpoint,
  type EndpointId,
  instantOf,
  type MspId,
  type Receipt,
  type ReceiptStatement,
  type Sha256,
  sha256,
} from '@lianyi/domain';
import { type Directory } from '../directory';
import { type ObjectStore } from '../vault/object-store';
import { assertReceipt, type DepositedObject, type ObjectClaim, signReceipt } from '../vault/receipt';
import { longestMillis, type RemoteVault, type ReplicaClient } from '../vault/replica-client';
import { type Deposits } from './deposits';
import { firstOf, Overtaken } from './hedge';
import { type MemberHealth } from './member-health';

export interface ReplicationPorts {
  readonly vault: ObjectStore;
  readonly deposits: Pick<Deposits, 'add'>;
  readonly replicas: Pick<ReplicaClient, 'put'>;
  readonly directory: Pick<Directory, 'members' | 'endpoints'>;
  readonly health: MemberHealth;
  readonly receiptKey: PrivateKey;
  readonly log: FastifyBaseLogger;
}

export interface ReplicationOptions {
  readonly mspId: MspId;
  readonly vaultEndpointId: EndpointId;
  /** Copies at other members. */
  readonly copies: number;
  /** {@link hedgeMillis} */
  readonly patienceMillis: number;
}

const GOOD_BYTES_PER_SECOND = 8 * 1024 * 1024;
/** Vaults of one member that are asked for one object at most: the first, and another when it fails while nobody else is left. */
const VAULTS_PER_MEMBER = 2;

/**
 * How long a silent vault is waited for before another is asked beside it, in milliseconds: a time, and as much more as an object of this
 * size takes on a good line.
 */
export function hedgeMillis(patienceMillis: number, bytes: number): number {
  return patienceMillis + Math.ceil((bytes * 1_000) / GOOD_BYTES_PER_SECOND);
}

/** A stored object, and the version of a record that it is kept for. */
type Kept = Pick<ReceiptStatement, 'objectSha256' | 'versionHash'>;

/** Stores sealed objects here and at other members, and brings back everybody's receipt. */
export class Replication {
  constructor(
    private readonly options: ReplicationOptions,
    private readonly ports: ReplicationPorts,
  ) {}

  /** The own vault's receipt for an object that it holds for a version of a record. */
  receiptFor(object: DepositedObject): Receipt {
    const { mspId, vaultEndpointId: endpointId } = this.options;
    return signReceipt({ mspId, endpointId }, this.ports.receiptKey, object, instantOf(Date.now()));
  }

  /**
   * Whether every receipt is for this object, and its vault still has the place and the key under which it gave it. What the ledger has refused
   * of late because of a member's place is not current, however that place is again: else one member could keep a document from it for ever.
   */
  async areCurrent(object: ObjectClaim, receipts: readonly Receipt[]): Promise<boolean> {
    const checks = receipts.map(async (receipt) => {
      const { mspId, endpointId } = receipt.statement;
      if (this.ports.health.hasUnkept(mspId)) return false;
      const endpoints = await this.ports.directory.endpoints(mspId, 0);
      const vault = endpoints.filter((endpoint) => endpoint.endpointId === endpointId).flatMap(remoteVault)[0];
      return vault !== undefined && isReceiptOf(receipt, vault, object);
    });
    return (await Promise.all(checks)).every(Boolean);
  }

  /**
   * Stores an object here and at other members for one version of a record: one vault of each, so that no member's entries in the directory
   * stall the others.
   * @param versionHash - {@link hashOfVersion} of the version; every receipt names it
   * @param preferred members asked first, in this order
   * @throws {@link DomainError} `REPLICA_UNAVAILABLE` — too few members could store it; `STORAGE_FULL` here.
   */
  async store(
    bytes: Uint8Array,
    versionHash: Sha256,
    preferred: readonly MspId[],
  ): Promise<{ objectSha256: Sha256; receipts: readonly Receipt[] }> {
    const object = await this.ports.vault.put([bytes]);
    const kept = { objectSha256: object.sha256, versionHash };
    await this.ports.deposits.add({ ...kept, depositor: this.options.mspId });
    const own = this.receiptFor({ ...object, versionHash });
    const queue = await this.#candidates(object.sha256, preferred);
    const copies = await this.#copies(queue, kept, bytes);
    if (copies.length < this.options.copies) {
      throw new DomainError('REPLICA_UNAVAILABLE', 'too few other members could store a copy', {
        stored: copies.length,
        wanted: this.options.copies,
      });
    }
    return { objectSha256: object.sha256, receipts: [own, ...copies] };
  }

  /** What the ledger has made of receipts: `unkept`, if it refused them because of the members' places or keys; else they stand on it. */
  learn(members: readonly MspId[], outcome: 'kept' | 'unkept'): void {
    for (const mspId of members.filter((each) => each !== this.options.mspId)) this.ports.health[outcome](mspId);
  }

  #copies(queue: RemoteVault[], kept: Kept, bytes: Uint8Array): Promise<readonly Receipt[]> {
    const asked = new Set<MspId>();
    return firstOf<RemoteVault, Receipt>({
      // a member that is being asked, or has stored it, is not asked at another of its vaults
      next: () => {
        const index = queue.findIndex(({ mspId }) => !asked.has(mspId));
        const vault = index < 0 ? undefined : queue.splice(index, 1)[0];
        if (vault !== undefined) asked.add(vault.mspId);
        return vault;
      },
      wanted: this.options.copies,
      hedgeMillis: hedgeMillis(this.options.patienceMillis, bytes.length),
      totalMillis: VAULTS_PER_MEMBER * longestMillis(bytes.length),
      attempt: async (vault, signal) => {
        const receipt = await this.ports.replicas.put(vault, { ...kept, bytes: [bytes] }, signal);
        this.ports.health.worked(vault.mspId);
        return receipt;
      },
      onFailure: ({ mspId, endpointId }, error) => {
        if (!(error instanceof DomainError) && !(error instanceof Overtaken)) throw error;
        asked.delete(mspId);
        if (error instanceof Overtaken) this.ports.health.overtaken(mspId);
        else this.ports.health.failed(mspId);
        this.ports.log.warn({ member: mspId, endpointId, err: error }, 'replica not stored');
      },
    });
  }

  /**
   * Other members' vaults, in turn: one of each member before a second of any. The preferred members first, then an order that spreads
   * objects evenly (rendezvous hashing); those that failed of late come last, and of these last who failed most.
   */
  async #candidates(objectSha256: Sha256, preferred: readonly MspId[]): Promise<RemoteVault[]> {
    const others = (await this.ports.directory.members()).filter((mspId) => mspId !== this.options.mspId);
    const { health } = this.ports;
    const rank = (mspId: MspId): string =>
      preferred.includes(mspId) ? `0${preferred.indexOf(mspId)}` : `1${sha256(`${objectSha256}${mspId}`)}`;
    const ordered = [...others].sort((one, other) => health.standing(one) - health.standing(other) || (rank(one) < rank(other) ? -1 : 1));
    const vaultsOf = await Promise.all(ordered.map(async (mspId) => (await this.ports.directory.endpoints(mspId)).flatMap(remoteVault)));
    return inTurn(vaultsOf);
  }
}

function isReceiptOf(receipt: Receipt, vault: RemoteVault, object: ObjectClaim): boolean {
  try {
    assertReceipt(receipt, vault, object);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** One vault of each member before a second of any; never more than {@link VAULTS_PER_MEMBER} of one. */
function inTurn(vaultsOf: readonly (readonly RemoteVault[])[]): RemoteVault[] {
  return Array.from({ length: VAULTS_PER_MEMBER }, (_, turn) => vaultsOf.flatMap((vaults) => vaults.slice(turn, turn + 1))).flat();
}

/** An endpoint as a vault that can be asked; nothing for another kind. */
export function remoteVault(endpoint: Endpoint): readonly RemoteVault[] {
  const { kind, mspId, endpointId, host, port, tlsSha256, nextTlsSha256, receiptPublicKey } = endpoint;
  if (kind !== 'vault' || receiptPublicKey === undefined) return [];
  return [{ mspId, endpointId, host, port, tlsSha256, ...(nextTlsSha256 === undefined ? {} : { nextTlsSha256 }), receiptPublicKey }];
}
