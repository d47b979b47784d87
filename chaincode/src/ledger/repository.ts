import { canonicalJson, decodeBase64url, DomainError, encodeBase64url, isId, type Json } from '@lianyi/domain';
import { type EntityKey, keyOf, type KeyParts, prefixOf } from './keys';
import { type Overlay } from './overlay';
import { publicSpace, type Space, type StateReader } from './state';

/** How one entity is stored: its key, its decoder (which throws), and which of its fields are the key. */
export type EntityStore<T, Parts extends readonly string[]> = {
  readonly key: EntityKey<Parts>;
  readonly decode: (value: unknown) => T;
  readonly partsOf: (value: T) => KeyParts<Parts>;
};

/** Which part of a list is wanted; `after` is the `next` of the page before. */
export type PageRequest = { readonly limit: number; readonly after?: string };
/** One page of a list; `next` is absent on the last. */
export type Page<T> = { readonly items: T[]; readonly next?: string };

/** Reads one kind of entity. All that an evaluate use case gets. */
export class ReadRepository<T, Parts extends readonly string[]> {
  constructor(
    protected readonly store: EntityStore<T, Parts>,
    private readonly reader: StateReader,
    protected readonly space: Space = publicSpace,
  ) {}

  /** The entity, or undefined. */
  async find(...parts: KeyParts<Parts>): Promise<T | undefined> {
    const bytes = await this.reader.read(this.space, keyOf(this.store.key, parts));
    return bytes === undefined ? undefined : this.#decode(bytes);
  }

  /** @throws {@link DomainError} `NOT_FOUND` — there is none. */
  async get(...parts: KeyParts<Parts>): Promise<T> {
    const found = await this.find(...parts);
    if (found === undefined) {
      throw new DomainError('NOT_FOUND', undefined, { entity: this.store.key.objectType });
    }
    return found;
  }

  /** One page of the entities under the first key parts, in key order. For evaluate use cases: a list is not for decisions. */
  async list(parts: readonly string[], page: PageRequest): Promise<Page<T>> {
    const remaining = this.store.key.parts.length - parts.length;
    const entries = await this.reader.scan({
      objectType: this.store.key.objectType,
      parts,
      // one more tells whether there is a next page
      limit: page.limit + 1,
      ...(page.after === undefined ? {} : { after: prefixOf(this.store.key, [...parts, ...decodeCursor(page.after, remaining)]) }),
    });
    const items = entries.slice(0, page.limit).map((entry) => this.#decode(entry.value));
    const last = items.at(-1);
    if (entries.length <= page.limit || last === undefined) {
      return { items };
    }
    return { items, next: encodeCursor(this.store.partsOf(last).slice(parts.length)) };
  }

  #decode(bytes: Uint8Array): T {
    try {
      return this.store.decode(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    } catch (cause) {
      // a stored value that no longer fits is the operator's matter, never the caller's INVALID_REQUEST
      throw new DomainError('CORRUPT_STATE', undefined, { entity: this.store.key.objectType }, { cause });
    }
  }
}

/** Reads and writes one kind of entity. */
export class Repository<T, Parts extends readonly string[]> extends ReadRepository<T, Parts> {
  constructor(
    store: EntityStore<T, Parts>,
    private readonly overlay: Overlay,
    space: Space = publicSpace,
  ) {
    super(store, overlay, space);
  }

  /** @throws {@link DomainError} `ALREADY_EXISTS` — the key is taken. */
  async insert(value: T & Json): Promise<void> {
    if ((await this.overlay.read(this.space, this.#keyOf(value))) !== undefined) {
      throw new DomainError('ALREADY_EXISTS', undefined, { entity: this.store.key.objectType });
    }
    this.#put(value);
  }

  /** Writes over an entity. It is read first if the use case has not, so that its version stands in the read set (security.md L4). */
  async replace(value: T & Json): Promise<void> {
    await this.get(...this.store.partsOf(value));
    this.#put(value);
  }

  /** Writes without reading; only for keys that hold the transaction's own id, which nobody else can write. */
  append(value: T & Json): void {
    this.#put(value);
  }

  /** Removes a private entity from every peer, its history included. */
  purge(...parts: KeyParts<Parts>): void {
    this.overlay.write({ kind: 'purge', space: this.space, key: keyOf(this.store.key, parts) });
  }

  #keyOf(value: T): string {
    return keyOf(this.store.key, this.store.partsOf(value));
  }

  #put(value: T & Json): void {
    this.overlay.write({ kind: 'put', space: this.space, key: this.#keyOf(value), value: Buffer.from(canonicalJson(value), 'utf8') });
  }
}

/** A place in a list: the key parts that the list's own do not tell, which are ids and so hold no full stop. */
function encodeCursor(parts: readonly string[]): string {
  return encodeBase64url(Buffer.from(parts.join('.'), 'utf8'));
}

function decodeCursor(cursor: string, partCount: number): readonly string[] {
  const parts = Buffer.from(decodeBase64url(cursor) ?? [])
    .toString('utf8')
    .split('.');
  if (parts.length !== partCount || !parts.every(isId)) {
    throw new DomainError('INVALID_REQUEST', undefined, { path: 'input.after', problem: 'not a cursor of this list' });
  }
  return parts;
}
