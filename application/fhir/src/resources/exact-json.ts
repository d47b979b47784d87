import { type JsonObject } from '@lianyi/documents/json-object';

/** What Node 24 has and its types have not: the spelling of a number, kept from reading to writing. */
interface ExactJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown;
  stringify(value: unknown): string;
  rawJSON(text: string): unknown;
}
// https://tc39.es/proposal-json-parse-with-source, in V8 since 11.4
const exact = JSON as unknown as ExactJson;

/**
 * Reads JSON that a strict reader has accepted so that {@link exactText} writes its numbers as they were: `1.50` stays `1.50`.
 *
 * @remarks Source: https://hl7.org/fhir/R4/json.html#primitive (decimal: the precision is part of the value).
 */
export function exactJson(text: string): JsonObject {
  const parsed = exact.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? exact.rawJSON(source) : value,
  );
  return parsed as JsonObject; // its numbers are objects that only JSON.stringify looks into
}

export function exactText(value: JsonObject): string {
  return exact.stringify(value);
}
