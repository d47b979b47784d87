import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { administrator, member, staff, type TransactionEntry } from '../catalogue/entry';
import { pageFields, pageOf, signatureSchema } from '../encoding/values';
import { deviceIdSchema, mspIdSchema, pseudonymSchema } from '../ids';
import { deviceEntities, deviceFields, deviceSchema, revocationReasonSchema } from './entities';

const contract = 'DeviceContract';
const answer = z.strictObject({ deviceId: deviceIdSchema, state: deviceSchema.shape.state });
const keepers = [administrator, staff('orgAdmin'), staff('recordAdmin')] as const;

const deviceTransactions = {
  AttestDevice: {
    contract,
    name: 'AttestDevice',
    kind: 'submit',
    summary:
      'Vouches for the key of a device of the caller’s hospital or laboratory, which has signed that it has the key; one attested by staff is pending until a second person confirms it.',
    request: z.strictObject({
      ...deviceFields,
      /** The device's signature of `lianyi/device-key/v1`. */
      possession: signatureSchema,
    }),
    response: answer,
    callers: keepers,
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ConfirmDevice: {
    contract,
    name: 'ConfirmDevice',
    kind: 'submit',
    summary: 'Confirms a pending device, as somebody else than who attested it, by saying once more what its entry says.',
    request: z.strictObject(deviceFields),
    response: answer,
    callers: keepers,
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'DEVICE_DIFFERS'],
    endorsement: 'channel',
  },
  RevokeDevice: {
    contract,
    name: 'RevokeDevice',
    kind: 'submit',
    summary: 'Revokes a device of the caller’s organisation for ever: it authors nothing from then on; what it has authored stays.',
    request: z.strictObject({ deviceId: deviceIdSchema, reason: revocationReasonSchema }),
    response: answer,
    callers: keepers,
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  GetDevice: {
    contract,
    name: 'GetDevice',
    kind: 'evaluate',
    summary: 'Reads a device: its key, state and whose it is.',
    request: z.strictObject({ mspId: mspIdSchema, deviceId: deviceIdSchema }),
    response: deviceSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListDevices: {
    contract,
    name: 'ListDevices',
    kind: 'evaluate',
    summary: 'Lists the devices of the caller’s own organisation.',
    request: z.strictObject(pageFields),
    response: pageOf(deviceSchema),
    callers: keepers,
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** The pseudonym: of a patient's own device, so that the patient is told. */
const device = { mspId: mspIdSchema, deviceId: deviceIdSchema, pseudonym: pseudonymSchema.exactOptional() };
/** What may happen in the area. */
const deviceEvents = {
  DeviceAttested: device,
  DeviceConfirmed: device,
  DeviceRevoked: device,
} as const satisfies EventTable;

/** Devices that author data, and who vouches for them. */
export const deviceArea = defineArea({ entities: deviceEntities, events: deviceEvents, transactions: deviceTransactions });
