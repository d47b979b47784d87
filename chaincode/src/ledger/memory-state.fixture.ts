import { prefixOf } from './keys';
import { collectionOf, publicSpace, type ScanRequest, type Space, type StateBackend, type StateEntry, type StateWrite } from './state';

/**
 * World state in memory, for the tests of use cases.
 *
 * It keeps what the dispatcher asked of it, so that a test can assert the read pattern and the write set. It is deliberately stricter
 * than a peer nowhere: what Fabric does beyond this (versions, phantom checks, policies) is tested on a network.
 */
export class MemoryState implements StateBackend {
  readonly #values = new Map<string, Uint8Array>();
  /** The keys of each `readMany`, in order. */
  readonly reads: { readonly collection: string; readonly keys: readonly string[] }[] = [];
  /** Each scan, in order. */
  readonly scans: ScanRequest[] = [];
  /** Who must endorse the next change of a key that has a policy of its own. */
  readonly endorsers = new Map<string, readonly string[]>();
  /** The writes of each applied transaction. */
  readonly applied: (readonly StateWrite[])[] = [];

  readMany(space: Space, keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    this.reads.push({ collection: collectionOf(space), keys });
    return Promise.resolve(keys.map((key) => this.#values.get(slot(space, key))));
  }

  scan(request: ScanRequest): Promise<readonly StateEntry[]> {
    this.scans.push(request);
    const { space = publicSpace } = request;
    const start = prefixOf(request.objectType, request.parts);
    const entries = [...this.#values]
      .filter(([key]) => key.startsWith(slot(space, start)) && (request.after === undefined || key > slot(space, request.after)))
      .map(([key, value]) => ({ key: key.slice(slot(space, '').length), value }))
      .sort((left, right) => (left.key < right.key ? -1 : 1));
    return Promise.resolve(entries.slice(0, request.limit));
  }

  apply(writes: readonly StateWrite[]): Promise<void> {
    this.applied.push(writes);
    for (const write of writes) {
      if (write.kind === 'endorsers') {
        this.endorsers.set(write.key, write.mspIds);
      } else if (write.kind === 'put') {
        this.#values.set(slot(write.space, write.key), write.value);
      } else {
        this.#values.delete(slot(write.space, write.key));
      }
    }
    return Promise.resolve();
  }

  /** A copy, to try several things from one state. */
  fork(): MemoryState {
    const copy = new MemoryState();
    for (const [key, value] of this.#values) {
      copy.#values.set(key, value);
    }
    for (const [key, mspIds] of this.endorsers) copy.endorsers.set(key, mspIds);
    return copy;
  }

  /** Everything that stands in one space, as text. */
  dump(space: Space): ReadonlyMap<string, string> {
    const prefix = slot(space, '');
    const entries = [...this.#values].filter(([key]) => key.startsWith(prefix));
    return new Map(entries.map(([key, value]) => [key.slice(prefix.length), Buffer.from(value).toString('utf8')]));
  }
}

/** Collection first; public state has the empty collection, so its slots start with U+0000. */
function slot(space: Space, key: string): string {
  return `${collectionOf(space)}\u0000${key}`;
}
