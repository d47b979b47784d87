import { z } from 'zod';
import { r4Codes, r4Elements } from './r4-elements';

/** What FHIR R4 says of one element of a type. */
export type ElementDefinition = {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
  /** A primitive, a data type, `Resource`, or the path of an element that has elements of its own. */
  readonly type: string;
  /** The codes that it may be, where its binding is required and the value set is no open one. */
  readonly codes?: ReadonlySet<string>;
  /** `value` for `valueQuantity`: at most one element of a choice may be there. */
  readonly choice?: string;
};
/** The elements of one type; choices of which one must be there. */
export type TypeDefinition = { readonly elements: ReadonlyMap<string, ElementDefinition>; readonly requiredChoices: readonly string[] };

const tableSchema = z.record(z.string(), z.record(z.string(), z.string()));
const codesSchema = z.record(z.string(), z.string());
const CHOICE = '[x]';

/**
 * Mandatory elements whose absence is let pass, with the reason. A narrative without its text says no less than the elements do, and
 * sources of published guides leave the text to be generated.
 */
const TOLERATED_ABSENCES: ReadonlySet<string> = new Set(['Narrative.div']);

let table: z.output<typeof tableSchema> | undefined;
const known = new Map<string, TypeDefinition>();
const valueSets = new Map<string, ReadonlySet<string>>();

/**
 * The definition of a resource type, a data type or an element with elements of its own; undefined for a primitive or `Resource`.
 *
 * @remarks Source: HL7 FHIR R4 (4.0.1) StructureDefinitions, as definitions/make-table.cjs prints them. Read with the first document.
 */
export function definitionOf(type: string): TypeDefinition | undefined {
  const made = known.get(type);
  if (made !== undefined) return made;
  table ??= tableSchema.parse(JSON.parse(r4Elements));
  const rows = Object.hasOwn(table, type) ? table[type] : undefined;
  if (rows === undefined) return undefined;
  const definition = parsed(type, rows);
  known.set(type, definition);
  return definition;
}

function parsed(type: string, rows: Readonly<Record<string, string>>): TypeDefinition {
  const entries = Object.entries(rows);
  const elements = entries
    .filter(([name]) => !name.endsWith(CHOICE))
    .map(([name, row]): [string, ElementDefinition] => [name, parsedRow(type, name, row)]);
  const requiredChoices = entries.filter(([name]) => name.endsWith(CHOICE)).map(([name]) => name.slice(0, -CHOICE.length));
  return { elements: new Map(elements), requiredChoices };
}

function parsedRow(owner: string, name: string, row: string): ElementDefinition {
  const [min, max, typeAndSet = '', choice] = row.split(' ');
  const [type = '', valueSet] = typeAndSet.split('#');
  return {
    name,
    isRequired: min !== '0' && !TOLERATED_ABSENCES.has(`${owner}.${name}`),
    isList: max === '*',
    type,
    ...(valueSet === undefined ? {} : { codes: codesOf(valueSet) }),
    ...(choice === undefined ? {} : { choice }),
  };
}

function codesOf(valueSet: string): ReadonlySet<string> {
  if (valueSets.size === 0)
    for (const [name, codes] of Object.entries(codesSchema.parse(JSON.parse(r4Codes)))) valueSets.set(name, new Set(codes.split(' ')));
  const codes = valueSets.get(valueSet);
  if (codes === undefined) throw new Error(`the table of R4 has no value set ${valueSet}`);
  return codes;
}
