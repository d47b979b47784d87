import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { type Device, deviceIdOf, deviceSchema, hashOfKey, instantOf, sha256 } from '@lianyi/domain';
import { mspId } from './staff.fixture';

const publicKey = publicKeyOf(newPrivateKey());

/** The entry of a device of hospital A, attested by its administrator. */
export const deviceWith = (changes: Partial<Device> = {}): Device =>
  deviceSchema.parse({
    ...{ schemaVersion: 1, mspId, deviceId: deviceIdOf({ mspId, publicKeyHash: hashOfKey(publicKey) }), publicKey, model: 'glucose-meter' },
    origin: { requestHash: sha256('request'), actor: { kind: 'administrator', mspId, keyHash: sha256('administrator') } },
    ...{ state: 'active', attestedAt: instantOf(0), changedAt: instantOf(0), ...changes },
  });
