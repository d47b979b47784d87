import type { ChaincodeStub } from 'fabric-shim';
import { policyOfOrganisations } from './key-endorsement';
import { prefixOf } from './keys';
import { collectionOf, publicSpace, type ScanRequest, type Space, type StateBackend, type StateEntry, type StateWrite } from './state';

type Entries = Awaited<ReturnType<ChaincodeStub['getStateByRangeWithPagination']>>['iterator'];

async function firstOf(iterator: Entries, limit: number): Promise<readonly StateEntry[]> {
  const entries: StateEntry[] = [];
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    entries.push({ key: next.value.key, value: next.value.value });
    if (entries.length === limit) break;
  }
  await iterator.close();
  return entries;
}

/** The peer, through the shim: one message for each key. Every call of the stub's state functions is in this file. */
export class StubState implements StateBackend {
  constructor(private readonly stub: ChaincodeStub) {}

  readMany(space: Space, keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    return Promise.all(keys.map((key) => this.#read(space, key)));
  }

  async scan(request: ScanRequest): Promise<readonly StateEntry[]> {
    // Fabric takes the bookmark as the first key of the page (core/chaincode/handler.go, HandleGetStateByRange); the smallest key
    // after `after` is `after` with U+0000 behind it.
    const bookmark = request.after === undefined ? '' : `${request.after}\u0000`;
    const { space = publicSpace, objectType, parts, limit } = request;
    if (space.kind === 'private') return this.#scanPrivate(space, request);
    const page = await this.stub.getStateByPartialCompositeKeyWithPagination(objectType, [...parts], limit, bookmark);
    return await firstOf(page.iterator, limit);
  }

  /** Of private data Fabric has no pages: the range begins behind the last key of the page before, and is read no further than the page. */
  async #scanPrivate(space: Space, { objectType, parts, limit, after }: ScanRequest): Promise<readonly StateEntry[]> {
    const start = prefixOf(objectType, parts);
    const from = after === undefined ? start : `${after}\u0000`;
    // as the shim ends a range of composite keys (stub.js, MAX_UNICODE_RUNE_VALUE)
    const found = await this.stub.getPrivateDataByRange(collectionOf(space), from, `${start}\u{10ffff}`);
    return await firstOf(found.iterator, limit);
  }

  async apply(writes: readonly StateWrite[]): Promise<void> {
    // The shim queues the messages of one transaction, so their order stays; the first failure fails the transaction.
    for (const write of writes) {
      await this.#apply(write);
    }
  }

  async #read(space: Space, key: string): Promise<Uint8Array | undefined> {
    const value = space.kind === 'public' ? await this.stub.getState(key) : await this.stub.getPrivateData(collectionOf(space), key);
    return value.length === 0 ? undefined : value;
  }

  #apply(write: StateWrite): Promise<void> {
    const collection = collectionOf(write.space);
    switch (write.kind) {
      case 'put':
        return collection === ''
          ? this.stub.putState(write.key, write.value)
          : this.stub.putPrivateData(collection, write.key, write.value);
      case 'delete':
        return collection === '' ? this.stub.deleteState(write.key) : this.stub.deletePrivateData(collection, write.key);
      case 'purge':
        return this.stub.purgePrivateData(collection, write.key);
      case 'endorsers':
        return this.stub.setStateValidationParameter(write.key, policyOfOrganisations(write.mspIds));
    }
  }
}
