import {
  type Device,
  DomainError,
  type EventName,
  type Input,
  type MspId,
  NETWORK_PARAMETER,
  type Output,
  type Pseudonym,
  referenceTo,
  type transactions,
} from '@lianyi/domain';
import { assertHasKey, assertMayHaveDevices, confirmDevice, revokeDevice, stateOfNewDevice } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { mspOf, originOf, type WriteScope } from '../scope';
import { madeBefore, ownActiveOrganisation } from '../standing';

type Attest = typeof transactions.AttestDevice;
type Confirm = typeof transactions.ConfirmDevice;
type Revoke = typeof transactions.RevokeDevice;

/**
 * Vouches for a device of the caller's own organisation. The id is that of the key there, so that a key has one entry for ever. The same request
 * again answers what the entry is now.
 */
export async function AttestDevice(scope: WriteScope, { possession, ...fields }: Input<Attest>): Promise<Output<Attest>> {
  const { devices, parameters } = scope.ledger;
  const { kinds, mspId } = await ownActiveOrganisation(scope);
  assertMayHaveDevices(kinds);
  const [existing, { genesis }] = await Promise.all([devices.find(mspId, fields.deviceId), parameters.get(NETWORK_PARAMETER)]);
  assertHasKey({ ...fields, mspId }, possession, { channel: scope.channel, genesis });
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  if (fields.pseudonym !== undefined) {
    await assertOwnActive(scope, mspId, fields.pseudonym);
  }
  const device: Device = {
    schemaVersion: 1,
    mspId,
    ...fields,
    state: stateOfNewDevice(scope.actor),
    attestedAt: scope.now,
    changedAt: scope.now,
    origin: originOf(scope),
  };
  await devices.insert(device);
  return told(scope, device, 'DeviceAttested');
}

/** Makes a device that staff of the caller's own organisation have attested active, as a second person. */
export async function ConfirmDevice(scope: WriteScope, input: Input<Confirm>): Promise<Output<Confirm>> {
  const { mspId } = await ownActiveOrganisation(scope);
  const present = await scope.ledger.devices.get(mspId, input.deviceId);
  const device = confirmDevice(present, referenceTo(scope.actor), input, scope.now);
  await scope.ledger.devices.replace(device);
  return told(scope, device, 'DeviceConfirmed');
}

/** A kill switch: it also works for the administrator of a suspended organisation. */
export async function RevokeDevice(scope: WriteScope, input: Input<Revoke>): Promise<Output<Revoke>> {
  const device = revokeDevice(await scope.ledger.devices.get(mspOf(scope.actor), input.deviceId), input.reason, scope.now);
  await scope.ledger.devices.replace(device);
  return told(scope, device, 'DeviceRevoked');
}

/** A patient's own device is of a patient of the own organisation. */
async function assertOwnActive({ ledger }: WriteScope, mspId: MspId, pseudonym: Pseudonym): Promise<void> {
  const entry = await ledger.pseudonyms.get(pseudonym);
  if (entry.mspId !== mspId) {
    throw new DomainError('NOT_PERMITTED', 'the pseudonym belongs to another organisation');
  }
  if (entry.state !== 'active') {
    throw new DomainError('ILLEGAL_STATE', undefined, { state: entry.state });
  }
}

function told(scope: WriteScope, device: Device, name: Extract<EventName, `Device${string}`>): Output<Attest> {
  const { mspId, deviceId, pseudonym } = device;
  // of a patient's own device, the patient is told
  recordEvent(scope, { name, mspId, deviceId, ...(pseudonym === undefined ? {} : { pseudonym }) });
  return answerOf(device);
}

function answerOf({ deviceId, state }: Device): Output<Attest> {
  return { deviceId, state };
}
