import {
  bareCodingSchema,
  type Instant,
  instantOf,
  MOST_RESULT_CODES,
  MOST_RESULTS,
  type RecognitionMark,
  recognitionMarks,
  type ResultKind,
} from '@lianyi/domain';
import { bareCodeSystem } from './code-systems';
import {
  codingsOf,
  isObject,
  itemsOf,
  isResource,
  objectsOf,
  type JsonObject,
  type Resource,
  resourcesWithin,
  textOf,
} from './json-object';

/** How a document says who recognises its results: a tag of the report or of the result (检查检验互认标识). */
const MARK_SYSTEM = 'urn:lianyi:recognition-mark';
/** What is good for somebody else than who has written it. */
const FINAL: ReadonlySet<string> = new Set(['final', 'amended', 'corrected']);
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2}))?$/;
/** A day begins nowhere earlier than here. */
const EARLIEST_ZONE = '+14:00';

type Codings = ResultKind['codes'];
type Named = ReadonlyMap<string, Resource>;

/**
 * What a document has examined, when, and who recognises it: for finding equivalent results without opening it. What is preliminary, was not done, has no
 * value, says when in another way, or has a modifier that nobody here knows, is left out: it is found by nobody, and made again.
 */
export function resultsIn(document: Resource): readonly ResultKind[] {
  const all = [...resourcesWithin(document)];
  const named = namedResources(document);
  const reports = all.filter(({ resourceType }) => resourceType === 'DiagnosticReport');
  const [report] = reports.length === 1 ? reports : [];
  const results = all.flatMap((resource) => resultOf(resource, named, report));
  return results.sort((one, other) => (one.at < other.at ? 1 : -1)).slice(0, MOST_RESULTS);
}

function resultOf(resource: Resource, named: Named, report: Resource | undefined): readonly ResultKind[] {
  const codes = codesOf(resource['code']);
  const at = momentOf(resource) ?? (report && momentOf(report));
  if (!isGood(resource) || (report !== undefined && !isFinal(report)) || codes.length === 0 || at === undefined) return [];
  const specimens = objectsOf(resource['specimen']).flatMap(({ reference }) => codesOf(named.get(textOf(reference))?.['type']));
  const mark = widestMarkOf(resource) ?? (report && widestMarkOf(report));
  return [{ codes, specimens: specimens.slice(0, MOST_RESULT_CODES), at, ...(mark === undefined ? {} : { mark }) }];
}

/** An Observation with a value, or a report of more than one or of a conclusion. */
function isGood(resource: Resource): boolean {
  if (!isFinal(resource)) return false;
  if (resource.resourceType === 'DiagnosticReport') return resource['conclusion'] !== undefined || itemsOf(resource['result']).length > 0;
  if (resource.resourceType !== 'Observation' || resource['dataAbsentReason'] !== undefined) return false;
  return Object.keys(resource).some((name) => /^value[A-Z]/.test(name) || name === 'component' || name === 'hasMember');
}

function isFinal(resource: Resource): boolean {
  return FINAL.has(textOf(resource['status'])) && resource['modifierExtension'] === undefined && resource['implicitRules'] === undefined;
}

function codesOf(concept: JsonObject[string] | undefined): Codings {
  const bare = codingsOf(concept).flatMap(({ system, code }) => {
    const coding = bareCodingSchema.safeParse({ system: bareCodeSystem(system), code });
    return coding.success ? [coding.data] : [];
  });
  return bare.slice(0, MOST_RESULT_CODES);
}

/** Of a Period its beginning: an examination is as old as what was first looked at. */
function momentOf(resource: Resource): Instant | undefined {
  const period = resource['effectivePeriod'];
  const told = textOf(resource['effectiveDateTime'] ?? resource['effectiveInstant'] ?? (isObject(period) ? period['start'] : undefined));
  const [, day, time = '00:00:00', zone = EARLIEST_ZONE] = DATE_TIME.exec(told) ?? [];
  const millis = day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(millis) ? undefined : instantOf(millis);
}

function widestMarkOf({ meta }: Resource): RecognitionMark | undefined {
  const tags = isObject(meta) ? codingsOf(meta['tag']) : [];
  const marks = tags.filter(({ system }) => bareCodeSystem(system) === MARK_SYSTEM).map(({ code }) => code);
  return [...recognitionMarks].reverse().find((mark) => marks.includes(mark));
}

/** The resources that references of a document name: those contained, and the entries of a Bundle. */
function namedResources(document: Resource): Named {
  const named = new Map<string, Resource>();
  for (const resource of resourcesWithin(document)) {
    const id = textOf(resource['id']);
    if (id === '') continue;
    named.set(`#${id}`, resource);
    named.set(`${resource.resourceType}/${id}`, resource);
  }
  for (const entry of objectsOf(document['entry'])) {
    const [resource] = itemsOf(entry['resource']);
    const url = textOf(entry['fullUrl']);
    if (url !== '' && isResource(resource)) named.set(url, resource);
  }
  return named;
}
