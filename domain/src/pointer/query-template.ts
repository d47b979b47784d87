import { z } from 'zod';
import { hashOfJson } from '../crypto/sha256';
import { type Sha256 } from '../encoding/values';
import { type MspId, mspIdSchema, nameSchema } from '../ids';

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
export const queryFields = {
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
