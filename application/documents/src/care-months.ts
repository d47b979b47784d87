import { type Json, type Months, monthsSchema } from '@lianyi/domain';
import { isObject, type Resource, resourcesWithin } from './json-object';
import { assertFhirResource } from './fhir-structure';
import { MAX_DOCUMENT_BYTES, parseDocument } from './parse-document';
import { type TimeTold, timesTold } from './times-told';

/**
 * What tells of care, and by which elements when; of each at least one has to be there. What stands neither here nor among {@link PAPERS} is not
 * understood, and nobody knows of which time it tells.
 */
const TIMES_OF_CARE: ReadonlyMap<string, readonly string[]> = new Map([
  ['Composition', ['Composition.event.period']],
  ['DiagnosticReport', ['DiagnosticReport.effectiveDateTime', 'DiagnosticReport.effectivePeriod']],
  ['Encounter', ['', '.statusHistory', '.classHistory', '.location', '.participant'].map((part) => `Encounter${part}.period`)],
  ['ImagingStudy', ['ImagingStudy.started', 'ImagingStudy.series.started']],
  ['Immunization', ['Immunization.occurrenceDateTime']],
  ['MedicationAdministration', ['MedicationAdministration.effectiveDateTime', 'MedicationAdministration.effectivePeriod']],
  ['MedicationRequest', ['MedicationRequest.authoredOn']],
  ['MedicationStatement', ['MedicationStatement.effectiveDateTime', 'MedicationStatement.effectivePeriod']],
  ['Observation', ['Observation.effectiveDateTime', 'Observation.effectivePeriod', 'Observation.effectiveInstant']],
  ['Procedure', ['Procedure.performedDateTime', 'Procedure.performedPeriod']],
  ['Specimen', ['Specimen.collection.collectedDateTime', 'Specimen.collection.collectedPeriod', 'Specimen.receivedTime']],
]);
/** What holds others, or says who and what they are that took part. */
const PAPERS: ReadonlySet<string> = new Set(
  'Bundle Patient Person Practitioner PractitionerRole RelatedPerson Organization OrganizationAffiliation Coverage Device Endpoint Location Medication'.split(
    ' ',
  ),
);
/** When something was written down, how long a name or an office is held, until when a lot may be used, when somebody was born: of no care. */
const NO_TIMES_OF_CARE: ReadonlySet<string> = new Set([
  ...['Meta.lastUpdated', 'Bundle.timestamp', 'Signature.when', 'Composition.date', 'Composition.attester.time', 'Observation.issued'],
  ...['DiagnosticReport.issued', 'Immunization.recorded', 'Immunization.expirationDate', 'Identifier.period', 'HumanName.period'],
  ...['Address.period', 'ContactPoint.period', 'Patient.birthDate', 'Patient.contact.period', 'Person.birthDate'],
  ...['Practitioner.birthDate', 'Practitioner.qualification.period', 'PractitionerRole.period', 'RelatedPerson.birthDate'],
  ...['RelatedPerson.period', 'OrganizationAffiliation.period', 'Coverage.period', 'Device.manufactureDate', 'Device.expirationDate'],
  'Medication.batch.expirationDate',
]);
const DATE = /^([0-9]{4})(?:-(0[1-9]|1[0-2]))?(?:-|$)/;

/**
 * From the first to the last month of the care that a document tells of, by the calendar of whoever wrote it; undefined where it says none, or
 * one that has no end yet, or where anything in it, at any depth, tells of care or of a time in another way than those that are read: months too
 * few would let more be read than was meant.
 * @throws {@link DomainError} the refusals of `checkDocument`
 */
export function careMonthsOf(bytes: Uint8Array): Months | undefined {
  const document = parseDocument(bytes, MAX_DOCUMENT_BYTES);
  assertFhirResource(document);
  const spans = [...resourcesWithin(document)].flatMap(spansOf);
  const [first] = spans.map((span) => span.first).sort();
  const last = spans
    .map((span) => span.last)
    .sort()
    .at(-1);
  return first === undefined || last === undefined || last === UNKNOWN.last ? undefined : monthsSchema.parse({ first, last });
}

/** As {@link Months}, but for {@link UNKNOWN}. */
type Span = { readonly first: string; readonly last: string };
/** After every other: one of them makes the whole unknown. */
const UNKNOWN: Span = { first: '9999-99', last: '9999-99' };

function spansOf(resource: Resource): readonly Span[] {
  const ofCare = TIMES_OF_CARE.get(resource.resourceType);
  const isPaper = PAPERS.has(resource.resourceType) && !(resource.resourceType === 'Device' && resource['patient'] !== undefined);
  if (ofCare === undefined && !isPaper) return [UNKNOWN];
  const told = [...timesTold(resource, resource.resourceType)].filter(({ element }) => !NO_TIMES_OF_CARE.has(element));
  if (ofCare !== undefined && told.length === 0) return [UNKNOWN];
  return told.map((time) => (ofCare?.includes(time.element) === true ? spanAt(time) : UNKNOWN));
}

/** Of a date or of a Period. */
function spanAt({ value }: TimeTold): Span {
  if (!isObject(value)) return spanOfDate(value);
  const [from, to] = [spanOfDate(value['start']), spanOfDate(value['end'])];
  return from === UNKNOWN || to === UNKNOWN ? UNKNOWN : { first: from.first, last: to.last };
}

/** A date without a month may be of any month of its year. */
function spanOfDate(date: Json | undefined): Span {
  const [, year, month] = (typeof date === 'string' ? DATE.exec(date) : undefined) ?? [];
  return year === undefined ? UNKNOWN : { first: `${year}-${month ?? '01'}`, last: `${year}-${month ?? '12'}` };
}
