import { createHash } from 'node:crypto';
import { keyHashOf } from '@lianyi/fabric-protocol';
import { type Version } from './committed-state';
import { sortedKeys } from './keys';
import { type Update, type UpdateBatch } from './update-batch';

/** Protobuf base-128 varint. */
export function uvarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** Order-preserving varint (common/ledger/util EncodeOrderPreservingVarUint64): length, then big-endian without leading zeros. */
export function orderPreservingVarint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([bytes.length, ...bytes]);
}

const LENGTH_DELIMITED = 2;

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([uvarint((number << 3) | LENGTH_DELIMITED), uvarint(content.length), content]);
}

function optionalField(number: number, content: Buffer): Buffer {
  return content.length === 0 ? content : field(number, content);
}

function versionBytes({ blockNumber, txIndex }: Version): Buffer {
  return Buffer.concat([orderPreservingVarint(blockNumber), orderPreservingVarint(txIndex)]);
}

const IS_DELETE = Buffer.from([0x20, 0x01]); // field 4, varint, true

/** Names a namespace or collection only at its first entry. */
class FirstMention {
  #last: string | undefined;

  of(name: string): Buffer {
    if (this.#last === name) return Buffer.alloc(0);
    this.#last = name;
    return Buffer.from(name);
  }
}

/**
 * The `Updates` message of a block: KVWrite{1 namespace, 2 collection, 3 key, 4 isDelete, 5 value, 6 version_bytes},
 * namespaces, then public keys, then collections and key hashes, all in byte order.
 * @remarks Source: core/ledger/kvledger/txmgmt/txmgr/update_batch_bytes.go; verified on the recorded chain.
 */
function updatesBytes(batch: UpdateBatch): Buffer {
  const entries: Buffer[] = [];
  const namespaces = new Map<string, unknown>([...batch.public, ...batch.hashed]);
  const namespaceName = new FirstMention();
  for (const namespace of sortedKeys(namespaces)) {
    const collectionName = new FirstMention();
    const add = (collection: string, key: Buffer, { value, version }: Update): void => {
      const content = [
        optionalField(1, namespaceName.of(namespace)),
        optionalField(2, collection === '' ? Buffer.alloc(0) : collectionName.of(collection)),
        optionalField(3, key),
        value ? optionalField(5, value) : IS_DELETE,
        field(6, versionBytes(version)),
      ];
      entries.push(field(1, Buffer.concat(content)));
    };
    addInOrder(
      batch.public.get(namespace) ?? new Map(),
      (key) => Buffer.from(key),
      (key, update) => {
        add('', key, update);
      },
    );
    const collections = batch.hashed.get(namespace) ?? new Map<string, Map<string, Update>>();
    for (const collection of sortedKeys(collections)) {
      addInOrder(collections.get(collection) ?? new Map(), keyHashOf, (key, update) => {
        add(collection, key, update);
      });
    }
  }
  return Buffer.concat(entries);
}

function addInOrder(
  updates: ReadonlyMap<string, Update>,
  toBytes: (key: string) => Buffer,
  add: (key: Buffer, update: Update) => void,
): void {
  const ordered = [...updates].map(([key, update]) => ({ key: toBytes(key), update })).sort((a, b) => Buffer.compare(a.key, b.key));
  for (const { key, update } of ordered) add(key, update);
}

/** SHA-256(uvarint(number of codes) || codes || updates || previous hash) (core/ledger/kvledger/kv_ledger.go). */
export function commitHash(codes: readonly number[], batch: UpdateBatch, previous: Buffer): Buffer {
  return createHash('sha256')
    .update(uvarint(codes.length))
    .update(Uint8Array.from(codes))
    .update(updatesBytes(batch))
    .update(previous)
    .digest();
}
