import { type Device, type DeviceId, DomainError, hashOfVersion, type Instant, type MspId, type RecordVersion, type VersionIdentity } from '@lianyi/domain';
import { assertMadeBy, assertNotAfterRevocation } from '@lianyi/domain/deciding';
import { base64urlBytes } from '../crypto/bytes';
import { contentCommitment, saltUnderPad } from '../envelope/data-key';
import { answerDiffers } from './released-document';

/** A device that has made a document. */
export interface DeviceAuthor {
  /** Whose device it is. */
  readonly mspId: MspId;
  readonly deviceId: DeviceId;
  readonly model: string;
  /** `house`: it is taken from patient to patient; `patient`: it is attested for this one alone. */
  readonly of: 'house' | 'patient';
  /** When the device says that it has observed. */
  readonly observedAt: Instant;
  /** Present: it has been revoked since the document was published, when and why. */
  readonly revoked?: NonNullable<Device['revoked']>;
}

/** A document that was opened, and the key that opened it. */
export interface MadeDocument {
  readonly record: RecordVersion;
  readonly custodianMspId: MspId;
  readonly version: VersionIdentity;
  readonly dataKey: Uint8Array;
  readonly bytes: Uint8Array;
}

/**
 * Checks that the device which a record names has made the document that was opened.
 * @param device - its entry, as the own node has it
 * @param seen - what a witness has; undefined: nobody was asked. Of the two the one that knows of a revocation is believed
 * @throws {@link DomainError} `ANSWER_DIFFERS` — no entry of the device, or another one than the witness has; `DEVICE_SIGNATURE_INVALID`,
 * `DEVICE_OF_ANOTHER_PATIENT`, `DEVICE_PENDING`, `DEVICE_REVOKED` — by the rules of the ledger
 */
export async function deviceAuthorOf(
  { record, custodianMspId, version, dataKey, bytes }: MadeDocument,
  device: Device | undefined,
  seen: { readonly device?: Device } | undefined,
): Promise<DeviceAuthor> {
  const named = record.device;
  if (named === undefined || device?.mspId !== custodianMspId || device.deviceId !== named.deviceId) throw answerDiffers('device');
  if (seen !== undefined) assertSameDevice(device, seen.device);
  const salt = saltUnderPad(dataKey, version, base64urlBytes(named.sealedSalt));
  const { pseudonym } = record;
  const { deviceId } = device;
  // what the ledger was shown is the commitment; that it is to this document, only who opens it can tell
  if ((await contentCommitment(salt, version, [bytes])) !== record.contentCommitment)
    throw new DomainError('DEVICE_SIGNATURE_INVALID', 'the device has signed another document', { deviceId });
  assertMadeBy(device, { pseudonym, versionHash: hashOfVersion(version), contentCommitment: record.contentCommitment, device: named });
  const revoked = device.revoked ?? seen?.device?.revoked;
  if (device.state === 'pending') throw new DomainError('DEVICE_PENDING', undefined, { deviceId });
  const since = revoked === undefined ? {} : { revoked };
  assertNotAfterRevocation({ deviceId, ...since }, record.at);
  const of = device.pseudonym === undefined ? 'house' : 'patient';
  return { mspId: custodianMspId, deviceId, model: device.model, of, observedAt: named.observedAt, ...since };
}

/** All that never changes of an entry; a peer may lag behind in the rest. */
function assertSameDevice(device: Device, seen: Device | undefined): void {
  for (const field of ['mspId', 'deviceId', 'publicKey', 'model', 'pseudonym'] as const)
    if (device[field] !== seen?.[field]) throw answerDiffers(`device.${field}`);
}
