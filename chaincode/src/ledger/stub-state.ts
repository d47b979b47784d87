import type { ChaincodeStub } from 'fabric-shim';
import { policyOfOrganisations } from './key-endorsement';
import { prefixOf } from './keys';
import { collectionOf, type ScanRequest, type Space, type StateBackend, type StateEntry, type StateWrite } from './state';

/** The peer, through the shim: one message for each key. Every call of the stub's state functions is in this file. */
export class StubState implements StateBackend {
  constructor(private readonly stub: ChaincodeStub) {}

  readMany(space: Space, keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    return Promise.all(keys.map((key) => this.#read(space, key)));
  }

  async scan(request: ScanRequest): Promise<readonly StateEntry[]> {
    if (request.space?.kind === 'private') return this.#scanPrivate(request.space, request);
    // Fabric takes the bookmark as the first key of the page (core/chaincode/handler.go, HandleGetStateByRange); the smallest key
    // after `after` is `after` with U+0000 behind it.
    const bookmark = request.after === undefined ? '' : `${request.after}\u0000`;
    const page = await this.stub.getStateByPartialCompositeKeyWithPagination(
      request.objectType,
      [...request.parts],
      request.limit,
      bookmark,
    );
    const entries: StateEntry[] = [];
    for (let next = await page.iterator.next(); !next.done; next = await page.iterator.next()) {
      entries.push({ key: next.value.key, value: next.value.value });
    }
    await page.iterator.close();
    return entries;
  }

  /** Of private data Fabric has no pages: the range begins behind the last key of the page before, and is read no further than the page. */
  async #scanPrivate(space: Space, { objectType, parts, limit, after }: ScanRequest): Promise<readonly StateEntry[]> {
    const start = prefixOf(objectType, parts);
    const from = after === undefined ? start : `${after}\u0000`;
    const entries: StateEntry[] = [];
    // as the shim ends a range of composite keys (stub.js, MAX_UNICODE_RUNE_VALUE); what it resolves to is no iterator, whatever its types say
    for await (const { key, value } of this.stub.getPrivateDataByRange(collectionOf(space), from, `${start}\u{10ffff}`)) {
      entries.push({ key, value });
      if (entries.length === limit) break;
    }
    return entries;
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
