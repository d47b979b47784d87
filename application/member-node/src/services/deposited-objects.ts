import { type ChannelBinding, DomainError, hashOfVersion, type MspId, type RecordVersion, versionIdentityOf } from '@lianyi/domain';
import { type ObjectStore, type ReadableObject } from '../vault/object-store';
import { type Deposits } from './deposits';

/** What a deposit was made for, and where it stands on the ledger. */
export type DepositedVersion = Pick<RecordVersion, 'pseudonym' | 'recordId' | 'version' | 'cipherSha256'>;

export interface DepositPorts {
  readonly network: ChannelBinding;
  readonly vault: Pick<ObjectStore, 'get'>;
  readonly deposits: Pick<Deposits, 'isFor'>;
}

/**
 * The own vault as readers find it, those of other members and those of the own hospital: it gives an object to the record that the object
 * was deposited for, and to no other that names the same hash.
 */
export class DepositedObjects {
  constructor(private readonly ports: DepositPorts) {}

  /**
   * Opens the object of a version of a record.
   * @param custodianMspId - who keeps the record, and so must have made the deposit
   * @throws {@link DomainError} `NOT_PERMITTED` — nobody deposited it here for this version; `NOT_FOUND`, `HASH_MISMATCH` as the vault
   */
  async open(record: DepositedVersion, custodianMspId: MspId): Promise<ReadableObject> {
    await this.#assertDeposited(record, custodianMspId);
    return this.ports.vault.get(record.cipherSha256);
  }

  async #assertDeposited(record: DepositedVersion, custodianMspId: MspId): Promise<void> {
    const { network, deposits } = this.ports;
    const versionHash = hashOfVersion(versionIdentityOf(network, record));
    if (!(await deposits.isFor({ objectSha256: record.cipherSha256, depositor: custodianMspId, versionHash })))
      throw new DomainError('NOT_PERMITTED', 'the object was not deposited for this record', { recordId: record.recordId });
  }
}
