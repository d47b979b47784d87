import { createHash } from 'node:crypto';
import { compareKeys } from '../ledger/keys';
import { type ChaincodeDefinitions, type CollectionDefinition } from '../ledger/chaincode-definition';
import { type CommittedState, type HistoryEntry, type KeyedValue, type VersionedValue } from '../ledger/committed-state';

type Ports = CommittedState;
type Versioned = VersionedValue;

const sha256 = (value: string | Buffer): string => createHash('sha256').update(value).digest('hex');

/** Committed state in memory, for simulating against values a test chose. */
export class MemoryState implements Ports {
  height = 7;
  readonly #values = new Map<string, Versioned>();
  readonly #metadata = new Map<string, ReadonlyMap<string, Buffer>>();
  readonly #hashes = new Map<string, Versioned>();
  readonly #held = new Map<string, Versioned>();

  put(namespace: string, key: string, value: string, version = { blockNumber: 3, txIndex: 1 }): this {
    this.#values.set(`${namespace}/${key}`, { value: Buffer.from(value), version });
    return this;
  }

  putMetadata(namespace: string, key: string, name: string, value: Buffer): this {
    this.#metadata.set(`${namespace}/${key}`, new Map([[name, value]]));
    return this;
  }

  /** @param holders organisations whose peers have the value; the others know its hash. */
  putPrivate(place: readonly [namespace: string, collection: string, key: string], value: string, holders: readonly string[]): this {
    const version = { blockNumber: 4, txIndex: 0 };
    const [namespace, collection, key] = place;
    this.#hashes.set(`${namespace}/${collection}/${sha256(key)}`, { value: Buffer.from(sha256(value), 'hex'), version });
    for (const mspId of holders) this.#held.set(`${mspId}/${namespace}/${collection}/${key}`, { value: Buffer.from(value), version });
    return this;
  }

  getState(namespace: string, key: string): Versioned | undefined {
    return this.#values.get(`${namespace}/${key}`);
  }

  getStateMetadata(namespace: string, key: string): ReadonlyMap<string, Buffer> | undefined {
    return this.#metadata.get(`${namespace}/${key}`);
  }

  *scanState(namespace: string, startKey: string, endKey: string): IterableIterator<KeyedValue> {
    const prefix = `${namespace}/`;
    const keys = [...this.#values.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    for (const key of keys.sort(compareKeys)) {
      const found = this.getState(namespace, key);
      if (found !== undefined && key >= startKey && (endKey === '' || key < endKey)) yield { key, ...found };
    }
  }

  getPrivateHash(namespace: string, collection: string, keyHash: Buffer): Versioned | undefined {
    return this.#hashes.get(`${namespace}/${collection}/${keyHash.toString('hex')}`);
  }

  getPrivateMetadata(): undefined {
    return undefined;
  }

  getPrivate(mspId: string, namespace: string, collection: string, key: string): Versioned | undefined {
    return this.#held.get(`${mspId}/${namespace}/${collection}/${key}`);
  }

  *scanPrivate(): IterableIterator<KeyedValue> {
    // no test needs results
  }

  *history(): IterableIterator<HistoryEntry> {
    // no test needs results
  }
}

/** Definitions of one chaincode `cc` with the collections named. */
export function definitionsWith(...collections: readonly string[]): ChaincodeDefinitions {
  return {
    get: () => undefined,
    list: () => ['cc'],
    collection: (_chaincode, name) => (collections.includes(name) ? collectionNamed(name) : undefined),
  };
}

function collectionNamed(name: string): CollectionDefinition {
  return {
    name,
    implicit: false,
    memberMspIds: ['AMSP'],
    memberPolicy: { kind: 'signature', envelope: Buffer.alloc(0) },
    requiredPeerCount: 0,
    maximumPeerCount: 0,
    blockToLive: 0,
    memberOnlyRead: false,
    memberOnlyWrite: false,
  };
}
