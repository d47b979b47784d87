import { isObject, isResource, placedResources, type JsonObject, type Resource } from '@lianyi/documents/json-object';
import { type Fact, type FactKind, type GraphSource, type Named, type SourcePlace } from './fact';
import { codesOf, firstMoment, identifiersOf, labelOf, objectsOf, stringOf, textsOf, valueOf } from './reading';

type CodeMap = ReadonlyMap<string, string>;

/** What each type of resource is told as, and where it says what it is about, when, and by whom. */
interface Reading {
  readonly kind: FactKind;
  readonly code: readonly string[];
  readonly times: readonly string[];
  readonly status: readonly string[];
  readonly people: readonly string[];
}
const readings: Readonly<Record<string, Reading>> = {
  Condition: {
    kind: 'problem',
    code: ['code'],
    times: ['onsetDateTime', 'onsetPeriod', 'recordedDate'],
    status: ['verificationStatus', 'clinicalStatus'],
    people: ['asserter', 'recorder'],
  },
  AllergyIntolerance: {
    kind: 'allergy',
    code: ['code'],
    times: ['onsetDateTime', 'recordedDate'],
    status: ['verificationStatus', 'clinicalStatus'],
    people: ['asserter', 'recorder'],
  },
  Observation: {
    kind: 'result',
    code: ['code'],
    times: ['effectiveDateTime', 'effectiveInstant', 'effectivePeriod', 'issued'],
    status: ['status'],
    people: ['performer'],
  },
  DiagnosticReport: {
    kind: 'report',
    code: ['code'],
    times: ['effectiveDateTime', 'effectivePeriod', 'issued'],
    status: ['status'],
    people: ['performer', 'resultsInterpreter'],
  },
  ImagingStudy: { kind: 'imaging', code: ['procedureCode', 'modality'], times: ['started'], status: ['status'], people: ['interpreter'] },
  MedicationRequest: {
    kind: 'medicine',
    code: ['medicationCodeableConcept', 'medicationReference'],
    times: ['authoredOn'],
    status: ['status'],
    people: ['requester'],
  },
  MedicationStatement: {
    kind: 'medicine',
    code: ['medicationCodeableConcept', 'medicationReference'],
    times: ['effectiveDateTime', 'effectivePeriod', 'dateAsserted'],
    status: ['status'],
    people: ['informationSource'],
  },
  MedicationDispense: {
    kind: 'medicine',
    code: ['medicationCodeableConcept', 'medicationReference'],
    times: ['whenHandedOver', 'whenPrepared'],
    status: ['status'],
    people: [],
  },
  MedicationAdministration: {
    kind: 'medicine',
    code: ['medicationCodeableConcept', 'medicationReference'],
    times: ['effectiveDateTime', 'effectivePeriod'],
    status: ['status'],
    people: [],
  },
  Immunization: { kind: 'immunization', code: ['vaccineCode'], times: ['occurrenceDateTime'], status: ['status'], people: [] },
  Procedure: { kind: 'procedure', code: ['code'], times: ['performedDateTime', 'performedPeriod'], status: ['status'], people: [] },
  Encounter: { kind: 'encounter', code: ['type', 'class'], times: ['period'], status: ['status'], people: [] },
};

/** The resources of one document by how others of it name them. */
class Document {
  readonly #byReference = new Map<string, { readonly path: string; readonly resource: JsonObject }>();
  readonly placed: readonly { readonly path: string; readonly resource: Resource }[];

  constructor(readonly source: GraphSource) {
    this.placed = [...placesIn(source.resource, '')];
    for (const { path, resource } of this.placed) {
      const id = stringOf(resource['id']);
      if (id !== '')
        this.#byReference.set(path.includes('contained[') ? `${outerOf(path)}#${id}` : `${resource.resourceType}/${id}`, {
          path,
          resource,
        });
    }
    for (const [at, entry] of objectsOf(source.resource['entry']).entries()) {
      const { fullUrl, resource } = entry;
      if (isObject(resource)) this.#byReference.set(stringOf(fullUrl), { path: `entry[${at}].resource`, resource });
    }
  }

  /** What a Reference leads to inside of the document. */
  find(reference: JsonObject, from: string): { readonly path: string; readonly resource: JsonObject } | undefined {
    const text = stringOf(reference['reference']);
    if (text === '') return undefined;
    if (text.startsWith('#'))
      return this.#byReference.get(`${from.includes('.contained[') || from.startsWith('contained[') ? outerOf(from) : from}${text}`);
    return this.#byReference.get(text) ?? this.#byReference.get(text.split('/').slice(-2).join('/'));
  }

  /** The paths of what references lead to. */
  paths(value: JsonObject[string] | undefined, from: string): readonly string[] {
    return objectsOf(value).flatMap((reference) => this.find(reference, from)?.path ?? []);
  }
}

function* placesIn(resource: Resource, path: string): Generator<{ readonly path: string; readonly resource: Resource }, void, undefined> {
  yield { path, resource };
  for (const { value, path: below } of placedResources(resource)) {
    if (isResource(value)) yield* placesIn(value, path === '' ? below : `${path}.${below}`);
  }
}

