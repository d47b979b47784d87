import { type Device, type MspId, type PointerVersion, type RecordVersion } from '@lianyi/domain';
import { type DeviceWitness } from '../device-witness';

/** The device that a version of a record names, as its custodian has said it; nothing of what names none. */
export async function deviceOf(
  devices: Pick<DeviceWitness, 'entryOf'>,
  custodianMspId: MspId,
  version: RecordVersion | PointerVersion,
): Promise<{ readonly device?: Device }> {
  if (!('device' in version)) return {};
  return { device: await devices.entryOf(custodianMspId, version.device.deviceId) };
}
