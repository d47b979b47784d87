import { type RecordClass } from '@lianyi/domain';
import { isObject, isResource, itemsOf, type Resource } from './json-object';

/** Draws any resource as a tree of its elements; what has no better profile is shown by this one. */
const STRUCTURED = 'structured@1';

/**
 * What a display profile must find in a resource, else its page would have a hole: all of `all`, and one of `oneOf`.
 */
type ProfileNeeds = { readonly profile: string; readonly all: readonly string[]; readonly oneOf: readonly string[] };

const profiles: Partial<Readonly<Record<RecordClass, ProfileNeeds>>> = {
  'laboratory-report': {
    profile: 'laboratory-report@1',
    all: ['code'],
    oneOf: ['result', 'presentedForm', 'conclusion', 'text', 'section'],
  },
  'imaging-report': {
    profile: 'imaging-report@1',
    all: [],
    oneOf: ['conclusion', 'presentedForm', 'series', 'text', 'description', 'media', 'section'],
  },
  'imaging-index': { profile: 'imaging-index@1', all: ['started'], oneOf: ['series'] },
  'clinical-document': { profile: 'clinical-document@1', all: [], oneOf: ['section', 'content', 'text', 'conclusion', 'presentedForm'] },
  'patient-summary': { profile: 'patient-summary@1', all: ['section'], oneOf: ['section'] },
  prescription: { profile: 'prescription@1', all: [], oneOf: ['medicationCodeableConcept', 'medicationReference'] },
  observation: {
    profile: 'observation@1',
    all: ['code'],
    oneOf: ['valueQuantity', 'valueCodeableConcept', 'valueString', 'component', 'text'],
  },
};

/**
 * Names the consortium's display profile a document fits, so that a reader elsewhere shows all of it.
 *
 * A document that lacks what its class's profile shows is not refused: it is shown as a tree, whole.
 */
export function displayProfileOf(resource: Resource, recordClass: RecordClass): string {
  const needs = profiles[recordClass];
  if (needs === undefined) return STRUCTURED;
  const has = (element: string): boolean => leaderOf(resource)[element] !== undefined;
  // a Composition names its kind in `type`, a report in `code`
  const hasAll = needs.all.every((element) => has(element) || (element === 'code' && has('type')));
  return hasAll && needs.oneOf.some(has) ? needs.profile : STRUCTURED;
}

/** The resource a reader looks at first: a document Bundle's Composition, a collection's report, else the resource itself. */
function leaderOf(resource: Resource): Resource {
  const inside = itemsOf(resource['entry'])
    .filter(isObject)
    .map((entry) => entry['resource'])
    .filter(isResource);
  return inside.find(({ resourceType }) => ['Composition', 'DiagnosticReport', 'DocumentReference'].includes(resourceType)) ?? resource;
}
