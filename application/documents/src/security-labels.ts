import { type Json } from '@lianyi/domain';
import { type Coding, isObject, isResource, itemsOf, type JsonObject, type Resource } from './json-object';

/** One security label as it stands in a document; what is missing is empty. A label that says nothing but in words has no code. */
export type SecurityLabel = Coding;

/** Labels of single elements: HL7 DS4P, extension-inline-sec-label. */
const INLINE_LABEL = /\/(?:extension-)?inline-sec-label$/;

/** The labels that a resource carries for itself, not those of resources inside it. */
export function ownLabelsOf(resource: Resource): readonly SecurityLabel[] {
  const { meta } = resource;
  // FHIR R4: a Composition's confidentiality is a bare code of v3-Confidentiality
  const isBare = resource['confidentiality'] !== undefined || resource['_confidentiality'] !== undefined;
  const bare = isBare && resource.resourceType === 'Composition' ? [bareLabel(resource['confidentiality'])] : [];
  return [...(isObject(meta) ? labelsAt(meta['security']) : []), ...bare, ...labelsWithin(resource, resource.resourceType)];
}

function bareLabel(code: Json | undefined): SecurityLabel {
  return { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: typeof code === 'string' ? code : '' };
}

/** Labels at any depth of a resource: `securityLabel` and inline labels. A Consent's are criteria of what it permits, not labels of it. */
function labelsWithin(object: JsonObject, type: string): readonly SecurityLabel[] {
  return Object.entries(object).flatMap(([name, value]) => {
    if (name === 'securityLabel' && type !== 'Consent') return labelsAt(value);
    if (name === 'extension' || name === 'modifierExtension') return itemsOf(value).filter(isObject).flatMap(inlineLabelsOf);
    return itemsOf(value)
      .filter(isObject)
      .filter((inner) => !isResource(inner))
      .flatMap((inner) => labelsWithin(inner, type));
  });
}

function inlineLabelsOf(extension: JsonObject): readonly SecurityLabel[] {
  const { url } = extension;
  if (typeof url === 'string' && INLINE_LABEL.test(url))
    return labelsAt(extension['valueCoding'] ?? extension['valueCodeableConcept'] ?? {});
  return itemsOf(extension['extension']).filter(isObject).flatMap(inlineLabelsOf);
}

/** The labels of a place that holds nothing else: each Coding, the codings of each concept, or of a Contract's label its parts. */
function labelsAt(place: Json | undefined): readonly SecurityLabel[] {
  return itemsOf(place).flatMap((item) => {
    if (!isObject(item)) return [unreadable];
    const parts = [item['coding'], item['classification'], item['category'], item['control']].filter((part) => part !== undefined);
    if (parts.length > 0) return parts.flatMap(labelsAt);
    const { system, code } = item;
    return [{ system: typeof system === 'string' ? system : '', code: typeof code === 'string' ? code : '' }];
  });
}

const unreadable: SecurityLabel = { system: '', code: '' };
