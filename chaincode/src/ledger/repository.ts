import {
  canonicalJson,
  decodeBase64url,
  DomainError,
  encodeBase64url,
  type Entity,
  isId,
  type Json,
  type KeyPart,
  type KeyValues,
} from '@lianyi/domain';
import { decodeEntry } from './decode-entry';
import { type FirstOf, keyOf, prefixOf, spelled } from './keys';
import { type Overlay } from './overlay';
import { publicSpace, type Space, type StateReader } from './state';

/** Which part of a list is wanted; `after` is the `next` of the page before. */
export type PageRequest = { readonly limit: number; readonly after?: string };
/** One page of a list; `next` is absent on the last. */
export type Page<T> = { readonly items: T[]; readonly next?: string; readonly unreadable?: number };

/** Reads one kind of entity. All that an evaluate use case gets. */
export class ReadRepository<T, Parts extends readonly KeyPart<unknown>[]> {
  constructor(
    protected readonly entity: Entity<T, Parts>,
    private readonly reader: StateReader,
    protected readonly space: Space = publicSpace,
  ) {}

  /** The entity, or undefined. */
  async find(...key: KeyValues<Parts>): Promise<T | undefined> {
    const place = keyOf(this.entity, key);
    const bytes = await this.reader.read(this.space, place);
    if (bytes === undefined) return undefined;
    const found = this.#decode(bytes);
    // whoever asks for one entry is never handed another's
    if (keyOf(this.entity, this.entity.keyOf(found)) !== place) throw corrupt(this.entity);
    return found;
  }

  /** @throws {@link DomainError} `NOT_FOUND` — there is none. */
  async get(...key: KeyValues<Parts>): Promise<T> {
    const found = await this.find(...key);
    if (found === undefined) {
      throw new DomainError('NOT_FOUND', undefined, { entity: this.entity.objectType });
    }
    return found;
  }

  /**
   * One page of the entities under the first key parts, in key order. For evaluate use cases: a list is not for decisions.
   *
   * Each is held against the key it stands under. What is another entry's, or none, is left out and counted: whatever colluding endorsers
   * have written under these parts, each entry that is one is in some page, and a page goes on where the keys do.
   */
  async list(under: FirstOf<KeyValues<Parts>>, page: PageRequest): Promise<Page<T>> {
    const { objectType } = this.entity;
    const parts = spelled(this.entity, under);
    const remaining = this.entity.key.length - parts.length;
    const entries = await this.reader.scan({
      ...(this.space.kind === 'public' ? {} : { space: this.space }),
      objectType,
      parts,
      // one more tells whether there is a next page
      limit: page.limit + 1,
      ...(page.after === undefined ? {} : { after: prefixOf(objectType, [...parts, ...decodeCursor(page.after, remaining)]) }),
    });
    const scanned = entries.slice(0, page.limit);
    const items = scanned.flatMap(({ key, value }) => this.#fitting(key, value));
    const unreadable = scanned.length - items.length;
    const told = { items, ...(unreadable === 0 ? {} : { unreadable }) };
    if (entries.length <= page.limit) return told;
    const places = scanned.flatMap(({ key }) => placeOf(key, parts.length, remaining));
    const last = places.at(-1);
    // where no key of a whole page is one of ours, nobody can be told where it goes on
    if (last === undefined) throw corrupt(this.entity);
    return { ...told, next: encodeCursor(last) };
  }

  /** The entity that a stored value is, if it is the one of its key. */
  #fitting(key: string, value: Uint8Array): readonly T[] {
    try {
      const found = this.#decode(value);
      return keyOf(this.entity, this.entity.keyOf(found)) === key ? [found] : [];
    } catch (error) {
      if (error instanceof DomainError && error.code === 'CORRUPT_STATE') return [];
      throw error;
    }
  }

  #decode(bytes: Uint8Array): T {
    try {
      return decodeEntry(this.entity, bytes);
    } catch (cause) {
      // a stored value that no longer fits is the operator's matter, never the caller's INVALID_REQUEST
      throw corrupt(this.entity, cause);
    }
  }
}

function corrupt({ objectType }: { readonly objectType: string }, cause?: unknown): DomainError {
  return new DomainError('CORRUPT_STATE', undefined, { entity: objectType }, { cause });
}

/** Reads and writes one kind of entity. */
export class Repository<T, Parts extends readonly KeyPart<unknown>[]> extends ReadRepository<T, Parts> {
  constructor(
    entity: Entity<T, Parts>,
    private readonly overlay: Overlay,
    space: Space = publicSpace,
  ) {
    super(entity, overlay, space);
  }

