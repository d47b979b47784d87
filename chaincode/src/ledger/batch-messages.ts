import { policyOfOrganisations } from './key-endorsement';
import { collectionOf, type StateWrite } from './state';

/**
 * The bytes of Fabric 3.1's batch messages, by hand: the protobufs inside the shim do not have them.
 *
 * @remarks Source: peer/chaincode_shim.proto of fabric-protos 0.3.7 (ChaincodeAdditionalParams, GetStateMultiple,
 * GetStateMultipleResult, WriteBatchState, WriteRecord, StateMetadata).
 */

/** How many keys one message may hold; {@link NO_BATCHES} where the peer announced none. */
export type BatchCapabilities = { readonly maxWrites: number; readonly maxReads: number };

export const NO_BATCHES = 0;
/** What Fabric's Go shim takes where a peer announces batches and no size. */
const DEFAULT_BATCH = 100;

const VARINT = 0;
const BYTES = 2;

/** Decodes the payload of READY; empty on peers before 3.1. */
export function decodeCapabilities(payload: Uint8Array): BatchCapabilities {
  const numbers = new Map<number, number>();
  for (const field of fieldsOf(payload)) {
    if (typeof field.value === 'number') {
      numbers.set(field.number, field.value);
    }
  }
  const limit = (announced: number, size: number): number =>
    numbers.get(announced) === 1 ? numbers.get(size) || DEFAULT_BATCH : NO_BATCHES;
  return { maxWrites: limit(1, 2), maxReads: limit(3, 4) };
}

export function encodeGetMultiple(keys: readonly string[], collection: string): Uint8Array {
  return Buffer.concat([...keys.map((key) => bytesField(1, Buffer.from(key))), ...optionalText(2, collection)]);
}

/** The values in the order of the keys; an empty one stands for an absent key and must keep its place. */
export function decodeValues(payload: Uint8Array): readonly Uint8Array[] {
  return fieldsOf(payload).flatMap(({ number, value }) => (number === 1 && typeof value !== 'number' ? [value] : []));
}

/** The kinds of WriteRecord are the numbers of the messages that they replace. */
const recordTypes = { put: 9, delete: 10, endorsers: 21, purge: 23 } as const;
/** The metadata entry in which Fabric keeps a key's endorsement policy (fabric-protos peer.MetaDataKeys). */
const VALIDATION_PARAMETER = 'VALIDATION_PARAMETER';

export function batchRecord(write: StateWrite): Uint8Array {
  return Buffer.concat([
    bytesField(1, Buffer.from(write.key)),
    ...(write.kind === 'put' ? [bytesField(2, write.value)] : []),
    ...optionalText(3, collectionOf(write.space)),
    ...(write.kind === 'endorsers' ? [bytesField(4, metadata(policyOfOrganisations(write.mspIds)))] : []),
    tag(5, VARINT),
    varint(recordTypes[write.kind]),
  ]);
}

function metadata(policy: Uint8Array): Uint8Array {
  return Buffer.concat([bytesField(1, Buffer.from(VALIDATION_PARAMETER)), bytesField(2, policy)]);
}

export function encodeWriteBatch(records: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(records.map((record) => bytesField(1, record)));
}

function optionalText(number: number, text: string): readonly Uint8Array[] {
  return text === '' ? [] : [bytesField(number, Buffer.from(text))];
}

function bytesField(number: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([tag(number, BYTES), varint(value.length), value]);
}

function tag(number: number, wireType: number): Uint8Array {
  return varint((number << 3) | wireType);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return Uint8Array.of(...bytes, rest);
}

export type MessageField = { readonly number: number; readonly value: number | Uint8Array };

/** The fields of a protobuf message that has only varints and bytes. */
export function fieldsOf(message: Uint8Array): readonly MessageField[] {
  const fields: MessageField[] = [];
  let offset = 0;
  while (offset < message.length) {
    const head = readVarint(message, offset);
    const body = readVarint(message, head.end);
    const wireType = head.value & 7;
    if (wireType !== VARINT && wireType !== BYTES) {
      throw new Error(`a message of the peer has wire type ${wireType}`);
    }
    offset = wireType === VARINT ? body.end : body.end + body.value;
    if (offset > message.length) {
      throw new Error('a message of the peer is cut off');
    }
    fields.push({ number: head.value >>> 3, value: wireType === VARINT ? body.value : message.subarray(body.end, offset) });
  }
  return fields;
}

function readVarint(message: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let end = start, shift = 0; end < message.length && shift < 35; end += 1, shift += 7) {
    const byte = message[end] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) {
      return { value, end: end + 1 };
    }
  }
  throw new Error('a number in a message of the peer does not end');
}
