import { codingsOf, isObject, itemsOf, type JsonObject, objectsOf, textOf } from '@lianyi/documents/json-object';
import { type Moment, type Value } from './fact';

type Json = JsonObject[string] | undefined;

export function textsOf(value: Json): readonly string[] {
  return itemsOf(value).filter((item) => typeof item === 'string');
}

/** `system|code` of a CodeableConcept or Coding, once or repeated; and what each of them is called in the code map. */
export function codesOf(value: Json, codeMap: ReadonlyMap<string, string>): readonly string[] {
  const said = codingsOf(value)
    .filter(({ code }) => code !== '')
    .map(({ system, code }) => `${system}|${code}`);
  return [...new Set(said.flatMap((code) => [code, ...[codeMap.get(code)].filter((mapped) => mapped !== undefined)]))];
}

/** What a CodeableConcept is called: its text, else the first name that a code has, else the code. */
export function labelOf(value: Json): string {
  const [concept] = objectsOf(value);
  if (concept === undefined) return '';
  const codings = 'coding' in concept ? objectsOf(concept['coding']) : [concept];
  const names = [
    textOf(concept['text']),
    ...codings.map((coding) => textOf(coding['display'])),
    ...codings.map(({ code }) => textOf(code)),
  ];
  return names.find((name) => name !== '') ?? '';
}

/** `system|value` of identifiers; one without a system names nothing outside of where it stands. */
export function identifiersOf(value: Json): readonly string[] {
  return objectsOf(value)
    .filter(({ system, value: number }) => textOf(system) !== '' && textOf(number) !== '')
    .map(({ system, value: number }) => `${textOf(system)}|${textOf(number)}`);
}

const TIME = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(T.+)?)?)?$/;

/** A date, dateTime or instant of FHIR. */
function momentOf(value: Json): Moment | undefined {
  const text = textOf(value);
  const [, year, month = '01', day = '01', time] = TIME.exec(text) ?? [];
  if (year === undefined) return undefined;
  const millis = Date.parse(time === undefined ? `${year}-${month}-${day}T00:00:00Z` : text);
  if (!Number.isFinite(millis)) return undefined;
  const precision = time === undefined ? (text.length === 4 ? 'year' : text.length === 7 ? 'month' : 'day') : 'time';
  return { text, millis, precision };
}

/** The first time that one of these elements says: a dateTime, or the beginning of a Period. */
export function firstMoment(resource: JsonObject, names: readonly string[]): Moment | undefined {
  for (const name of names) {
    const value = resource[name];
    const moment = momentOf(isObject(value) ? value['start'] : value);
    if (moment !== undefined) return moment;
  }
  return undefined;
}

/** What an Observation or a part of it has measured. */
export function valueOf(resource: JsonObject, codeMap: ReadonlyMap<string, string>): Value | undefined {
  const quantity = resource['valueQuantity'];
  if (isObject(quantity) && typeof quantity['value'] === 'number') {
    const unit = textOf(quantity['code']) === '' ? textOf(quantity['unit']) : textOf(quantity['code']);
    return { kind: 'quantity', amount: quantity['value'], unit, comparator: textOf(quantity['comparator']) };
  }
  const concept = resource['valueCodeableConcept'];
  if (isObject(concept)) return { kind: 'coded', codes: codesOf(concept, codeMap), label: labelOf(concept) };
  const number = resource['valueInteger'];
  if (typeof number === 'number') return { kind: 'quantity', amount: number, unit: '1', comparator: '' };
  const truth = resource['valueBoolean'];
  const said = typeof truth === 'boolean' ? String(truth) : textOf(resource['valueString']) || textOf(resource['valueDateTime']);
  return said === '' ? undefined : { kind: 'text', text: said };
}
