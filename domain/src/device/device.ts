import { type Actor, type ActorReference } from '../actor';
import { hashOfKey } from '../crypto/sha256';
import { DomainError } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { type Sha256, type Signature } from '../encoding/values';
import { type ErrorCode } from '../errors/table';
import { type DeviceId, type Pseudonym } from '../ids';
import { addMilliseconds, type Instant } from '../instant';
import { assertOwnId, contributorIdOf, deviceIdOf, isContributorId } from '../owned-ids';
import { CLOCK_SKEW_MS, isSignedBy } from '../proof/check-proof';
import { type ChannelBinding, type DeviceKeyStatement, type ObservationStatement } from '../proof/statements';
import { nextState, type StateTable } from '../state-table';
import { type OrganisationKind } from '../vocabulary';
import { type Device, type DeviceAuthorship, type RevocationReason } from './transactions';

export type DeviceCommand = 'confirm' | 'revoke';

/** Revoked is for ever; what comes back has a new key. What staff have attested is pending until a second person confirms it, as staff are. */
export const deviceTable: StateTable<Device['state'], DeviceCommand> = {
  pending: { confirm: 'active', revoke: 'revoked' },
  active: { revoke: 'revoked' },
  revoked: {},
};

/** @throws {@link DomainError} `NOT_PERMITTED` — neither a hospital nor a laboratory: nobody else observes patients. */
export function assertMayHaveDevices(kinds: readonly OrganisationKind[]): void {
  if (!kinds.includes('hospital') && !kinds.includes('laboratory'))
    throw new DomainError('NOT_PERMITTED', 'the organisation is neither a hospital nor a laboratory');
}

/** What a device signs to show that it has its key. */
export function deviceKeyStatementOf({ channel, genesis }: ChannelBinding, deviceId: DeviceId): DeviceKeyStatement {
  return { t: 'lianyi/device-key/v1', channel, genesis, deviceId };
}

/** The id that a key has at an organisation: as a patient's who contributes, where the id is spelled as one, else as a device's. */
function idOfKey({ mspId, deviceId, publicKey }: Pick<Device, 'mspId' | 'deviceId' | 'publicKey'>): DeviceId {
  const owner = { mspId, publicKeyHash: hashOfKey(publicKey) };
  return isContributorId(deviceId) ? contributorIdOf(owner) : deviceIdOf(owner);
}

/**
 * Checks that a device's id is that of its key at its organisation, and that whoever sent it has the key.
 * @throws {@link DomainError} `ID_MISMATCH`, `BAD_SIGNATURE`; `INVALID_REQUEST` — a patient who contributes is no named patient
 */
export function assertHasKey(
  device: Pick<Device, 'mspId' | 'deviceId' | 'publicKey' | 'pseudonym'>,
  possession: Signature,
  network: ChannelBinding,
): void {
  const { deviceId, publicKey, pseudonym } = device;
  assertOwnId(deviceId, idOfKey(device));
  if (isContributorId(deviceId) && pseudonym === undefined)
    throw new DomainError('INVALID_REQUEST', 'who contributes is one patient', { path: 'pseudonym' });
  if (!isSignedBy(publicKey, { statement: deviceKeyStatementOf(network, deviceId), signature: possession }))
    throw new DomainError('BAD_SIGNATURE');
}

/** The state in which an entry begins: only the administrator's certificate makes an active one alone. */
export function stateOfNewDevice(by: Pick<Actor, 'kind'>): Device['state'] {
  return by.kind === 'administrator' ? 'active' : 'pending';
}

/** What the second person says that the entry says: what they have read from the device, not what a node shows them. */
export type DeviceConfirmation = Pick<Device, 'publicKey' | 'model' | 'pseudonym'>;

/**
 * The entry after a second person has confirmed it.
 * @throws {@link DomainError} `ILLEGAL_STATE` — it is not pending; `SECOND_PERSON_NEEDED` — who attested it would confirm it;
 * `DEVICE_DIFFERS` — it says something else; details name the field.
 */
