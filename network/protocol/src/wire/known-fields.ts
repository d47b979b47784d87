import { type Message } from 'google-protobuf';
import { type MessageType } from './decode';
import { WireMessage } from './wire-message';

const VARINT = 0;
const DELIMITED = 2;
/** Field numbers of the entry of a map. */
const ENTRY = { key: 1, value: 2 };

/**
 * What a field of a message holds: a number, bytes or text, a message, several of either, or a map from texts to messages. A message within
 * itself is named by a function.
 */
export type KnownField =
  | { readonly kind: 'number' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'repeatedBytes' }
  | { readonly kind: 'message' | 'repeatedMessage' | 'mapOfMessages'; readonly of: () => KnownFields };

/** The fields of a message by number. */
export interface KnownFields {
  readonly fields: Readonly<Record<number, KnownField>>;
  /** Numbers of which a message has one at most: of several the last one counts. */
  readonly oneOf?: readonly number[];
}

/**
 * Decodes a message as a peer does, with the generated class: fields of unknown numbers and those of another wire type than theirs are
 * passed over, and what stands in several pieces is one message. The generated class alone throws at the one and forgets all pieces but
 * the last of the other (see {@link WireMessage}): a peer would follow what is none here.
 * @throws Error — a peer cannot decode it either, or it is nested deeper than this process can go.
 */
export function decodeKnown<T extends Message>(type: MessageType<T>, known: KnownFields, bytes: Uint8Array): T {
  return type.deserializeBinary(onlyKnown(bytes, known));
}

/** The same, for bytes of strangers: `undefined` instead of an exception. */
export function tryDecodeKnown<T extends Message>(type: MessageType<T>, known: KnownFields, bytes: Uint8Array): T | undefined {
  try {
    return decodeKnown(type, known, bytes);
  } catch {
    return undefined; // the caller answers with its own code
  }
}

/** The same message with nothing in it but what its type has. */
function onlyKnown(bytes: Uint8Array, { fields, oneOf = [] }: KnownFields): Buffer {
  const kept = new Map<number, Uint8Array[]>();
  for (const { field: number, isNumber, value } of new WireMessage(bytes).fields()) {
    const field = fields[number];
    if (field === undefined || isNumber !== (field.kind === 'number')) continue;
    if (oneOf.includes(number)) for (const other of oneOf) if (other !== number) kept.delete(other);
    const values = kept.get(number);
    if (values === undefined || field.kind === 'number' || field.kind === 'bytes') kept.set(number, [value]);
    else values.push(value);
  }
  return Buffer.concat([...kept].flatMap(([number, values]) => written(number, fields[number], values)));
}

function written(number: number, field: KnownField | undefined, values: readonly Uint8Array[]): Buffer[] {
  switch (field?.kind) {
    case undefined:
      return [];
    case 'number':
      return values.map((value) => Buffer.concat([varint(number * 8 + VARINT), value]));
    case 'bytes':
    case 'repeatedBytes':
      return values.map((value) => delimited(number, value));
    case 'message':
      return [delimited(number, onlyKnown(Buffer.concat(values), field.of()))];
    case 'repeatedMessage':
      return values.map((value) => delimited(number, onlyKnown(value, field.of())));
    case 'mapOfMessages':
      return values.map((value) => delimited(number, entryOf(value, field.of)));
  }
}

/** An entry of a map; its key or its value may be left out, and is then empty. */
function entryOf(bytes: Uint8Array, of: () => KnownFields): Buffer {
  const entry = new WireMessage(bytes);
  const value = Buffer.concat([...entry.each(ENTRY.value)]);
  return Buffer.concat([delimited(ENTRY.key, entry.bytes(ENTRY.key)), delimited(ENTRY.value, onlyKnown(value, of()))]);
}

function delimited(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + DELIMITED), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
