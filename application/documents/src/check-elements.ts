import { sha1 } from '@noble/hashes/legacy.js';
import { DomainError, type Json } from '@lianyi/domain';
import { definitionOf, type ElementDefinition, type TypeDefinition } from './element-definitions';
import { isObject, isResource, itemsOf, type JsonObject, type Resource } from './json-object';
import { isPrimitive, primitiveFault } from './primitive-values';

/**
 * Checks a resource, and every resource inside it, against the base definition of its type: which elements there are, how often, of which
 * type, how primitives are spelled, and which codes an element may be whose binding is required. Neither profiles nor codings are looked at.
 *
 * The refusal names the place as FHIRPath has it, never a value.
 * @throws {@link DomainError} `DOCUMENT_NOT_FHIR`
 * @remarks Source: https://hl7.org/fhir/R4/json.html; the StructureDefinitions of R4; attachments: datatypes.html#Attachment.
 */
export function assertElementsFit(resource: Resource): void {
  checkResource(resource, resource.resourceType);
}

function refuse(path: string, rule: string): never {
  throw new DomainError('DOCUMENT_NOT_FHIR', `not a FHIR R4 resource: ${rule}`, { path });
}

function checkResource(resource: Resource, path: string): void {
  const definition = definitionOf(resource.resourceType);
  if (definition === undefined) refuse(path, 'the resourceType is not one of R4');
  checkObject(resource, definition, path);
  const ids = itemsOf(resource['contained']).flatMap((inner) => (isObject(inner) && typeof inner['id'] === 'string' ? [inner['id']] : []));
  if (new Set(ids).size < ids.length) refuse(`${path}.contained`, 'two contained resources have one id');
}

function checkObject(object: JsonObject, definition: TypeDefinition, path: string): void {
  const chosen = new Map<string, string>();
  for (const [name, value] of Object.entries(object)) {
    if (name === 'resourceType') continue;
    const element = definition.elements.get(name.startsWith('_') ? name.slice(1) : name);
    // the name could be a value of the patient's, so only its place is told
    if (element === undefined) refuse(path, 'an element that the type does not have');
    if (element.choice !== undefined) assertOneOfChoice(chosen, element.choice, element.name, path);
    if (name.startsWith('_')) checkExtensionsOf(element, value, path);
    else checkElement(element, value, `${path}.${name}`);
  }
  for (const { name, isRequired } of definition.elements.values()) {
    if (isRequired && object[name] === undefined && object[`_${name}`] === undefined)
      refuse(`${path}.${name}`, 'a mandatory element is missing');
  }
  const missing = definition.requiredChoices.find((choice) => !chosen.has(choice));
  if (missing !== undefined) refuse(`${path}.${missing}[x]`, 'a mandatory element is missing');
}

function assertOneOfChoice(chosen: Map<string, string>, choice: string, name: string, path: string): void {
  if ((chosen.get(choice) ?? name) !== name) refuse(`${path}.${choice}[x]`, 'two elements of one choice');
  chosen.set(choice, name);
}

/** Each item of an element that repeats, or the one of an element that does not. */
function placesOf(isList: boolean, value: Json, path: string): readonly (readonly [Json, string])[] {
  if (!isList) {
    if (Array.isArray(value)) refuse(path, 'a list where one is expected');
    return [[value, path]];
  }
  if (!Array.isArray(value)) refuse(path, 'one where a list is expected');
  return itemsOf(value).map((item, index) => [item, `${path}[${index}]`]);
}

function checkElement(element: ElementDefinition, value: Json, path: string): void {
  const { type, isList, codes } = element;
  for (const [item, place] of placesOf(isList, value, path)) {
    if (isPrimitive(type)) {
      // null keeps the place of a value that has extensions only
      const fault = item === null && isList ? undefined : primitiveFault(type, item);
      if (fault !== undefined) refuse(place, fault);
      if (codes !== undefined && typeof item === 'string' && !codes.has(item)) refuse(place, 'a code that the value set does not have');
    } else if (type === 'Resource') {
      if (!isResource(item)) refuse(place, 'there is no resourceType');
      checkResource(item, place);
    } else {
      checkComplex(type, item, place);
    }
  }
}

function checkComplex(type: string, value: Json, path: string): void {
  const definition = definitionOf(type);
  if (definition === undefined) throw new Error(`the table of R4 has no type ${type}`);
  if (!isObject(value)) refuse(path, 'an object is expected');
  if (value['resourceType'] !== undefined) refuse(path, 'a resource where an element is expected');
  checkObject(value, definition, path);
  if (type === 'Attachment') assertAttachmentFits(value, path);
  if (type === 'Extension') assertExtension(value, path);
}

/** `_birthDate`: id and extensions of a primitive, in a list with null where an item has none. */
function checkExtensionsOf({ type, isList, name }: ElementDefinition, value: Json, path: string): void {
  const place = `${path}.${name}`;
  if (!isPrimitive(type)) refuse(place, 'extensions beside an element that is no primitive');
  const definition = definitionOf('Extension');
  for (const [item, at] of placesOf(isList, value, place)) {
    if (item === null && isList) continue;
    if (!isObject(item)) refuse(at, 'an object is expected');
    const isOther = Object.keys(item).some((key) => key !== 'id' && key !== 'extension');
    if (isOther || definition === undefined) refuse(at, 'an element that the type does not have');
    for (const [extension, index] of itemsOf(item['extension']).map((each, index) => [each, index] as const)) {
      checkComplex('Extension', extension, `${at}.extension[${index}]`);
    }
  }
}

/** ext-1: a value or extensions, not both. */
function assertExtension(extension: JsonObject, path: string): void {
  const hasValue = Object.keys(extension).some((name) => name.startsWith('value') || name.startsWith('_value'));
  if (hasValue === (extension['extension'] !== undefined)) refuse(path, 'an extension has a value or extensions, not both and not neither');
}

/** A size or hash that does not fit the data means that one of them was changed. The hash is SHA-1, as R4 has it. */
function assertAttachmentFits({ data, size, hash }: JsonObject, path: string): void {
  if (typeof data !== 'string' || (size === undefined && hash === undefined)) return;
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  if (size !== undefined && size !== bytes.length) refuse(`${path}.size`, 'not the size of the data');
  if (hash !== undefined && hash !== btoa(String.fromCharCode(...sha1(bytes)))) refuse(`${path}.hash`, 'not the hash of the data');
}
