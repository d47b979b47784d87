import { z } from 'zod';
import { originSchema } from '../actor';
import { defineEntity, idPart, versionPart } from '../catalogue/entity';
import { deviceAuthorshipSchema } from '../device/transactions';
import { sha256Schema } from '../encoding/values';
import {
  encounterIdSchema,
  endpointIdSchema,
  mspIdSchema,
  nameSchema,
  type Pseudonym,
  pseudonymSchema,
  type RecordId,
  recordIdSchema,
} from '../ids';
import { instantSchema } from '../instant';
import { monthsSchema } from '../instant';
import { receiptSchema } from '../proof/statements';
import { confidentialitySchema, dataCategorySchema, dataLevelSchema, recordClassSchema } from '../vocabulary';

export const locatorSchema = z.strictObject({ mspId: mspIdSchema, endpointId: endpointIdSchema });

/** What every version of a record says of itself: coarse, and not one clinical word. */
export const recordContentFields = {
  class: recordClassSchema,
  /** For whoever reads the record's entry; no decision rests on it. */
  category: dataCategorySchema,
  dataLevel: dataLevelSchema,
  confidentiality: confidentialitySchema,
  /** In which months the care was that it tells of; absent: not said. */
  careMonths: monthsSchema.exactOptional(),
  /** Of which visit or stay it is; absent: not said. */
  encounter: encounterIdSchema.exactOptional(),
  /** A code such as `fhir-r4-json`. */
  format: nameSchema,
  /** A display profile and its version, such as `cn-lab@1`. */
  displayProfile: z.string().regex(/^[A-Za-z0-9_.-]{1,64}@[A-Za-z0-9_.-]{1,16}$/),
  /** The smallest n with 2^n ≥ the ciphertext’s bytes: a size that tells little. */
  sizeBucket: z.int().min(0).max(40),
  cipherSha256: sha256Schema,
  /** Salted hash of the document; whoever is given the document and the salt can prove that this was it. No rule reads it. */
  contentCommitment: sha256Schema,
  dekCommitment: sha256Schema,
  keyEpoch: z.int().min(1),
  /** Which device of the custodian has made the document; absent: somebody of its staff. */
  device: deviceAuthorshipSchema.exactOptional(),
  /** Where the ciphertext lies: at two organisations at least. */
  locators: z
    .array(locatorSchema)
    .min(2)
    .max(8)
    .refine((locators) => new Set(locators.map((locator) => locator.mspId)).size >= 2, 'fewer than two organisations')
    .refine(
      (locators) => new Set(locators.map((locator) => `${locator.mspId}/${locator.endpointId}`)).size === locators.length,
      'repeated locator',
    ),
  /** One receipt of each locator. */
  receipts: z.array(receiptSchema).min(2).max(8),
};
export const amendmentOperationSchema = z.enum(['amend', 'replace']);
export const retractionReasonSchema = z.enum(['entered-in-error', 'wrong-patient', 'withdrawn-by-author', 'other']);

/** A record, as its current version says. */
export const recordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  recordId: recordIdSchema,
  version: z.int().min(1),
  state: z.enum(['current', 'retracted']),
  custodianMspId: mspIdSchema,
  authorMspId: mspIdSchema,
  ...recordContentFields,
  anchoredAt: instantSchema,
  changedAt: instantSchema,
  retractionReason: retractionReasonSchema.exactOptional(),
  origin: originSchema,
});
/** One version of a record; never changed once written. */
export const recordVersionSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  recordId: recordIdSchema,
  version: z.int().min(1),
  operation: z.enum(['anchor', ...amendmentOperationSchema.options, 'retract']),
  previousVersion: z.int().min(1).exactOptional(),
  retractionReason: retractionReasonSchema.exactOptional(),
  ...recordContentFields,
  at: instantSchema,
  origin: originSchema,
});

export type Locator = z.output<typeof locatorSchema>;
export type MedicalRecord = z.output<typeof recordSchema>;
export type RecordVersion = z.output<typeof recordVersionSchema>;
export type RetractionReason = z.output<typeof retractionReasonSchema>;

/** What the area keeps, under the names of its repositories. */
export const recordEntities = {
  records: defineEntity({
    objectType: 'record',
    summary: 'The current version of a record: hashes, coarse class, locators.',
    schema: recordSchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<RecordId>('recordId')],
    keyOf: ({ pseudonym, recordId }) => [pseudonym, recordId],
    endorsement: 'channel',
  }),
  recordVersions: defineEntity({
    objectType: 'recordVersion',
    summary: 'Each version of a record, for good.',
    schema: recordVersionSchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<RecordId>('recordId'), versionPart('version')],
    keyOf: ({ pseudonym, recordId, version }) => [pseudonym, recordId, version],
    endorsement: 'channel',
  }),
};
