import {
  type ChannelBinding,
  type Device,
  deviceArea,
  type DeviceId,
  deviceIdSchema,
  deviceSchema,
  mspIdSchema,
  type OrganisationKind,
  referenceTo,
  transactions,
} from '@lianyi/domain';
import { assertHasKey, assertMayHaveDevices, confirmDevice, revokeDevice, stateOfNewDevice } from '@lianyi/domain/deciding';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { type DeviceFact, type KnownMembers } from './member-facts';
import { type AlarmFact, type KnownAlarms } from './patient-facts';
import { attempt } from './strangers-json';
import { isSameIn, isWrittenAsSaid, madeBySchema } from './whole-entry';

const { objectType } = deviceArea.entities.devices;

/** Whether a key is one of a device. */
export function isOfDevice(type: string | undefined): boolean {
  return type === objectType;
}

/** What somebody asks in the transaction: by when it was committed, and whenever that was. */
export interface AskedOfDevice {
  readonly inTime: Asked | undefined;
  readonly anyTime: Asked | undefined;
}

/**
 * What the device entry under a key of these parts says, held against what its own organisation has said up to now and says in this transaction.
 * A revocation only closes: it counts however long it was on its way.
 */
export async function deviceFacts(
  { value }: BlockWrite,
  [msp, id]: readonly string[],
  { inTime, anyTime }: AskedOfDevice,
  network: ChannelBinding,
  known: Pick<KnownMembers, 'deviceOf' | 'kindsOf' | 'isTold'>,
): Promise<readonly (DeviceFact | AlarmFact)[]> {
  const [mspId, deviceId] = [mspIdSchema.safeParse(msp).data, deviceIdSchema.safeParse(id).data];
  if (mspId === undefined || deviceId === undefined) return [{ kind: 'alarm', alarm: 'device-without-command' }];
  const [shown, kinds] = [await known.deviceOf(mspId, deviceId), await known.kindsOf(mspId)];
  const asked = anyTime?.entry.name === transactions.RevokeDevice.name ? anyTime : inTime;
  const before = shown?.said;
  const said = asked?.mspId === mspId ? attempt(() => entryAfter(asked, { deviceId, before, kinds, network })) : undefined;
  const isProven = said !== undefined && (await isAsSaid(value, said, before, known));
  const fact: DeviceFact = { kind: 'device', mspId, deviceId, said: said ?? before, isProven };
  if (isProven) return [fact];
  const alarm = said === undefined ? 'device-without-command' : 'device-not-as-commanded';
  return [fact, { kind: 'alarm', alarm, detail: nameOf({ mspId, deviceId }) }];
}

interface KnownOfDevice {
  readonly deviceId: DeviceId;
  readonly before: Device | undefined;
  readonly kinds: readonly OrganisationKind[] | undefined;
  readonly network: ChannelBinding;
}

/**
 * The entry as a command of its organisation leaves it, by the chaincode's own rules; undefined if the transaction has none about it. One of the
 * catalogue that writes a device and is missing here raises an alarm.
 * @throws DomainError — the rules refuse it
 */
function entryAfter({ entry, input, actor, requestHash, at, mspId }: Asked, known: KnownOfDevice): Device | undefined {
  const { deviceId, before } = known;
  if (transactions.RevokeDevice.request.pick({ deviceId: true }).loose().parse(input).deviceId !== deviceId) return undefined;
  switch (entry.name) {
    case 'AttestDevice': {
      if (before !== undefined) return undefined;
      const { possession, ...fields } = transactions.AttestDevice.request.parse(input);
      assertMayHaveDevices(known.kinds ?? []);
      assertHasKey({ ...fields, mspId }, possession, known.network);
      const made = { attestedAt: at, changedAt: at, origin: { requestHash, actor: referenceTo(actor) } };
      return { schemaVersion: 1, mspId, ...fields, state: stateOfNewDevice(actor), ...made };
    }
    case 'ConfirmDevice':
      return before && confirmDevice(before, referenceTo(actor), transactions.ConfirmDevice.request.parse(input), at);
    case 'RevokeDevice':
      // what others have written as active again is revoked once more, and stays revoked since the first time
      if (before?.state === 'revoked') return before;
      return before && revokeDevice(before, transactions.RevokeDevice.request.parse(input).reason, at);
    default:
      return undefined;
  }
}

const whatCounts = { mspId: true, deviceId: true, publicKey: true, model: true, pseudonym: true, state: true } as const;
const revocationSchema = deviceSchema.pick({ revoked: true }).strip();
const comparing = {
  counting: deviceSchema.pick(whatCounts).strip(),
  // of a second revocation, the first one stands, whatever is written of it
  whole: deviceSchema
    .omit({ schemaVersion: true, revoked: true, attestedAt: true, changedAt: true })
    .extend({ origin: madeBySchema })
    .strip(),
};

async function isAsSaid(value: BlockWrite['value'], said: Device, before: Device | undefined, known: KnownAlarms): Promise<boolean> {
  const about = { detail: nameOf(said) };
  return (await isWrittenAsSaid(value, said, comparing, { about, known })) && (said === before || isSameIn(revocationSchema, value, said));
}

const nameOf = ({ mspId, deviceId }: Pick<Device, 'mspId' | 'deviceId'>): string => `${mspId} ${deviceId}`;
