import { isObject, type JsonObject, textOf } from '@lianyi/documents/json-object';
import { OWN } from '@lianyi/documents/consent';
import { type MspId } from '@lianyi/domain';
import { resourcesIn, urnOf } from './document-resources';

const LOINC = 'http://loinc.org';
const ABSENT = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] };
/** What a summary has sections for, and in which order; the first three an IPS must have. */
const SECTIONS = [
  { title: 'Active Problems', code: '11450-4', types: ['Condition'], isRequired: true },
  { title: 'Allergies and Intolerances', code: '48765-2', types: ['AllergyIntolerance'], isRequired: true },
  { title: 'Medication', code: '10160-0', types: ['MedicationStatement', 'MedicationRequest'], isRequired: true },
  { title: 'Immunizations', code: '11369-6', types: ['Immunization'], isRequired: false },
  { title: 'Procedures', code: '47519-4', types: ['Procedure'], isRequired: false },
  { title: 'Results', code: '30954-2', types: ['DiagnosticReport', 'Observation'], isRequired: false },
] as const;

/** A document that was opened. */
export interface OpenedSource {
  readonly recordId: string;
  readonly resource: JsonObject;
}
type Item = { readonly fullUrl: string; readonly resource: JsonObject };

/**
 * An International Patient Summary out of documents that were opened: their entries as they are, but for whose they are.
 *
 * What nobody let who asks read is not in it, so an empty section says that nothing is available and never that there is nothing.
 * @remarks Source: HL7 IPS 1.1, Composition-uv-ips; https://hl7.org/fhir/uv/ips/ipsGeneration.html.
 */
export function patientSummaryOf(
  sources: readonly OpenedSource[],
  { patient, mspId, now }: { readonly patient: JsonObject; readonly mspId: MspId; readonly now: Date },
): JsonObject {
  const subject: Item = { fullUrl: urnOf(`patient/${textOf(patient['id'])}`), resource: described(patient, sources) };
  const ofSection = SECTIONS.map((section) => ({
    section,
    items: sources.flatMap((source) => itemsOfSource(source, section.types, subject.fullUrl)),
  }));
  const composition: JsonObject = {
    resourceType: 'Composition',
    status: 'final',
    type: { coding: [{ system: LOINC, code: '60591-5' }] },
    subject: { reference: subject.fullUrl },
    date: now.toISOString(),
    author: [{ identifier: { system: OWN.msp, value: mspId } }],
    title: 'Patient Summary',
    section: ofSection
      .filter(({ section, items }) => section.isRequired || items.length > 0)
      .map(({ section, items }) => sectionOf(section, items)),
  };
  const items = ofSection.flatMap((each) => each.items);
  const head: Item = { fullUrl: urnOf(`summary/${subject.fullUrl}/${now.toISOString()}`), resource: composition };
  return {
    resourceType: 'Bundle',
    identifier: { system: 'urn:ietf:rfc:3986', value: head.fullUrl },
    type: 'document',
    timestamp: now.toISOString(),
    entry: [head, subject, ...items],
  };
}

function itemsOfSource({ recordId, resource }: OpenedSource, types: readonly string[], subject: string): readonly Item[] {
  return resourcesIn(resource, types).map((found, at) => ({
    fullUrl: urnOf(`${recordId}/${types.join()}/${String(at)}`),
    resource: ofSubject(found, subject),
  }));
}

/** What it is about is the patient of the summary, by whatever name the document has them. */
function ofSubject(resource: JsonObject, reference: string): JsonObject {
  const name = resource['patient'] === undefined ? 'subject' : 'patient';
  return { ...resource, [name]: { reference } };
}

function sectionOf({ title, code }: { readonly title: string; readonly code: string }, items: readonly Item[]): JsonObject {
  const coded = { title, code: { coding: [{ system: LOINC, code }] }, text: textOfSection(title, items.length) };
  const unavailable = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason', code: 'unavailable' }] };
  return items.length === 0
    ? { ...coded, emptyReason: unavailable }
    : { ...coded, entry: items.map(({ fullUrl }) => ({ reference: fullUrl })) };
}

/** What IPS has a person read of a section: how much is in it, since what it says is in the documents and not put into words here. */
function textOfSection(title: string, count: number): JsonObject {
  const said = count === 0 ? 'nothing that may be shown to who asks' : `${String(count)} from the documents that may be shown to who asks`;
  return { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${title}: ${said}</div>` };
}

/** Name, sex and birth as the newest document that has the patient says them; the house itself has none. */
function described(patient: JsonObject, sources: readonly OpenedSource[]): JsonObject {
  const [said] = sources.flatMap(({ resource }) => resourcesIn(resource, ['Patient']));
  const { name, gender, birthDate } = isObject(said) ? said : {};
  return {
    ...patient,
    name: name ?? [{ text: 'unknown', ...ABSENT }],
    ...(gender === undefined ? {} : { gender }),
    ...(birthDate === undefined ? { _birthDate: ABSENT } : { birthDate }),
  };
}
