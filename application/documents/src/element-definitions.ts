import { z } from 'zod';
import { r4Elements } from './r4-elements';

/** What FHIR R4 says of one element of a type. */
export type ElementDefinition = {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
  /** A primitive, a data type, `Resource`, or the path of an element that has elements of its own. */
  readonly type: string;
  /** `value` for `valueQuantity`: at most one element of a choice may be there. */
  readonly choice?: string;
};
/** The elements of one type; choices of which one must be there. */
export type TypeDefinition = { readonly elements: ReadonlyMap<string, ElementDefinition>; readonly requiredChoices: readonly string[] };

const tableSchema = z.record(z.string(), z.record(z.string(), z.string()));
const CHOICE = '[x]';

/**
 * Mandatory elements whose absence is let pass, with the reason. A narrative without its text says no less than the elements do, and
 * sources of published guides leave the text to be generated.
 */
const TOLERATED_ABSENCES: ReadonlySet<string> = new Set(['Narrative.div']);

let table: z.output<typeof tableSchema> | undefined;
const known = new Map<string, TypeDefinition>();

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
  const [min, max, type = '', choice] = row.split(' ');
  return {
    name,
    isRequired: min !== '0' && !TOLERATED_ABSENCES.has(`${owner}.${name}`),
    isList: max === '*',
    type,
    ...(choice === undefined ? {} : { choice }),
  };
}
