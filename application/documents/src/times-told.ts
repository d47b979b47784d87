import { type Json } from '@lianyi/domain';
import { definitionOf, type ElementDefinition, type TypeDefinition } from './element-definitions';
import { isObject, itemsOf, type JsonObject } from './json-object';

/** An element that tells a time: a date, a Period, or in another way. */
export type TimeTold = {
  /** As the table of R4 calls it: `Encounter.location.period`, `Annotation.time`. */
  readonly element: string;
  readonly value: Json;
};

const DATES: ReadonlySet<string> = new Set(['date', 'dateTime', 'instant', 'Period']);
/** Which tell a time without a date: how old somebody was; and, where a choice is one of times, what else may be chosen. */
const TIMES: ReadonlySet<string> = new Set([...DATES, 'Age', 'Timing']);

/**
 * Every element at any depth that tells a time by its type in FHIR R4, those of extensions too; of a choice among times (`onset[x]`) whatever was
 * chosen. Texts are not looked into, nor resources inside: those are told of by themselves.
 */
export function* timesTold(object: JsonObject, type: string): Generator<TimeTold, void, undefined> {
  const definition = definitionOf(type);
  for (const [name, value] of Object.entries(object)) {
    if (name.startsWith('_')) yield* timesWithin(value, 'Element');
    const element = definition?.elements.get(name);
    if (definition === undefined || element === undefined) continue;
    if (isTime(element, definition)) yield* itemsOf(value).map((item): TimeTold => ({ element: `${type}.${name}`, value: item }));
    else yield* timesWithin(value, element.type);
  }
}

function* timesWithin(value: Json, type: string): Generator<TimeTold, void, undefined> {
  if (type === 'Resource') return;
  for (const item of itemsOf(value).filter(isObject)) {
    if (type === 'Element') for (const extension of itemsOf(item['extension']).filter(isObject)) yield* timesTold(extension, 'Extension');
    else yield* timesTold(item, type);
  }
}

/** `value[x]` is no choice of times: of it a time alone tells one; that something lasted, or that somebody has died, tells none either. A Timing that repeats without a date tells none, so that it is looked into. */
function isTime({ type, choice }: ElementDefinition, { elements }: TypeDefinition): boolean {
  if (DATES.has(type) || type === 'Age') return true;
  if (choice === undefined || choice === 'value' || type === 'boolean' || type === 'Duration') return false;
  return [...elements.values()].some((other) => other.choice === choice && TIMES.has(other.type));
}
