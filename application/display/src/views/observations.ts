import { isObject, type JsonObject, type Resource } from '@lianyi/documents/json-object';
import { type PageBlock, type Mark, type PageRow } from '../reading/page';
import { type DocumentReading, plainText } from '../reading/reading';
import { choiceText, notesOf, numberOf, rangeText, timeText, unitOf } from '../reading/values';
import { interpretations, words } from '../reading/words';

/** Panels of panels, cultures and their resistances: deeper nests nobody who reports. */
const DEEPEST = 8;

/** A table of results: long names, short units. No rows: no table. */
export function tableOfResults(reading: DocumentReading, rows: readonly PageRow[]): readonly PageBlock[] {
  if (rows.length === 0) return [];
  const columns = [words.item, words.result, words.unit, words.reference, words.flag].map((each) => reading.say(each));
  return [{ kind: 'table', columns, rows, widths: [0.33, 0.23, 0.1, 0.18, 0.16] }];
}

/** Results that no report holds together: by the time at which they were found. */
export function datedRows(reading: DocumentReading, observations: readonly Resource[]): readonly PageRow[] {
  const rows: PageRow[] = [];
  let last = '';
  const dated = observations.map((each) => ({ each, at: observedAt(reading, each) }));
  for (const { each, at } of dated.toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)))) {
    const found = observationRows(reading, each, at === '' ? 0 : 1);
    if (found.length > 0 && at !== '' && at !== last) rows.push({ cells: [at], depth: 0 });
    if (found.length > 0) last = at;
    rows.push(...found);
  }
  return rows;
}

/**
 * The rows of a result: itself, its components, and below it its members, as a culture has its organisms and these their resistances.
 * Each result is shown once, wherever it is named, also where members name each other.
 */
export function observationRows(reading: DocumentReading, observation: Resource, depth = 0): readonly PageRow[] {
  if (reading.shown.has(observation) || depth > DEEPEST || !reading.hasRoom()) return [];
  reading.shown.add(observation);
  const rows: PageRow[] = [valueRow(reading, observation, { from: observation, depth })];
  for (const component of reading.parts(observation['component'])) {
    if (reading.hasRoom()) rows.push(valueRow(reading, component, { from: observation, depth: depth + 1 }));
  }
  for (const text of asideOf(reading, observation)) rows.push({ cells: [text], depth: depth + 1 });
  return [...rows, ...memberRows(reading, observation, depth + 1)];
}

function memberRows(reading: DocumentReading, observation: Resource, depth: number): readonly PageRow[] {
  return reading.parts(observation['hasMember']).flatMap((reference) => {
    const member = reading.within.find(reference, observation)?.resource;
    if (member === undefined) return [missingRow(reading, reference, observation, depth)];
    return member.resourceType === 'Observation' ? observationRows(reading, member, depth) : [];
  });
}

/** A result that the document names and does not hold. */
export function missingRow(reading: DocumentReading, reference: JsonObject, from: Resource, depth: number): PageRow {
  const name = reading.named(reference, from) || plainText(reference['reference']);
  return { cells: [name, `(${reading.say(words.notInDocument)})`, '', '', ''], depth };
}

function valueRow(
  reading: DocumentReading,
  object: JsonObject,
  { from, depth }: { readonly from: Resource; readonly depth: number },
): PageRow {
  const quantity = object['valueQuantity'];
  const value = isObject(quantity) ? numberOf(quantity) : choiceText(reading, object, 'value', from);
  const unit = isObject(quantity) ? unitOf(quantity) : '';
  const absent = reading.concept(object['dataAbsentReason']);
  const { text, mark } = flagOf(reading, object);
  const shown = value || (absent === '' ? '' : `(${absent})`);
  return { cells: [reading.concept(object['code']), shown, unit, rangesText(reading, object), text], depth, ...(mark && { mark }) };
}

function rangesText(reading: DocumentReading, object: JsonObject): string {
  return reading
    .parts(object['referenceRange'])
    .map((range) => {
      const whom = [reading.concept(range['type']), reading.concept(range['appliesTo']), rangeText(range['age'])].filter(
        (text) => text !== '',
      );
      const limits = rangeText(range) || plainText(range['text']);
      return whom.length === 0 || limits === '' ? limits : `${limits} (${whom.join(', ')})`;
    })
    .filter((text) => text !== '')
    .join('; ');
}

type Flag = { readonly text: string; readonly mark: Mark | undefined };

/** How a result is marked: as its document says; where it says nothing, or says that all is well, also as its range does. */
function flagOf(reading: DocumentReading, object: JsonObject): Flag {
  const known = new Map(Object.entries(interpretations));
  const said = reading.parts(object['interpretation']).flatMap((concept) => {
    const codings = reading.parts(concept['coding']);
    const found = codings.map(({ code }) => known.get(plainText(code))).find((each) => each !== undefined);
    const text = found === undefined ? reading.concept(concept) : reading.say(found);
    return text === '' ? [] : [{ text, mark: found?.mark }];
  });
  const marks = said.map(({ mark }) => mark);
  const mark = marks.find((each) => each === 'critical') ?? marks.find((each) => each === 'abnormal');
  const reckoned = mark === undefined ? outOfRange(object) : undefined;
  const found = reckoned === undefined ? undefined : known.get(reckoned);
  if (found === undefined) return { text: said.map(({ text }) => text).join('; '), mark };
  reading.hasReckoned = true;
  return { text: [...said.map(({ text }) => text), `${reading.say(found)} *`].join('; '), mark: 'abnormal' };
}

/** By its only range, if that is in the same unit and for everybody; undefined: within it, or it cannot be told. */
function outOfRange(object: JsonObject): 'H' | 'L' | undefined {
  const quantity = object['valueQuantity'];
  const ranges = object['referenceRange'];
  const range = Array.isArray(ranges) && ranges.length === 1 ? (ranges as readonly unknown[])[0] : undefined;
  if (!isObject(quantity) || !isJsonObject(range) || ['appliesTo', 'age', 'type'].some((name) => range[name] !== undefined))
    return undefined;
  if (quantity['comparator'] !== undefined) return undefined;
  const value = decimalOf(quantity);
  const [low, high] = [range['low'], range['high']].map((end) => (isObject(end) && isSameUnit(end, quantity) ? decimalOf(end) : undefined));
  if (value === undefined) return undefined;
  if (high !== undefined && value > high) return 'H';
  return low !== undefined && value < low ? 'L' : undefined;
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSameUnit(one: JsonObject, other: JsonObject): boolean {
  return unitOf(one) === unitOf(other) || (one['code'] !== undefined && one['code'] === other['code']);
}

function decimalOf({ value }: JsonObject): number | undefined {
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** What is said beside a result: where and how it was found, on what, and notes. */
function asideOf(reading: DocumentReading, observation: Resource): readonly string[] {
  const named = (name: string, text: string): readonly string[] => (text === '' ? [] : [`${name}: ${text}`]);
  const { status } = observation;
  return [
    ...(status === undefined || status === 'final' ? [] : named(reading.say(words.status), reading.word(status))),
    ...named(reading.say(words.site), reading.concept(observation['bodySite'])),
    ...named(reading.say(words.method), reading.concept(observation['method'])),
    ...notesOf(observation['note'], reading, observation).flatMap((note) => named(reading.say(words.note), note)),
  ];
}

/** When a result was found. */
export function observedAt(reading: DocumentReading, observation: Resource): string {
  return choiceText(reading, observation, 'effective', observation) || timeText(observation['issued']);
}
