import { actorReferenceSchema, originSchema } from '../actor';
import { defineArea, type EventTable } from '../catalogue/area';
import { defineEntity, idPart } from '../catalogue/entity';
import { administrator, member, staff, type TransactionEntry } from '../catalogue/entry';
import { longSaltSchema, pageFields, pageOf, publicKeySchema, signatureSchema } from '../encoding/values';
import { type ErrorCode } from '../errors/table';
import { type DeviceId, deviceIdSchema, type MspId, mspIdSchema, nameSchema, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';
import { z } from 'zod';

const deviceFields = {
  /** Of a device, or of a patient who contributes; its first letter tells which. */
  deviceId: deviceIdSchema,
  publicKey: publicKeySchema,
  /** What it is, in a word of the organisation's, such as `glucose-meter`. */
  model: nameSchema,
  /** Whose it is alone; absent: of the house, which takes it from patient to patient. */
  pseudonym: pseudonymSchema.exactOptional(),
};
export const revocationReasonSchema = z.enum(['lost', 'compromised', 'defective', 'retired']);

/** A device whose key its organisation vouches for. */
export const deviceSchema = z.strictObject({
  schemaVersion: z.literal(1),
  mspId: mspIdSchema,
  ...deviceFields,
  /** `pending`: made by staff, and nobody else has confirmed it yet. */
  state: z.enum(['pending', 'active', 'revoked']),
  /** Who confirmed an entry made by staff. */
  confirmedBy: actorReferenceSchema.exactOptional(),
  revoked: z.strictObject({ at: instantSchema, reason: revocationReasonSchema }).exactOptional(),
  attestedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});

/** What a record keeps of the device that has made its document; the rest of what the device signed, the record says itself. */
export const deviceAuthorshipSchema = z.strictObject({
  deviceId: deviceIdSchema,
  /** When the device says that it has observed. */
  observedAt: instantSchema,
  /** Of the observation's statement, with the device's key. */
  signature: signatureSchema,
  /** The salt of the content commitment under a pad of the record's data key: who opens the document checks what the device signed. */
  sealedSalt: longSaltSchema,
});

/** What a record that names a device may be refused for. */
export const refusalsOfDevices = [
  'DEVICE_UNKNOWN',
  'DEVICE_PENDING',
  'DEVICE_REVOKED',
  'DEVICE_OF_ANOTHER_PATIENT',
  'DEVICE_SIGNATURE_INVALID',
  'DEVICE_NEEDED',
] as const satisfies readonly ErrorCode[];

export type Device = z.output<typeof deviceSchema>;
export type DeviceAuthorship = z.output<typeof deviceAuthorshipSchema>;
export type RevocationReason = z.output<typeof revocationReasonSchema>;

/** What the area keeps, under the names of its repositories. */
const deviceEntities = {
  devices: defineEntity({
    objectType: 'device',
    summary: 'A device whose key a member vouches for, and its state.',
    schema: deviceSchema,
    key: [idPart<MspId>('mspId'), idPart<DeviceId>('deviceId')],
    keyOf: ({ mspId, deviceId }) => [mspId, deviceId],
    endorsement: 'channel',
  }),
};

const contract = 'DeviceContract';
const answer = z.strictObject({ deviceId: deviceIdSchema, state: deviceSchema.shape.state });
const keepers = [administrator, staff('orgAdmin'), staff('recordAdmin')] as const;

const deviceTransactions = {
  AttestDevice: {
    contract,
    name: 'AttestDevice',
    kind: 'submit',
    summary:
      'Vouches for the key of a device of the caller’s hospital or laboratory, or of a patient who contributes there, which has signed that it has the key; one attested by staff is pending until a second person confirms it.',
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