export function confirmDevice(device: Device, by: ActorReference, said: DeviceConfirmation, now: Instant): Device {
  const state = nextState(deviceTable, device.state, 'confirm');
  if (canonicalJson(device.origin.actor) === canonicalJson(by))
    throw new DomainError('SECOND_PERSON_NEEDED', undefined, { deviceId: device.deviceId });
  for (const field of ['publicKey', 'model', 'pseudonym'] as const)
    if (device[field] !== said[field]) throw new DomainError('DEVICE_DIFFERS', undefined, { field });
  return { ...device, state, confirmedBy: by, changedAt: now };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — it is revoked already. */
export function revokeDevice(device: Device, reason: RevocationReason, now: Instant): Device {
  return { ...device, state: nextState(deviceTable, device.state, 'revoke'), revoked: { at: now, reason }, changedAt: now };
}

/** What a device is said to have made, and of whom. */
export type Observation = {
  readonly pseudonym: Pseudonym;
  /** {@link hashOfVersion} of the version that the document is, or will be. */
  readonly versionHash: Sha256;
  readonly contentCommitment: Sha256;
  readonly device: Pick<DeviceAuthorship, 'deviceId' | 'observedAt' | 'signature'>;
};

/** What is signed of an observation: all of it but whose it is, which the hash of the version covers. */
type Signed = Pick<Observation, 'versionHash' | 'contentCommitment'> & {
  readonly device: Pick<DeviceAuthorship, 'deviceId' | 'observedAt'>;
};

/** What the device has signed of a document. */
export function observationStatementOf({ versionHash, contentCommitment, device }: Signed): ObservationStatement {
  const { deviceId, observedAt } = device;
  return { t: 'lianyi/device-observation/v1', deviceId, versionHash, contentCommitment, observedAt };
}

/** As what a device that may not author is refused; the compiler asks it of a new state. */
const idle: Readonly<Record<Exclude<Device['state'], 'active'>, ErrorCode>> = { pending: 'DEVICE_PENDING', revoked: 'DEVICE_REVOKED' };

/** @throws {@link DomainError} `DEVICE_PENDING`, `DEVICE_REVOKED` */
export function assertInUse({ deviceId, state }: Pick<Device, 'deviceId' | 'state'>): void {
  if (state !== 'active') throw new DomainError(idle[state], undefined, { deviceId });
}

/**
 * Checks that a device of the publishing organisation has made what is published now.
 * @param device - the entry of the organisation's own devices under the id that the record names
 * @throws {@link DomainError} `DEVICE_UNKNOWN` — none of this organisation's; `DEVICE_SIGNATURE_INVALID` — it has not signed this document for this
 * version of this record of this patient; `DEVICE_PENDING`, `DEVICE_REVOKED`; `DEVICE_OF_ANOTHER_PATIENT`; `TIME_SKEW` — observed in the future.
 */
export function assertAuthors(device: Device | undefined, observation: Observation, now: Instant): asserts device is Device {
  const { deviceId, observedAt } = observation.device;
  if (device === undefined) throw new DomainError('DEVICE_UNKNOWN', undefined, { deviceId });
  assertMadeBy(device, observation);
  assertInUse(device);
  if (observedAt > addMilliseconds(now, CLOCK_SKEW_MS))
    throw new DomainError('TIME_SKEW', 'the device says that it observed in the future', { field: 'observedAt' });
}

/**
 * Checks that a device has signed a document, whatever has become of it since. Its id is that of its key at its organisation, so that nobody who
 * can write the entry puts another key in its place.
 * @throws {@link DomainError} `DEVICE_SIGNATURE_INVALID`; `DEVICE_OF_ANOTHER_PATIENT`
 */
export function assertMadeBy(device: Pick<Device, 'mspId' | 'deviceId' | 'publicKey' | 'pseudonym'>, observation: Observation): void {
  const { deviceId, publicKey } = device;
  const isItsKey = deviceId === idOfKey(device) && (device.pseudonym !== undefined || !isContributorId(deviceId));
  const statement = observationStatementOf(observation);
  const { signature } = observation.device;
  if (!isItsKey || statement.deviceId !== deviceId || !isSignedBy(publicKey, { statement, signature }))
    throw new DomainError('DEVICE_SIGNATURE_INVALID', undefined, { deviceId });
  if (device.pseudonym !== undefined && device.pseudonym !== observation.pseudonym)
    throw new DomainError('DEVICE_OF_ANOTHER_PATIENT', undefined, { deviceId });
}

/**
 * Checks that a record was published before its device was revoked, by the times that both transactions state; the ledger's own order is kept by
 * who endorses. Clocks of two proposals may be twice the skew apart.
 * @throws {@link DomainError} `DEVICE_REVOKED`
 */
export function assertNotAfterRevocation({ deviceId, revoked }: Pick<Device, 'deviceId' | 'revoked'>, publishedAt: Instant): void {
  if (revoked !== undefined && publishedAt > addMilliseconds(revoked.at, 2 * CLOCK_SKEW_MS))
    throw new DomainError('DEVICE_REVOKED', undefined, { deviceId });
}
