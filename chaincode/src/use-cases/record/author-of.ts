import { isContributorId, type MspId, type Pseudonym, type RecordContent, type Sha256 } from '@lianyi/domain';
import { assertAuthors, type Author } from '@lianyi/domain/deciding';
import { type WriteScope } from '../scope';

/**
 * Who has made the document of a version: staff, unless the content names a device of the own organisation, or a patient who contributes there, which
 * must have signed it.
 */
export async function authorOf(
  { ledger, now }: WriteScope,
  { device, contentCommitment }: RecordContent,
  version: { readonly mspId: MspId; readonly pseudonym: Pseudonym; readonly versionHash: Sha256 },
): Promise<Author> {
  if (device === undefined) {
    return 'staff';
  }
  const { mspId, pseudonym, versionHash } = version;
  const entry = await ledger.devices.find(mspId, device.deviceId);
  assertAuthors(entry, { pseudonym, versionHash, contentCommitment, device }, now);
  if (isContributorId(device.deviceId)) return 'patient';
  return entry.pseudonym === undefined ? 'device-of-the-house' : 'device-of-the-patient';
}
