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

/** The items of it that are objects. */
export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return itemsOf(value).filter(isObject);
}

/** The value if it is a text; empty where it is none. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
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
  for (const { value } of placedResources(resource)) {
    if (isResource(value)) yield* resourcesWithin(value);
  }
}

/** A value at a place where FHIR R4 allows a resource, and that place as FHIRPath has it. */
export interface InnerResource {
  readonly value: Json;
  /** Below the outer resource, for example `entry[1].resource`. */
  readonly path: string;
  readonly isContained: boolean;
}

/** What stands at the places where FHIR R4 allows a resource inside another, with those places. */
export function placedResources(resource: JsonObject): InnerResource[] {
  const contained = itemsOf(resource['contained']).map((value, at) => ({ value, path: `contained[${at}]`, isContained: true }));
  const entries = itemsOf(resource['entry']).flatMap((entry, at) => (isObject(entry) ? entryResources(entry, `entry[${at}]`) : []));
  const parameters = resource['resourceType'] === 'Parameters' ? parameterResources(resource['parameter'], 'parameter') : [];
  return [...contained, ...entries, ...parameters];
}

function entryResources(entry: JsonObject, path: string): InnerResource[] {
  const response = entry['response'];
  const outcome = isObject(response) ? valuesAt(response['outcome'], `${path}.response.outcome`) : [];
  return [...valuesAt(entry['resource'], `${path}.resource`), ...outcome];
}

function parameterResources(parameters: Json | undefined, path: string): InnerResource[] {
  return itemsOf(parameters).flatMap((parameter, at) =>
    isObject(parameter)
      ? [...valuesAt(parameter['resource'], `${path}[${at}].resource`), ...parameterResources(parameter['part'], `${path}[${at}].part`)]
      : [],
  );
}

/** One value has the place itself; a list, which FHIR does not allow there, is looked into all the same. */
function valuesAt(value: Json | undefined, path: string): InnerResource[] {
  const isList = Array.isArray(value);
  return itemsOf(value).map((item, at) => ({ value: item, path: isList ? `${path}[${at}]` : path, isContained: false }));
}
