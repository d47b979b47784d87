import { type Device, type MspId, type PointerVersion, type RecordVersion } from '@lianyi/domain';
import { type LedgerReader } from '../ledger-reader';

/** The device that a version of a record names, as a peer has it; nothing of what names none. */
export async function deviceOf(
  reader: Pick<LedgerReader, 'device'>,
  custodianMspId: MspId,
  version: RecordVersion | PointerVersion,
): Promise<{ readonly device?: Device }> {
  if (!('device' in version)) return {};
  return { device: await reader.device(custodianMspId, version.device.deviceId) };
}
