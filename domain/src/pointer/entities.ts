import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { defineEntity, idPart, versionPart } from '../catalogue/entity';
import { hashOfJson } from '../crypto/sha256';
import { saltSchema, type Sha256, sha256Schema } from '../encoding/values';
import {
  endpointIdSchema,
  type MspId,
  mspIdSchema,
  nameSchema,
  type Pseudonym,
  pseudonymSchema,
  type RecordId,
  recordIdSchema,
} from '../ids';
import { instantSchema } from '../instant';
import { confidentialitySchema, dataLevelSchema, recordClassSchema } from '../vocabulary';

/** A name of a view, a column or a parameter: lower case, so that no database folds it and none needs it quoted. */
export const queryNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/)
  .meta({ title: 'name of a view, column or parameter' });
const parameterTypes = ['text', 'integer', 'date'] as const;
const columnTypes = ['text', 'integer', 'decimal', 'date', 'boolean'] as const;
/** `equal`, not before (`from`), and before (exclusive). */
const conditionKinds = ['equal', 'from', 'before'] as const;

const parameterSchema = z.strictObject({ name: queryNameSchema, type: z.enum(parameterTypes) });
const columnSchema = z.strictObject({ name: queryNameSchema, type: z.enum(columnTypes) });
const conditionSchema = z.strictObject({ column: queryNameSchema, is: z.enum(conditionKinds), parameter: queryNameSchema });

const areDifferent = (names: readonly { readonly name: string }[]): boolean => new Set(names.map(({ name }) => name)).size === names.length;

/**
 * What is asked of a view, in names: no text of it is ever a statement of a database. All conditions hold together; each compares a column
 * with a parameter.
 */
const queryFields = {
  view: queryNameSchema,
  parameters: z.array(parameterSchema).min(1).max(8).refine(areDifferent, 'repeated name'),
  columns: z.array(columnSchema).min(1).max(32).refine(areDifferent, 'repeated name'),
  conditions: z
    .array(conditionSchema)
    .min(1)
    .max(8)
    .refine((conditions) => conditions.some(({ is }) => is === 'equal'), 'nothing is compared with equal: every patient’s rows would do'),
};

/** Every parameter stands in a condition, and every condition's parameter is declared. */
export function usesItsParameters({ parameters, conditions }: Pick<Query, 'parameters' | 'conditions'>): boolean {
  const declared = new Set(parameters.map(({ name }) => name));
  const used = new Set(conditions.map(({ parameter }) => parameter));
  return declared.size === used.size && [...used].every((name) => declared.has(name));
}

export const templateIdSchema = nameSchema.brand<'TemplateId'>();
/** Which version of which template of whom. */
export const templateReferenceSchema = z.strictObject({
  mspId: mspIdSchema,
  templateId: templateIdSchema,
  version: z.int().min(1).max(999_999),
});

export type TemplateId = z.output<typeof templateIdSchema>;
export type TemplateReference = z.output<typeof templateReferenceSchema>;
export type ColumnType = (typeof columnTypes)[number];
export type Query = {
  readonly view: string;
  readonly parameters: readonly z.output<typeof parameterSchema>[];
  readonly columns: readonly z.output<typeof columnSchema>[];
  readonly conditions: readonly z.output<typeof conditionSchema>[];
};

/** What a template is known by to those who approve it, point by it and run it: all that it says, and nothing of its life. */
export type TemplateSaid = TemplateReference &
  Query & { readonly class: string; readonly dataLevel: number; readonly confidentiality: string };

/** SHA-256 of all that a template says. */
export function hashOfTemplate(said: TemplateSaid): Sha256 {
  const { mspId, templateId, version, view, parameters, columns, conditions, dataLevel, confidentiality } = said;
  const labels = [said.class, dataLevel, confidentiality];
  return hashOfJson(['lianyi/query-template/v1', mspId, templateId, version, labels, view, parameters, columns, conditions]);
}

/** `MSP/TEMPLATE@VERSION`, as people write it. */
export function spellTemplate({ mspId, templateId, version }: { mspId: MspId | string; templateId: string; version: number }): string {
  return `${mspId}/${templateId}@${version}`;
}

const version = z.int().min(1).max(999_999);

