import type { FastifyBaseLogger } from 'fastify';
import { type PrivateKey } from '@lianyi/client';
import { DomainError, type Endpoint, type EndpointId, instantOf, type MspId, type Receipt, type Sha256, sha256 } from '@lianyi/domain';
import { type Directory } from '../directory';
import { type ObjectStore } from '../vault/object-store';
import { signReceipt } from '../vault/receipt';
import { type RemoteVault, type ReplicaClient } from '../vault/replica-client';
import { type Deposits } from './deposits';

export interface ReplicationPorts {
  readonly vault: ObjectStore;
  readonly deposits: Pick<Deposits, 'add'>;
  readonly replicas: Pick<ReplicaClient, 'put'>;
  readonly directory: Directory;
  readonly receiptKey: PrivateKey;
  readonly log: FastifyBaseLogger;
}

export interface ReplicationOptions {
  readonly mspId: MspId;
  readonly vaultEndpointId: EndpointId;
  /** Copies at other members. */
  readonly copies: number;
}

/** Stores sealed objects here and at other members, and brings back everybody's receipt. */
export class Replication {
  constructor(
    private readonly options: ReplicationOptions,
    private readonly ports: ReplicationPorts,
  ) {}

  /** The own vault's receipt for an object it holds. */
  receiptFor(object: { sha256: Sha256; sizeBytes: number }): Receipt {
    const { mspId, vaultEndpointId: endpointId } = this.options;
    return signReceipt({ mspId, endpointId }, this.ports.receiptKey, object, instantOf(Date.now()));
  }

  /**
   * @param preferred members asked first, in this order
   * @throws {@link DomainError} `REPLICA_UNAVAILABLE` — too few members could store it; `STORAGE_FULL` here.
   */
  async store(bytes: Uint8Array, preferred: readonly MspId[]): Promise<{ objectSha256: Sha256; receipts: readonly Receipt[] }> {
    const object = await this.ports.vault.put([bytes]);
    await this.ports.deposits.add(object.sha256, this.options.mspId);
    const receipts = [this.receiptFor(object)];
    for (const vault of await this.#candidates(object.sha256, preferred)) {
      if (receipts.length > this.options.copies) break;
      const receipt = await this.#tryStore(vault, object.sha256, bytes);
      if (receipt !== undefined) receipts.push(receipt);
    }
    if (receipts.length <= this.options.copies) {
      throw new DomainError('REPLICA_UNAVAILABLE', 'too few other members could store a copy', {
        stored: receipts.length - 1,
        wanted: this.options.copies,
      });
    }
    return { objectSha256: object.sha256, receipts };
  }

  async #tryStore(vault: RemoteVault, objectSha256: Sha256, bytes: Uint8Array): Promise<Receipt | undefined> {
    try {
      return await this.ports.replicas.put(vault, objectSha256, [bytes]);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.ports.log.warn({ member: vault.mspId, endpointId: vault.endpointId, code: error.code, err: error }, 'replica not stored');
      return undefined;
    }
  }

  /** Other members' vaults: the preferred ones, then an order that spreads objects evenly (rendezvous hashing). */
  async #candidates(objectSha256: Sha256, preferred: readonly MspId[]): Promise<readonly RemoteVault[]> {
    const others = (await this.ports.directory.members()).filter((mspId) => mspId !== this.options.mspId);
    const rank = (mspId: MspId): string =>
      preferred.includes(mspId) ? `0${preferred.indexOf(mspId)}` : `1${sha256(`${objectSha256}${mspId}`)}`;
    const ordered = [...others].sort((left, right) => (rank(left) < rank(right) ? -1 : 1));
    const vaults: RemoteVault[] = [];
    for (const mspId of ordered) vaults.push(...(await this.ports.directory.endpoints(mspId)).flatMap(remoteVault));
    return vaults;
  }
}

/** An endpoint as a vault that can be asked; nothing for another kind. */
export function remoteVault(endpoint: Endpoint): readonly RemoteVault[] {
  const { kind, mspId, endpointId, host, port, tlsSha256, nextTlsSha256, receiptPublicKey } = endpoint;
  if (kind !== 'vault' || receiptPublicKey === undefined) return [];
  return [{ mspId, endpointId, host, port, tlsSha256, ...(nextTlsSha256 === undefined ? {} : { nextTlsSha256 }), receiptPublicKey }];
}
