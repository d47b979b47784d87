import { type Json, type Months, monthsSchema } from '@lianyi/domain';
import { isObject, itemsOf, type Resource, resourcesWithin } from './json-object';
import { assertFhirResource } from './fhir-structure';
import { MAX_DOCUMENT_BYTES, parseDocument } from './parse-document';

/** The elements that say when somebody was treated or examined. When it was written down, or how long a name holds, is not that. */
const TIMES_OF_CARE =
  /^(?:effective|performed|occurrence|collected|served)(?:DateTime|Period|Instant)$|^(?:period|started|authoredOn|event|collection)$/;
/** Elements that say it in another way, which is not read: when something was handed over, how old somebody was, a timing, a text. */
const OTHER_TIMES_OF_CARE =
  /^(?:effective|performed|occurrence|collected|served)(?:Timing|String|Age|Range)$|^(?:onset|abatement|when)[A-Z]/;
/** What tells of care, and so says when; where it does not, nobody knows. */
const TELLS_OF_CARE: ReadonlySet<string> = new Set(
  'Condition DiagnosticReport Encounter ImagingStudy Immunization MedicationAdministration MedicationDispense MedicationRequest MedicationStatement Observation Procedure'.split(
    ' ',
  ),
);
/** Whose `period` is not one of care: how long somebody holds an office, is insured or is watched over. */
const PEOPLE_AND_PAPERS: ReadonlySet<string> = new Set(
  'Patient Person Practitioner PractitionerRole RelatedPerson Organization OrganizationAffiliation Coverage Consent Device Group'.split(
    ' ',
  ),
);
const DATE = /^([0-9]{4})(?:-(0[1-9]|1[0-2]))?(?:-|$)/;

/**
 * From the first to the last month of the care that a document tells of, by the calendar of whoever wrote it; undefined where it says none, or
 * one that has no end yet: months too few would let more be read than was meant.
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
  if (PEOPLE_AND_PAPERS.has(resource.resourceType)) return [];
  if (Object.keys(resource).some((name) => OTHER_TIMES_OF_CARE.test(name))) return [UNKNOWN];
  const spans = Object.entries(resource).flatMap(([name, value]) => (TIMES_OF_CARE.test(name) ? itemsOf(value).flatMap(spansAt) : []));
  return spans.length === 0 && TELLS_OF_CARE.has(resource.resourceType) ? [UNKNOWN] : spans;
}

/** Of a date, a Period, or what has one inside. */
function spansAt(value: Json): readonly Span[] {
  if (typeof value === 'string') return [spanOfDate(value)];
  if (!isObject(value)) return [];
  const { start, end } = value;
  if (start === undefined && end === undefined) return Object.entries(value).flatMap(([name, inner]) => innerSpans(name, inner));
  const [from, to] = [spanOfDate(start), spanOfDate(end)];
  return from === UNKNOWN || to === UNKNOWN ? [UNKNOWN] : [{ first: from.first, last: to.last }];
}

function innerSpans(name: string, inner: Json): readonly Span[] {
  return TIMES_OF_CARE.test(name) ? itemsOf(inner).flatMap(spansAt) : [];
}

/** A date without a month may be of any month of its year. */
function spanOfDate(date: Json | undefined): Span {
  const [, year, month] = (typeof date === 'string' ? DATE.exec(date) : undefined) ?? [];
  return year === undefined ? UNKNOWN : { first: `${year}-${month ?? '01'}`, last: `${year}-${month ?? '12'}` };
}