/** The path of the resource that contains another. */
function outerOf(path: string): string {
  return path.replace(/\.?contained\[\d+\]$/, '');
}

/** What one document says, in its order. @param codeMap - a code as `system|code` to the one that means the same */
export function factsIn(source: GraphSource, codeMap: CodeMap): readonly Fact[] {
  const document = new Document(source);
  return document.placed.flatMap(({ path, resource }) => {
    const reading = readings[resource.resourceType];
    // who does not know a modifier must not go on as if it were not there (R4 extensibility.html)
    if (reading === undefined || resource['modifierExtension'] !== undefined) return [];
    const fact = factOf(document, { path, resource }, { ...reading, codeMap });
    return [fact, ...partsOf(fact, resource, codeMap)];
  });
}

function factOf(
  document: Document,
  { path, resource }: { readonly path: string; readonly resource: Resource },
  { kind, code, times, status, people, codeMap }: Reading & { readonly codeMap: CodeMap },
): Fact {
  const [concept] = code.map((name) => conceptOf(document, resource[name], path)).filter((found) => found !== undefined);
  const [encounter] = document.paths(resource['encounter'], path);
  return {
    kind,
    type: resource.resourceType,
    codes: codesOf(concept, codeMap),
    label: labelOf(concept),
    status: [...status.map((name) => statusOf(resource[name])), resource['doNotPerform'] === true ? 'not-done' : '']
      .filter((said) => said !== '')
      .join(' '),
    time: firstMoment(resource, times),
    value: valueOf(resource, codeMap),
    identifiers: [...identifiersOf(resource['identifier']), ...studyOf(resource)],
    specimen: specimenOf(document, resource, path),
    categories: resource.resourceType === 'AllergyIntolerance' ? textsOf(resource['category']) : [],
    place: placeOf(document.source, path),
    people: people.flatMap((name) => objectsOf(resource[name]).flatMap((reference) => namedBy(document, reference, path))),
    during: encounter,
    members: [...document.paths(resource['result'], path), ...document.paths(resource['hasMember'], path)],
    reasons: document.paths(resource['reasonReference'], path),
  };
}

function placeOf({ recordId, version, custodian, disagreement }: GraphSource, path: string): SourcePlace {
  return { recordId, version, custodian, path, ...(disagreement === undefined ? {} : { disagreement }) };
}

/** A CodeableConcept, or that of a medicine which is referred to. */
function conceptOf(document: Document, value: JsonObject[string] | undefined, from: string): JsonObject[string] | undefined {
  const [first] = objectsOf(value);
  if (first === undefined) return undefined;
  if (stringOf(first['reference']) === '') return value;
  return document.find(first, from)?.resource['code'] ?? { text: stringOf(first['display']) };
}

function statusOf(value: JsonObject[string] | undefined): string {
  if (typeof value === 'string') return value;
  const [coding] = objectsOf(value).flatMap((concept) => objectsOf(concept['coding']));
  return stringOf(coding?.['code']);
}

/** An imaging study has its name in DICOM, wherever it is told of. */
function studyOf(resource: Resource): readonly string[] {
  const uid = resource.resourceType === 'ImagingStudy' ? stringOf(resource['uid']) : '';
  return uid === '' ? [] : [`urn:dicom:uid|${uid}`];
}

function specimenOf(document: Document, resource: Resource, from: string): string {
  const [reference] = objectsOf(resource['specimen']);
  const specimen = reference === undefined ? undefined : document.find(reference, from)?.resource;
  return labelOf(specimen?.['type']);
}

function namedBy(document: Document, reference: JsonObject, from: string): readonly Named[] {
  const person = document.find(reference, from)?.resource;
  const type = stringOf(person?.['resourceType']) || (stringOf(reference['reference']).split('/').at(-2) ?? '');
  if (type === 'Patient') return [];
  const identifiers = [...identifiersOf(person?.['identifier']), ...identifiersOf(reference['identifier'])];
  const name = stringOf(reference['display']) || nameOf(person);
  return name === '' && identifiers.length === 0 ? [] : [{ name: name === '' ? (identifiers[0] ?? '') : name, identifiers }];
}

function nameOf(person: JsonObject | undefined): string {
  const name = person?.['name'];
  if (typeof name === 'string') return name;
  const [first] = objectsOf(name);
  if (first === undefined) return '';
  const given = Array.isArray(first['given']) ? first['given'].map(stringOf) : [];
  return stringOf(first['text']) || [stringOf(first['family']), ...given].filter((part) => part !== '').join(' ');
}

/** The components of an Observation are results of their own, for example both pressures of the blood. */
function partsOf(whole: Fact, resource: Resource, codeMap: CodeMap): readonly Fact[] {
  if (whole.kind !== 'result') return [];
  return objectsOf(resource['component']).map((component, at) => ({
    ...whole,
    ...{ codes: codesOf(component['code'], codeMap), label: labelOf(component['code']), value: valueOf(component, codeMap) },
    place: { ...whole.place, path: `${whole.place.path}${whole.place.path === '' ? '' : '.'}component[${at}]` },
    ...{ members: [], reasons: [] },
  }));
}
