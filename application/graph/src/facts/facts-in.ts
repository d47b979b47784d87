import { type Placed, withinDocument, type WithinDocument } from '@lianyi/documents/displaying';
import { type JsonObject, objectsOf, type Resource, textOf } from '@lianyi/documents/json-object';
import { type Fact, type FactKind, type GraphSource, type Named, type SourcePlace } from './fact';
import { codesOf, firstMoment, identifiersOf, labelOf, textsOf, valueOf } from './reading';
import { isDenyingStatus } from './status';

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

/** A document that is read: references are found in it as its page finds them. */
interface Read {
  readonly source: GraphSource;
  readonly within: WithinDocument;
}

/** What a Reference leads to inside of the document: as it stands, or, from another server's address, by type and id. */
function found({ within }: Read, reference: JsonObject, from: Resource): Placed | undefined {
  const text = textOf(reference['reference']);
  return within.find(reference, from) ?? within.find({ reference: text.split('/').slice(-2).join('/') }, from);
}

/** The places of what references lead to. */
function pathsOf(read: Read, value: JsonObject[string] | undefined, from: Resource): readonly string[] {
  return objectsOf(value).flatMap((reference) => {
    const placed = found(read, reference, from);
    return placed === undefined ? [] : [belowRoot(placed, read)];
  });
}

/** A place without the name of the document's own type. */
function belowRoot({ path }: Placed, { within }: Read): string {
  return path.slice(within.root.resourceType.length + 1);
}

/** What one document says, in its order. @param codeMap - a code as `system|code` to the one that means the same */
export function factsIn(source: GraphSource, codeMap: CodeMap): readonly Fact[] {
  const read = { source, within: withinDocument(source.resource) };
  return read.within.all.flatMap((placed) => {
    const { resource } = placed;
    const reading = readings[resource.resourceType];
    // who does not know a modifier must not go on as if it were not there (R4 extensibility.html)
    if (reading === undefined || resource['modifierExtension'] !== undefined) return [];
    const fact = factOf(read, placed, { ...reading, codeMap });
    return [fact, ...partsOf(fact, resource, codeMap)];
  });
}

/** What {@link factsIn} leaves out, since an extension changes what it says: a reader is told that there is something, and where. */
export function unreadIn(source: GraphSource): readonly SourcePlace[] {
  const read = { source, within: withinDocument(source.resource) };
  return read.within.all.flatMap((placed) => {
    const { resource } = placed;
    if (readings[resource.resourceType] === undefined) return [];
    const path = belowRoot(placed, read);
    if (resource['modifierExtension'] !== undefined) return [placeOf(source, path)];
    if (resource.resourceType !== 'Observation') return [];
    return objectsOf(resource['component']).flatMap((component, at) =>
      component['modifierExtension'] === undefined ? [] : [placeOf(source, componentPath(path, at))],
    );
  });
}

function componentPath(whole: string, at: number): string {
  return `${whole}${whole === '' ? '' : '.'}component[${at}]`;
}

function factOf(read: Read, placed: Placed, { kind, code, times, status, people, codeMap }: Reading & { readonly codeMap: CodeMap }): Fact {
  const { resource } = placed;
  const [concept] = code.map((name) => conceptOf(read, resource[name], resource)).filter((found) => found !== undefined);
  const [encounter] = pathsOf(read, resource['encounter'], resource);
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
    identifiers: identifiersOf(resource['identifier']),
    specimen: specimenOf(read, resource),
    categories: resource.resourceType === 'AllergyIntolerance' ? textsOf(resource['category']) : [],
    place: placeOf(read.source, belowRoot(placed, read)),
    people: people.flatMap((name) => objectsOf(resource[name]).flatMap((reference) => namedBy(read, reference, resource))),
    during: encounter,
    members: [...pathsOf(read, resource['result'], resource), ...pathsOf(read, resource['hasMember'], resource)],
    reasons: pathsOf(read, resource['reasonReference'], resource),
  };
}

function placeOf({ recordId, version, custodian, disagreement }: GraphSource, path: string): SourcePlace {
  return { recordId, version, custodian, path, ...(disagreement === undefined ? {} : { disagreement }) };
}

/** A CodeableConcept, or that of a medicine which is referred to. */
function conceptOf(read: Read, value: JsonObject[string] | undefined, from: Resource): JsonObject[string] | undefined {
  const [first] = objectsOf(value);
  if (first === undefined) return undefined;
  if (textOf(first['reference']) === '') return value;
  return found(read, first, from)?.resource['code'] ?? { text: textOf(first['display']) };
}

/** HL7's code systems of how sure a condition or an allergy is, and whether it is there now. */
const STATUS_SYSTEM =
  /^http:\/\/(?:terminology\.hl7\.org\/CodeSystem|hl7\.org\/fhir)\/(?:condition|allergyintolerance)-(?:ver-status|clinical|verification)$/;

function statusOf(value: JsonObject[string] | undefined): string {
  if (typeof value === 'string') return value;
  const codings = objectsOf(value).flatMap((concept) => objectsOf(concept['coding']));
  // beside the standard's code a hospital's own may stand, in any order
  const known = codings.filter(({ system, code }) => STATUS_SYSTEM.test(textOf(system)) && textOf(code) !== '');
  // where several of the standard's stand, any denial counts
  const coding = known.find(({ code }) => isDenyingStatus(textOf(code))) ?? known[0] ?? codings[0];
  return textOf(coding?.['code']);
}

function specimenOf(read: Read, resource: Resource): string {
  const [reference] = objectsOf(resource['specimen']);
  const specimen = reference === undefined ? undefined : found(read, reference, resource)?.resource;
  return labelOf(specimen?.['type']);
}

function namedBy(read: Read, reference: JsonObject, from: Resource): readonly Named[] {
  const person = found(read, reference, from)?.resource;
  const type = person?.resourceType ?? textOf(reference['reference']).split('/').at(-2);
  if (type === 'Patient') return [];
  const identifiers = [...identifiersOf(person?.['identifier']), ...identifiersOf(reference['identifier'])];
  const name = textOf(reference['display']) || nameOf(person);
  return name === '' && identifiers.length === 0 ? [] : [{ name: name === '' ? (identifiers[0] ?? '') : name, identifiers }];
}

function nameOf(person: JsonObject | undefined): string {
  const name = person?.['name'];
  if (typeof name === 'string') return name;
  const [first] = objectsOf(name);
  if (first === undefined) return '';
  const given = Array.isArray(first['given']) ? first['given'].map(textOf) : [];
  return textOf(first['text']) || [textOf(first['family']), ...given].filter((part) => part !== '').join(' ');
}

/** The components of an Observation are results of their own, for example both pressures of the blood. */
function partsOf(whole: Fact, resource: Resource, codeMap: CodeMap): readonly Fact[] {
  if (whole.kind !== 'result') return [];
  return objectsOf(resource['component']).flatMap((component, at) =>
    component['modifierExtension'] !== undefined
      ? []
      : [
          {
            ...whole,
            ...{ codes: codesOf(component['code'], codeMap), label: labelOf(component['code']), value: valueOf(component, codeMap) },
            place: { ...whole.place, path: componentPath(whole.place.path, at) },
            ...{ members: [], reasons: [] },
          },
        ],
  );
}