/** What a template says; labels are the least that a pointer by it may have. */
export const templateFields = {
  templateId: templateIdSchema,
  version,
  class: recordClassSchema,
  dataLevel: dataLevelSchema,
  confidentiality: confidentialitySchema,
  ...queryFields,
};
/** What custodians may be asked by pointers. Nothing of it changes but its state: what is to be asked otherwise is another version. */
export const queryTemplateSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    mspId: mspIdSchema,
    ...templateFields,
    state: z.enum(['proposed', 'active', 'retired']),
    /** Who approved it, of another organisation than the one that proposed it. */
    approvedBy: actorReferenceSchema.exactOptional(),
    proposedAt: instantSchema,
    changedAt: instantSchema,
    origin: originSchema,
  })
  .refine(usesItsParameters, 'parameters and conditions differ');

/** What every version of a pointer says. */
export const pointerContentFields = {
  class: recordClassSchema,
  dataLevel: dataLevelSchema,
  confidentiality: confidentialitySchema,
  template: templateReferenceSchema,
  /** Of all that the template says: whoever writes over its entry changes no pointer. */
  templateSha256: sha256Schema,
  /** An endpoint of the custodian; where it is, the directory says at the time of reading. */
  endpointId: endpointIdSchema,
  /** Salted; the custodian's node runs no query with other parameters. */
  parametersCommitment: sha256Schema,
  /** Salted; who is given rows and salt can tell that these were the rows. */
  resultCommitment: sha256Schema,
};
const keyFields = { pseudonym: pseudonymSchema, pointerId: recordIdSchema };
/** A pointer, as its current version says. It is asked for like a record, so its id is one. */
export const pointerSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...keyFields,
  version,
  state: z.enum(['current', 'retired']),
  custodianMspId: mspIdSchema,
  ...pointerContentFields,
  addedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});
/** One version of a pointer; never changed once written. */
export const pointerVersionSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...keyFields,
  version,
  operation: z.enum(['add', 'update', 'retire']),
  ...pointerContentFields,
  at: instantSchema,
  origin: originSchema,
});
export const queryParametersSchema = z
  .record(queryNameSchema, z.union([z.string().min(1).max(256), z.int()]))
  .refine((parameters) => Object.keys(parameters).length <= 8, 'too many parameters');
/** With what a version of a pointer asks, and the salts of its commitments; in the custodian's private data. */
export const pointerQuerySchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...keyFields,
  version,
  parameters: queryParametersSchema,
  salts: z.strictObject({ parameters: saltSchema, result: saltSchema }),
});

export type QueryTemplate = z.output<typeof queryTemplateSchema>;
export type Pointer = z.output<typeof pointerSchema>;
export type PointerVersion = z.output<typeof pointerVersionSchema>;
export type PointerQuery = z.output<typeof pointerQuerySchema>;
export type QueryParameters = z.output<typeof queryParametersSchema>;

/** What the area keeps, under the names of its repositories. */
export const pointerEntities = {
  queryTemplates: defineEntity({
    objectType: 'queryTemplate',
    summary: 'What custodians may be asked by pointers: a view, conditions, columns; never a statement.',
    schema: queryTemplateSchema,
    key: [idPart<MspId>('mspId'), idPart<TemplateId>('templateId'), versionPart('version')],
    keyOf: ({ mspId, templateId, version: number }) => [mspId, templateId, number],
    endorsement: 'channel',
  }),
  pointers: defineEntity({
    objectType: 'pointer',
    summary: 'Data that stay with their custodian: template, committed parameters, committed result, endpoint.',
    schema: pointerSchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<RecordId>('pointerId')],
    keyOf: ({ pseudonym, pointerId }) => [pseudonym, pointerId],
    endorsement: 'channel',
  }),
  pointerVersions: defineEntity({
    objectType: 'pointerVersion',
    summary: 'Each version of a pointer, for good.',
    schema: pointerVersionSchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<RecordId>('pointerId'), versionPart('version')],
    keyOf: ({ pseudonym, pointerId, version: number }) => [pseudonym, pointerId, number],
    endorsement: 'channel',
  }),
  pointerQueries: defineEntity({
    objectType: 'pointerQuery',
    summary: 'The parameters of a version of a pointer, with the salts of its commitments. Purged by PurgePointerQuery.',
    schema: pointerQuerySchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<RecordId>('pointerId'), versionPart('version')],
    keyOf: ({ pseudonym, pointerId, version: number }) => [pseudonym, pointerId, number],
    endorsement: 'owner',
  }),
};
