import { type Device, type DeviceId, DomainError, type MspId, type Pseudonym } from '@lianyi/domain';
import { assertInUse } from '@lianyi/domain/deciding';
import { type KnownDevice } from '@lianyi/ledger-client';
import { type FollowedHeight, type OwnPeer, PATIENCE_MILLIS, untilAbreast } from './abreast';

/** What the blocks followed show of devices. */
export interface DeviceIndex extends FollowedHeight {
  /** undefined while the blocks followed have no such entry. */
  deviceShown(mspId: MspId, deviceId: DeviceId): Promise<KnownDevice | undefined>;
}

/** A device that is to author for a patient. */
export interface AuthoringDevice {
  readonly mspId: MspId;
  readonly deviceId: DeviceId;
  readonly pseudonym: Pseudonym;
}

/**
 * Says of a device what its own organisation has said of it, as the blocks show it. The own peer has the entry as it is written, by whomever:
 * a majority of others could attest a key of theirs there, or bring back one that was revoked.
 */
export class DeviceWitness {
  constructor(
    private readonly index: DeviceIndex,
    private readonly peer: OwnPeer,
    private readonly patienceMillis = PATIENCE_MILLIS,
  ) {}

  /**
   * The device that a record of an organisation names, for who reads the record: the organisation's word, whatever else is written.
   * @throws {@link DomainError} `DEVICE_UNKNOWN`; `DEVICE_UNPROVEN` — others have written it, and its organisation has said nothing; `DEVICE_UNSEEN` —
   * the index is behind, and nobody knows yet
   */
  async entryOf(mspId: MspId, deviceId: DeviceId): Promise<Device> {
    const { said } = await this.#shown(mspId, deviceId);
    if (said === undefined) throw new DomainError('DEVICE_UNPROVEN', undefined, { deviceId });
    return said;
  }

  /**
   * Checks that a device may author for a patient by what its organisation has said, and that nothing else is written: the ledger goes by that.
   * @throws {@link DomainError} as {@link entryOf}; `DEVICE_UNPROVEN` — others have written over it; `DEVICE_PENDING`, `DEVICE_REVOKED`,
   * `DEVICE_OF_ANOTHER_PATIENT`
   */
  async assertMayAuthor({ mspId, deviceId, pseudonym }: AuthoringDevice): Promise<void> {
    const { said, isProven } = await this.#shown(mspId, deviceId);
    if (said === undefined || !isProven) throw new DomainError('DEVICE_UNPROVEN', undefined, { deviceId });
    assertInUse(said);
    if (said.pseudonym !== undefined && said.pseudonym !== pseudonym)
      throw new DomainError('DEVICE_OF_ANOTHER_PATIENT', undefined, { deviceId });
  }

  async #shown(mspId: MspId, deviceId: DeviceId): Promise<KnownDevice> {
    await untilAbreast(this.index, this.peer, this.patienceMillis, (problem, cause) => {
      return new DomainError('DEVICE_UNSEEN', problem, { deviceId }, { cause });
    });
    const shown = await this.index.deviceShown(mspId, deviceId);
    if (shown === undefined) throw new DomainError('DEVICE_UNKNOWN', undefined, { deviceId });
    return shown;
  }
}
