import { type JsonObject } from '@lianyi/documents/json-object';

/** A text of JSON; empty where there is none. */
export function textOf(value: JsonObject[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}
