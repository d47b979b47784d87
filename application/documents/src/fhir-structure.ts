import { DomainError, type Json } from '@lianyi/domain';
import { assertElementsFit } from './check-elements';
import { bundleTypes, resourceTypes } from './fhir-r4';
import { isObject, isResource, itemsOf, type JsonObject, placedResources, type Resource } from './json-object';

const ID_RULE = /^[A-Za-z0-9\-.]{1,64}$/;
const ELEMENT_RULE = /^_?[a-z][A-Za-z0-9]{0,63}$/;

/**
 * Checks that a JSON value is a FHIR R4 resource, as far as that can be told without the profiles.
 *
 * Known type, the JSON form of elements, what the type's base definition says of them, and the same for every resource inside. The
 * refusal names the place and the rule, never a value.
 * @throws {@link DomainError} `DOCUMENT_NOT_FHIR`
 * @remarks Source: https://hl7.org/fhir/R4/json.html, resource.html (id), domainresource.html (dom-2), bundle.html (bdl-11).
 */
export function assertFhirResource(value: Json): asserts value is Resource {
  assertResource(value, '$', false);
  assertElementsFit(value);
}

function notFhir(path: string, rule: string): DomainError {
  return new DomainError('DOCUMENT_NOT_FHIR', `not a FHIR R4 resource: ${rule}`, { path });
}

function assertResource(value: Json, path: string, isContained: boolean): asserts value is Resource {
  if (!isResource(value)) throw notFhir(path, 'there is no resourceType');
  if (!resourceTypes.has(value.resourceType)) throw notFhir(path, 'the resourceType is not one of R4');
  assertIdentity(value, path);
  if (value.resourceType === 'Bundle') assertBundle(value, path);
  if (isContained && value['contained'] !== undefined) throw notFhir(`${path}.contained`, 'a contained resource contains another');
  assertElements(value, path);
  for (const inner of placedResources(value)) assertResource(inner.value, `${path}.${inner.path}`, inner.isContained);
}

function assertIdentity(resource: Resource, path: string): void {
  const { id, meta } = resource;
  if (id !== undefined && (typeof id !== 'string' || !ID_RULE.test(id))) throw notFhir(`${path}.id`, 'the id has not its form');
  if (meta !== undefined && !isObject(meta)) throw notFhir(`${path}.meta`, 'meta is not an object');
}

function assertBundle(bundle: Resource, path: string): void {
  const { type, entry } = bundle;
  if (typeof type !== 'string' || !bundleTypes.has(type)) throw notFhir(`${path}.type`, 'not a type of Bundle');
  if (entry !== undefined && !Array.isArray(entry)) throw notFhir(`${path}.entry`, 'entry is not a list');
  const first = itemsOf(entry)[0];
  const leader = isObject(first) ? first['resource'] : undefined;
  if (type === 'document' && !(isResource(leader) && leader.resourceType === 'Composition')) {
    throw notFhir(`${path}.entry[0]`, 'a document begins with its Composition');
  }
}

/** The form of elements: known shape of names, nothing empty, null only to keep places in a list. */
function assertElements(object: JsonObject, path: string): void {
  const members = Object.entries(object);
  if (members.length === 0) throw notFhir(path, 'an empty object');
  for (const [name, value] of members) {
    // the name itself could be a value of the patient's, so only its place is told
    if (!ELEMENT_RULE.test(name)) throw notFhir(path, 'a member that no element of FHIR could be called');
    assertElement(value, `${path}.${name}`, false);
  }
}

function assertElement(value: Json, path: string, isInList: boolean): void {
  if (value === null && !isInList) throw notFhir(path, 'null outside a list');
  if (value === '') throw notFhir(path, 'an empty text');
  if (Array.isArray(value)) {
    const items = itemsOf(value);
    if (isInList) throw notFhir(path, 'a list in a list');
    if (items.length === 0) throw notFhir(path, 'an empty list');
    items.forEach((item, index) => {
      assertElement(item, `${path}[${index}]`, true);
    });
  } else if (isObject(value)) {
    assertElements(value, path);
  }
}
