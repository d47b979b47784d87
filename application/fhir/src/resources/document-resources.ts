import { createHash } from 'node:crypto';
import { isObject, itemsOf, type JsonObject, textOf } from '@lianyi/documents/json-object';

/** A name of a document inside of an answer: its own ids are other people's, and may be the same twice. */
export function urnOf(recordId: string): string {
  const hex = createHash('sha256').update(`lianyi/document/${recordId}`).digest('hex');
  // RFC 9562 §5.8: version 8, of the maker's own making
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The resources of some types in a document: itself, or the entries of a Bundle. */
export function resourcesIn(document: JsonObject, types: readonly string[]): readonly JsonObject[] {
  const entries = document['resourceType'] === 'Bundle' ? itemsOf(document['entry']).filter(isObject) : [{ resource: document }];
  return entries
    .map(({ resource }) => resource)
    .filter((resource) => isObject(resource))
    .filter((resource) => types.includes(textOf(resource['resourceType'])));
}
