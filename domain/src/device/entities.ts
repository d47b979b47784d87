import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { type ErrorCode } from '../errors/table';
import { longSaltSchema, publicKeySchema, signatureSchema } from '../encoding/values';
import { type DeviceId, deviceIdSchema, type MspId, mspIdSchema, nameSchema, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';

export const deviceFields = {
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
export const deviceEntities = {
  devices: defineEntity({
    objectType: 'device',
    summary: 'A device whose key a member vouches for, and its state.',
    schema: deviceSchema,
    key: [idPart<MspId>('mspId'), idPart<DeviceId>('deviceId')],
    keyOf: ({ mspId, deviceId }) => [mspId, deviceId],
    endorsement: 'channel',
  }),
};
