import { type Json } from '@lianyi/domain';

/** A JSON object as it was parsed; nothing is known of its members. */
export type JsonObject = { readonly [key: string]: Json };

/** A FHIR resource after its structure was checked. */
export type Resource = JsonObject & { readonly resourceType: string };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isResource(value: Json | undefined): value is Resource {
  return isObject(value) && typeof value['resourceType'] === 'string';
}

/** The value as a list: its items, itself, or nothing. FHIR repeats elements in one version that another has once. */
export function itemsOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  // Array.isArray narrows a union with a readonly array to any[]
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

/** A code with the system that defines it. */
export type Coding = { readonly system: string; readonly code: string };

/** Every coding of an element that is a Coding or CodeableConcept, once or repeated. */
export function codingsOf(value: Json | undefined): Coding[] {
  return itemsOf(value)
    .filter(isObject)
    .flatMap((item) => ('coding' in item ? itemsOf(item['coding']).filter(isObject) : [item]))
    .flatMap(({ system, code }) => (typeof code === 'string' ? [{ system: typeof system === 'string' ? system : '', code }] : []));
}

/** The resource itself and every resource inside it: contained, and the entries of a Bundle. */
export function* resourcesWithin(resource: Resource): Generator<Resource, void, undefined> {
  yield resource;
  for (const inner of innerResources(resource)) {
    if (isResource(inner)) yield* resourcesWithin(inner);
  }
}

/** What stands at the places where FHIR R4 allows a resource inside another. */
export function innerResources(resource: JsonObject): Json[] {
  const entries = itemsOf(resource['entry']).filter(isObject);
  const outcomes = entries.map((entry) => entry['response']).filter(isObject);
  return [
    ...itemsOf(resource['contained']),
    ...entries.flatMap((entry) => itemsOf(entry['resource'])),
    ...outcomes.flatMap((response) => itemsOf(response['outcome'])),
    ...(resource['resourceType'] === 'Parameters' ? parameterResources(resource['parameter']) : []),
  ];
}

function parameterResources(parameters: Json | undefined): Json[] {
  return itemsOf(parameters)
    .filter(isObject)
    .flatMap((parameter) => [...itemsOf(parameter['resource']), ...parameterResources(parameter['part'])]);
}