  /** @throws {@link DomainError} `ALREADY_EXISTS` — the key is taken. */
  async insert(value: T & Json): Promise<void> {
    if (!(await this.isFree(...this.entity.keyOf(value))))
      throw new DomainError('ALREADY_EXISTS', undefined, { entity: this.entity.objectType });
    this.#put(value);
  }

  /**
   * Whether nothing stands under a key, readable or not. Where nothing does, the unit is not valid if something is written there
   * before it is committed, for its read set says so.
   */
  async isFree(...key: KeyValues<Parts>): Promise<boolean> {
    return (await this.overlay.read(this.space, keyOf(this.entity, key))) === undefined;
  }

  /** Writes over an entity. It is read first if the use case has not, so that its version stands in the read set. */
  async replace(value: T & Json): Promise<void> {
    await this.get(...this.entity.keyOf(value));
    this.#put(value);
  }

  /** Writes an entity, whether it is there or not. It is read first if the use case has not, as for {@link replace}. */
  async put(value: T & Json): Promise<void> {
    await this.find(...this.entity.keyOf(value));
    this.#put(value);
  }

  /** Writes over whatever stands there, readable or not; its version stands in the read set. */
  async writeOver(value: T & Json): Promise<void> {
    await this.isFree(...this.entity.keyOf(value));
    this.#put(value);
  }

  /** Writes without reading; only for keys that hold the unit's own id, or the version of an entry that this unit replaces: nobody else can write them. */
  append(value: T & Json): void {
    this.#put(value);
  }

  /** Removes a private entity from every peer, its history included. */
  purge(...key: KeyValues<Parts>): void {
    this.overlay.write({ kind: 'purge', space: this.space, key: keyOf(this.entity, key) });
  }

  #keyOf(value: T): string {
    return keyOf(this.entity, this.entity.keyOf(value));
  }

  #put(value: T & Json): void {
    const key = this.#keyOf(value);
    this.overlay.write({ kind: 'put', space: this.space, key, value: Buffer.from(canonicalJson(value), 'utf8') });
    const mspIds = this.#endorsersOf(value);
    // written each time: a key that is older than its entity's policy gets one too
    if (mspIds !== undefined) {
      this.overlay.write({ kind: 'endorsers', space: publicSpace, key, mspIds });
    }
  }

  /** The organisations that an entity names, sorted; undefined where the channel or the owner endorses. */
  #endorsersOf(value: T): readonly string[] | undefined {
    const { endorsement } = this.entity;
    return typeof endorsement === 'string' ? undefined : [...new Set(endorsement.endorsersOf(value))].sort();
  }
}

/** The parts of a scanned key behind the list's own, if they are as many as an entry of the list has, and ids. */
function placeOf(key: string, ownParts: number, remaining: number): readonly (readonly string[])[] {
  const parts = key.split('\u0000').slice(2 + ownParts, -1);
  return parts.length === remaining && parts.every(isId) ? [parts] : [];
}

/** A place in a list: the key parts that the list's own do not tell, which are ids and so hold no full stop. */
export function encodeCursor(parts: readonly string[]): string {
  return encodeBase64url(Buffer.from(parts.join('.'), 'utf8'));
}

/** @throws {@link DomainError} `INVALID_REQUEST` — it is no place in a list whose keys have so many parts of their own. */
export function decodeCursor(cursor: string, partCount: number): readonly string[] {
  const parts = partsOfCursor(cursor, partCount);
  if (!parts.every(isId)) throw notOfThisList();
  return parts;
}

/** The same, whatever its parts are. @throws {@link DomainError} `INVALID_REQUEST` */
export function partsOfCursor(cursor: string, partCount: number): readonly string[] {
  const parts = Buffer.from(decodeBase64url(cursor) ?? [])
    .toString('utf8')
    .split('.');
  if (parts.length !== partCount) throw notOfThisList();
  return parts;
}

function notOfThisList(): DomainError {
  return new DomainError('INVALID_REQUEST', undefined, { path: 'input.after', problem: 'not a cursor of this list' });
}

/** How many entries are read at once. */
const AT_ONCE = 100;

/** Every entry of a list, which is read page by page. @param after - a place in it to begin behind */
export async function* everyEntry<T>(list: (page: PageRequest) => Promise<Page<T>>, after?: string): AsyncGenerator<T> {
  let next = after;
  do {
    const page = await list({ limit: AT_ONCE, ...(next === undefined ? {} : { after: next }) });
    yield* page.items;
    next = page.next;
  } while (next !== undefined);
}
