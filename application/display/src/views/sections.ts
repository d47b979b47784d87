import { codingsOf, isObject, type JsonObject, type Resource } from '@lianyi/documents/json-object';
import { isConclusion } from '../reading/conclusion';
import { narrativeText } from '../reading/narrative';
import { type PageBlock } from '../reading/page';
import { type DocumentReading, plainText } from '../reading/reading';
import { timeText } from '../reading/values';
import { words } from '../reading/words';
import { genericPairs } from './generic';
import { isListed, listBlocks } from './lists';
import { datedRows, tableOfResults } from './observations';
import { documentPairs } from './about';
import { reportParts } from './report';

const DEEPEST = 6;

/** The sections of a document: those that its profile places first, the others as the document has them. */
export function sectionBlocks(reading: DocumentReading, composition: Resource, order: readonly string[]): readonly PageBlock[] {
  const placeOf = (section: JsonObject): number => {
    const place = order.findIndex((code) => codingsOf(section['code']).some((coding) => coding.code === code));
    return place < 0 ? order.length : place;
  };
  const sections = reading.parts(composition['section']).toSorted((one, other) => placeOf(one) - placeOf(other));
  return sections.flatMap((section) => blocksOf(reading, section, composition, 0));
}

function blocksOf(reading: DocumentReading, section: JsonObject, from: Resource, depth: number): readonly PageBlock[] {
  if (depth > DEEPEST || !reading.hasRoom()) return [];
  const title = plainText(section['title']) || reading.concept(section['code']);
  const entries = reading.parts(section['entry']);
  const resources = entries.flatMap((reference) => reading.within.find(reference, from)?.resource ?? []);
  const listed = entryBlocks(reading, resources);
  const lines = ownLines(section, listed).filter(() => reading.hasRoom());
  const empty = reading.concept(section['emptyReason']);
  const absent = entries
    .filter((reference) => reading.within.find(reference, from) === undefined)
    .map((each) => plainText(each['display']));
  const said = [...lines, empty === '' ? '' : `${reading.say(words.emptySection)}: ${empty}`, ...absent].filter((text) => text !== '');
  return [
    { kind: 'heading', level: depth === 0 ? 2 : 3, text: title },
    ...(said.length === 0
      ? []
      : [{ kind: 'text', paragraphs: said, ...(isConclusion(section) ? { isConclusion: true as const } : {}) } as const]),
    ...listed,
    ...reading.parts(section['section']).flatMap((inner) => blocksOf(reading, inner, from, depth + 1)),
  ];
}

/**
 * The words of a section. Where they were generated from what it holds, a line is left out of which each word stands in one row that is shown: so
 * nothing is said twice, and nothing is lost.
 */
function ownLines(section: JsonObject, shown: readonly PageBlock[]): readonly string[] {
  const lines = narrativeText(section['text']);
  const { text } = section;
  if (!isObject(text) || text['status'] !== 'generated') return lines;
  const rows = shown.flatMap(rowsIn);
  return lines.filter((line) => {
    const said = line.split(/\s+/).filter((word) => word !== '');
    return !rows.some((row) => said.every((word) => row.includes(word)));
  });
}

function rowsIn(block: PageBlock): readonly string[] {
  if (block.kind === 'table') return block.rows.map(({ cells }) => cells.join(' '));
  return block.kind === 'text' ? block.paragraphs : [];
}

/** What a section, or the rest of a document, holds: each resource in the way of its type, and once. */
export function entryBlocks(reading: DocumentReading, resources: readonly Resource[]): readonly PageBlock[] {
  const fresh = resources.filter((each) => !reading.shown.has(each));
  const reports = fresh
    .filter(({ resourceType }) => resourceType === 'DiagnosticReport')
    .flatMap((report) => reportBlocks(reading, report));
  const found = fresh.filter(({ resourceType }) => resourceType === 'Observation');
  const results = tableOfResults(reading, datedRows(reading, found));
  const others = fresh.filter((each) => !isListed(each) && !['DiagnosticReport', 'Observation'].includes(each.resourceType));
  return [
    ...listBlocks(reading, fresh.filter(isListed), false),
    ...results,
    ...reports,
    ...others.flatMap((each) => genericBlocks(reading, each)),
  ];
}

function reportBlocks(reading: DocumentReading, report: Resource): readonly PageBlock[] {
  if (reading.shown.has(report)) return [];
  reading.shown.add(report);
  const { specimen = [], study = [], results = [], narrative = [], conclusion = [], attachments = [] } = reportParts(reading, report);
  const inside = [...specimen, ...study, ...results, ...narrative, ...conclusion, ...attachments];
  const name = [reading.concept(report['code']), timeText(report['issued'])].filter((text) => text !== '').join(', ');
  const isNamed = (block: PageBlock): boolean => block.kind !== 'heading' || block.text !== reading.say(words.results);
  const below = inside.filter(isNamed).map((block): PageBlock => (block.kind === 'heading' ? { ...block, level: 3 } : block));
  // a document is final though a report in it is corrected or preliminary
  return [{ kind: 'heading', level: 3, text: name }, { kind: 'pairs', pairs: documentPairs(reading, report) }, ...below];
}

/** What no view knows is shown element by element. */
function genericBlocks(reading: DocumentReading, resource: Resource): readonly PageBlock[] {
  if (reading.shown.has(resource) || !reading.hasRoom()) return [];
  reading.shown.add(resource);
  const pairs = genericPairs(reading, resource);
  const lines = pairs.length === 0 ? narrativeText(resource['text']) : [];
  if (pairs.length === 0 && lines.length === 0) return [];
  return [
    { kind: 'heading', level: 3, text: resource.resourceType },
    ...(pairs.length === 0 ? [] : [{ kind: 'pairs', pairs } as const]),
    ...(lines.length === 0 ? [] : [{ kind: 'text', paragraphs: lines } as const]),
  ];
}
