import { type Json } from '@lianyi/domain';
import { checkDocument } from './check-document';
import { leaderOf } from './display-profile';
import { isObject, isResource, itemsOf, type JsonObject, type Resource } from './json-object';
import { MAX_DOCUMENT_BYTES, parseDocument } from './parse-document';
import { withinDocument } from './within-document';

/** FHIR's own word for a resource that is not whole. */
const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
/** What a conclusion is of: which report, of which kind and when. Nobody's name, no result, no text, no attachment. */
const KEPT = 'identifier status category code effectiveDateTime effectivePeriod issued conclusion conclusionCode'.split(' ');

/** Why a document has no conclusion that can stand by itself. */
export type NoPart = 'no-conclusion' | 'several-reports' | 'modifier-extension' | 'labels-lowered';

/**
 * Makes of a report's conclusion a document of its own, which is published as a record of its own: with its own key, so that who may read it alone gets no
 * byte of the rest (ADR 0079). It says that it is a part, and is labelled as closely as the whole.
 *
 * @throws {@link DomainError} the refusals of `checkDocument`
 */
export function conclusionPartOf(bytes: Uint8Array): Uint8Array | NoPart {
  const whole = checkDocument(bytes);
  const root = parseDocument(bytes, MAX_DOCUMENT_BYTES);
  if (!isResource(root)) return 'no-conclusion';
  const within = withinDocument(root);
  const resources = within.all.map(({ resource }) => resource);
  const reports = resources.filter(({ resourceType }) => resourceType === 'DiagnosticReport');
  const [report, another] = reports.length === 0 ? [leaderOf(within).resource] : reports;
  if (another !== undefined) return 'several-reports';
  if (report?.resourceType !== 'DiagnosticReport' || !isSaid(report)) return 'no-conclusion';
  if (hasModifier(report)) return 'modifier-extension';
  const kept = Object.fromEntries(KEPT.flatMap((name) => (report[name] === undefined ? [] : [[name, withoutExtensions(report[name])]])));
  const security = [...labelsOf(resources), { system: CONFIDENTIALITY, code: whole.confidentiality }];
  const part = new TextEncoder().encode(
    JSON.stringify({ resourceType: 'DiagnosticReport', meta: { tag: [SUBSETTED], security }, ...kept }),
  );
  const checked = checkDocument(part);
  const isAsClose = checked.confidentiality === whole.confidentiality && checked.dataLevel >= whole.dataLevel;
  return isAsClose ? part : 'labels-lowered';
}

/** Whether a document says of itself that it is a part of another. */
export function isPart({ meta }: Resource): boolean {
  return (
    isObject(meta) &&
    itemsOf(meta['tag']).some((tag) => isObject(tag) && tag['code'] === SUBSETTED.code && tag['system'] === SUBSETTED.system)
  );
}

function isSaid({ conclusion, conclusionCode }: Resource): boolean {
  return (typeof conclusion === 'string' && conclusion.trim() !== '') || itemsOf(conclusionCode).length > 0;
}

/** What every resource of the whole is labelled with, the same once. */
function labelsOf(resources: readonly Resource[]): readonly Json[] {
  const all = resources.flatMap(({ meta }) => (isObject(meta) ? itemsOf(meta['security']) : []));
  return [...new Map(all.map((label) => [JSON.stringify(label), label])).values()];
}

/** FHIR: who does not know a modifier extension must not pass its element on as if it did. */
function hasModifier(value: JsonObject): boolean {
  return Object.entries(value).some(
    ([name, inner]) =>
      name === 'modifierExtension' || (name !== 'contained' && itemsOf(inner).some((each) => isObject(each) && hasModifier(each))),
  );
}

/** Extensions may hold anything, of what is not the conclusion, too. */
function withoutExtensions(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutExtensions);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([name]) => name !== 'extension' && !name.startsWith('_') && name !== 'reference' && name !== 'assigner',
  );
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutExtensions(inner)]));
}
