import { type Json } from '@lianyi/domain';
import { type Hl7Message, type Hl7Segment } from './hl7v2/message';
import { isObject, itemsOf, type JsonObject } from './json-object';
import { mayHaveMarks } from './meant-by';

/** Files inside of a resource in which a mark can stand, of every Attachment and Binary that has its data. */
export function* attachmentsIn(value: Json): Generator<Uint8Array, void, undefined> {
  if (Array.isArray(value)) {
    for (const item of itemsOf(value)) yield* attachmentsIn(item);
    return;
  }
  if (!isObject(value)) return;
  const content = dataOf(value);
  if (content !== undefined) yield content;
  for (const member of Object.values(value)) yield* attachmentsIn(member);
}

function dataOf({ data, contentType }: JsonObject): Uint8Array | undefined {
  return typeof data === 'string' && typeof contentType === 'string' ? bytesOf(data) : undefined;
}

/** The same of a message: what OBX-5 has as `ED`. @remarks Source: HL7 v2.9 §2A.3.25. */
export function* filesIn({ segments }: Pick<Hl7Message, 'segments'>): Generator<Uint8Array, void, undefined> {
  for (const segment of segments) if (segment.name === 'OBX' && segment.raw(2) === 'ED') yield* filesOf(segment);
}

function* filesOf(segment: Hl7Segment): Generator<Uint8Array, void, undefined> {
  for (const repetition of segment.repetitions(5)) {
    const data = segment.component(repetition, 5);
    const isBase64 = segment.component(repetition, 4).trim().toLowerCase() === 'base64';
    const content = isBase64 ? bytesOf(data) : new TextEncoder().encode(data);
    if (content !== undefined) yield content;
  }
}

/** By so many characters of base64 it is known whether a mark can stand in what they are of: large files are pictures and PDF. */
const HEAD = 2_048;

/** @returns undefined if it is no base64, or of a format that has no marks */
function bytesOf(base64: string): Uint8Array | undefined {
  const head = decoded(base64.slice(0, HEAD));
  return head === undefined || mayHaveMarks(head) ? decoded(base64) : undefined;
}

function decoded(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
