import { type Json } from '@lianyi/domain';
import { type CodeFamily, isOfFamily } from './code-systems';
import { codingsOf, isObject, itemsOf, objectsOf, type Resource } from './json-object';
import { type Placed, type WithinDocument } from './within-document';

/** Where a document does not fit a profile, and what is missing there. Neither holds a value of the document's. */
export type ProfileFault = { readonly path: string; readonly rule: string };
/** A document, and the resource in it that a reader looks at first. */
export type Profiled = { readonly within: WithinDocument; readonly leader: Placed };
/** What a profile asks; undefined: it is there. */
export type Rule = (document: Profiled) => ProfileFault | undefined;

/** At least one of these elements of the leader. */
export function oneOf(...elements: readonly string[]): Rule {
  return ({ leader: { resource, path } }) =>
    elements.some((element) => resource[element] !== undefined)
      ? undefined
      : { path: only(elements, path), rule: elements.length === 1 ? 'missing' : `one of ${elements.join(', ')} is missing` };
}

/** Rules by the leader's type; of other types, those that stand last. */
export function byType(rules: Readonly<Record<string, readonly Rule[]>>, ofOthers: readonly Rule[]): Rule {
  return (document) => {
    for (const rule of new Map(Object.entries(rules)).get(document.leader.resource.resourceType) ?? ofOthers) {
      const misfit = rule(document);
      if (misfit !== undefined) return misfit;
    }
    return undefined;
  };
}

/** The leader has an element that names something. */
export function named(element: string): Rule {
  return ({ leader: { resource, path } }) => (isNamed(resource[element]) ? undefined : { path: `${path}.${element}`, rule: 'no name' });
}

function only(elements: readonly string[], path: string): string {
  const [first] = elements;
  return elements.length === 1 && first !== undefined ? `${path}.${first}` : path;
}

/** The leader says of what kind it is, by a code of one of these systems: a Composition and a DocumentReference in `type`, others in `code`. */
export function kindCodedIn(...families: readonly CodeFamily[]): Rule {
  return ({ leader: { resource, path } }) => {
    const element = ['Composition', 'DocumentReference'].includes(resource.resourceType) ? 'type' : 'code';
    return codedIn(resource[element], families) ? undefined : { path: `${path}.${element}`, rule: `no code of ${families.join(' or ')}` };
  };
}

function codedIn(value: Json | undefined, families: readonly CodeFamily[]): boolean {
  return codingsOf(value).some(({ system }) => families.some((family) => isOfFamily(system, family)));
}

/** Each result is in the document, has a name, and a value with its unit. */
export const resultsAreWhole: Rule = ({ within, leader }) => {
  for (const report of reportsOf(within, leader)) {
    for (const [at, reference] of itemsOf(report.resource['result']).entries()) {
      const result = within.find(reference, report.resource);
      if (result === undefined) return { path: `${report.path}.result[${at}]`, rule: 'the result is not in the document' };
      const misfit = valueIsWhole(result);
      if (misfit !== undefined) return misfit;
    }
  }
  return undefined;
};

/** The leader if it is a report, else the reports of the document. */
function reportsOf({ all }: WithinDocument, leader: Placed): readonly Placed[] {
  if (leader.resource.resourceType === 'DiagnosticReport') return [leader];
  return all.filter(({ resource }) => resource.resourceType === 'DiagnosticReport');
}

/** An observation has a name and something to show, and a number its unit. */
function valueIsWhole({ resource, path }: Placed): ProfileFault | undefined {
  if (resource.resourceType !== 'Observation') return { path, rule: 'not an Observation' };
  if (!isNamed(resource['code'])) return { path: `${path}.code`, rule: 'no name' };
  for (const part of [{ value: resource, at: path }, ...componentsOf(resource, path)]) {
    const quantity = part.value['valueQuantity'];
    if (isObject(quantity) && quantity['value'] !== undefined && quantity['unit'] === undefined && quantity['code'] === undefined)
      return { path: `${part.at}.valueQuantity`, rule: 'a number without unit' };
  }
  const hasValue = Object.keys(resource).some((name) =>
    /^(?:value[A-Z]|component$|hasMember$|dataAbsentReason$|interpretation$)/.test(name),
  );
  return hasValue ? undefined : { path, rule: 'no value, and no reason for its absence' };
}

function componentsOf(
  resource: Resource,
  path: string,
): readonly { readonly value: { readonly [key: string]: Json }; readonly at: string }[] {
  return itemsOf(resource['component']).flatMap((value, at) => (isObject(value) ? [{ value, at: `${path}.component[${at}]` }] : []));
}

/** A concept of which a reader can be told a name. */
function isNamed(concept: Json | undefined): boolean {
  if (!isObject(concept)) return false;
  return concept['text'] !== undefined || itemsOf(concept['coding']).some((coding) => isObject(coding) && coding['display'] !== undefined);
}

/** The leader, an observation, is whole. */
export const valueOfLeader: Rule = ({ leader }) => valueIsWhole(leader);

/** The report says what it comes to: an imaging report that a reader elsewhere has to interpret anew is no report. */
export const hasConclusion: Rule = ({ within, leader }) => {
  const isSaid = within.all.some(({ resource }) => resource['conclusion'] !== undefined || resource['conclusionCode'] !== undefined);
  const sections = objectsOf(leader.resource['section']);
  const isSection = sections.some(({ code }) => codingsOf(code).some((coding) => conclusionSections.has(coding.code)));
  return isSaid || isSection ? undefined : { path: `${leader.path}.conclusion`, rule: 'missing' };
};

/**
 * Sections that say what a document comes to: impression, conclusions, assessment, discharge and admission diagnoses.
 * @remarks Source: LOINC 2.78; the FHIR value set doc-section-codes.
 */
export const conclusionSections: ReadonlySet<string> = new Set(
  '19005-8 55110-1 51848-0 51847-2 11535-2 78375-3 29308-4 22637-3'.split(' '),
);

/** Each section says what it is of, and holds something or says that it holds nothing. */
export const sectionsAreWhole: Rule = ({ leader: { resource, path } }) => wholeSections(resource['section'], path);

function wholeSections(value: Json | undefined, path: string): ProfileFault | undefined {
  for (const [at, section] of itemsOf(value).entries()) {
    if (!isObject(section)) continue;
    const place = `${path}.section[${at}]`;
    if (section['title'] === undefined && !isNamed(section['code'])) return { path: `${place}.title`, rule: 'missing' };
    const holds = ['text', 'entry', 'section', 'emptyReason'].some((element) => section[element] !== undefined);
    if (!holds) return { path: place, rule: 'one of text, entry, section, emptyReason is missing' };
    const inner = wholeSections(section['section'], place);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** A section of each of these LOINC codes. */
export function hasSections(...codes: readonly string[]): Rule {
  return ({ leader: { resource, path } }) => {
    const there = new Set(
      itemsOf(resource['section'])
        .filter(isObject)
        .flatMap(({ code }) => codingsOf(code).map((coding) => coding.code)),
    );
    const missing = codes.find((code) => !there.has(code));
    return missing === undefined ? undefined : { path: `${path}.section`, rule: `no section ${missing}` };
  };
}

/** What is prescribed has a name. */
export const medicationIsNamed: Rule = ({ within, leader: { resource, path } }) => {
  if (isNamed(resource['medicationCodeableConcept'])) return undefined;
  const reference = resource['medicationReference'];
  const medication = within.find(reference, resource);
  const isSaid = (isObject(reference) && reference['display'] !== undefined) || isNamed(medication?.resource['code']);
  return isSaid ? undefined : { path: `${path}.medication[x]`, rule: 'no name' };
};
