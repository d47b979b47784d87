import { type Json } from '@lianyi/domain';
import { isObject, isResource, itemsOf, type JsonObject, type Resource } from '@lianyi/documents/json-object';
import { type Pair } from '../reading/page';
import { humanName, type DocumentReading, plainText } from '../reading/reading';
import { attachmentText, periodText, quantityText, rangeText, timeText, timingText } from '../reading/values';

const DEEPEST = 12;
/** What a reader does not read: how the document is kept, and what is shown elsewhere. */
const SILENT = new Set('resourceType id meta implicitRules text contained extension modifierExtension language'.split(' '));

/** A resource as it stands: each element's name and value, one below another. Nothing that a reader reads is left out. */
export function genericPairs(reading: DocumentReading, resource: Resource): readonly Pair[] {
  const pairs: Pair[] = [];
  collect(reading, resource, { name: '', depth: 0, from: resource, pairs });
  return pairs;
}

type At = { readonly name: string; readonly depth: number; readonly from: Resource; readonly pairs: Pair[] };

function collect(reading: DocumentReading, object: JsonObject, { name, depth, from, pairs }: At): void {
  for (const [element, value] of Object.entries(object)) {
    if (SILENT.has(element) || element.startsWith('_')) continue;
    const below = name === '' ? element : `${name}.${element}`;
    for (const item of itemsOf(value)) {
      const text = leafText(reading, item, from);
      if (text !== undefined) {
        if (text !== '' && reading.hasRoom()) pairs.push([below, text]);
      } else if (isObject(item) && !isResource(item) && depth < DEEPEST) {
        collect(reading, item, { name: below, depth: depth + 1, from, pairs });
      }
    }
  }
}

/** A value that is one to a reader; undefined: it has parts of its own. */
function leafText(reading: DocumentReading, value: Json, from: Resource): string | undefined {
  if (!isObject(value)) return timeText(value) || plainText(value);
  const has = (...names: readonly string[]): boolean => names.some((each) => each in value);
  if (has('coding')) return reading.concept(value);
  if (has('reference', 'identifier') && !has('resourceType')) return reading.named(value, from) || plainText(value['reference']);
  if (has('family', 'given')) return humanName(value);
  if (has('contentType')) return attachmentText(value, reading);
  if (has('low', 'high')) return rangeText(value);
  if (has('repeat')) return timingText(value, reading);
  return scalarText(reading, value);
}

function scalarText(reading: DocumentReading, value: JsonObject): string | undefined {
  const names = Object.keys(value).filter((each) => !each.startsWith('_') && !SILENT.has(each));
  const only = (...allowed: readonly string[]): boolean => names.length > 0 && names.every((each) => allowed.includes(each));
  if (
    only('value', 'unit', 'code', 'system', 'comparator') &&
    names.includes('value') &&
    (names.includes('unit') || names.includes('code'))
  )
    return quantityText(value);
  if (only('start', 'end')) return periodText(value);
  if (only('system', 'code', 'display', 'version', 'userSelected')) return reading.concept(value);
  if (only('system', 'value', 'use', 'rank', 'type', 'period', 'assigner')) return plainText(value['value']);
  if (only('text', 'line', 'city', 'district', 'state', 'postalCode', 'country', 'use', 'type', 'period')) return addressText(value);
  return undefined;
}

export function addressText({ text, line, district, city, state, postalCode, country }: JsonObject): string {
  if (text !== undefined) return plainText(text);
  return [...itemsOf(line), district, city, state, postalCode, country]
    .map(plainText)
    .filter((part) => part !== '')
    .join(', ');
}
