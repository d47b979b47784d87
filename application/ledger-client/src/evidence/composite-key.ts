import { entities, isId } from '@lianyi/domain';

const SEPARATOR = '\u0000';
/** How many parts the keys of each kind of entry have. */
const partCounts: ReadonlyMap<string, number> = new Map(Object.values(entities).map(({ objectType, key }) => [objectType, key.length]));

/** The key of an entry as Fabric composes it. @remarks fabric-shim createCompositeKey */
export function compositeKey(objectType: string, ...parts: readonly string[]): string {
  return SEPARATOR + [objectType, ...parts].join(SEPARATOR) + SEPARATOR;
}

/** What a key is composed of. */
export interface KeyOfEntry {
  readonly objectType: string;
  readonly parts: readonly string[];
}

/**
 * What the key of an entry of the catalogue is composed of; undefined for every other key, however it begins.
 *
 * The chaincode reads exactly the keys that it composes. Who takes another one for such a key believes what the chaincode never reads.
 */
export function entryAt(key: string): KeyOfEntry | undefined {
  const [before, objectType = '', ...rest] = key.split(SEPARATOR);
  const parts = rest.slice(0, -1);
  if (before !== '' || rest.at(-1) !== '' || partCounts.get(objectType) !== parts.length || !parts.every(isId)) return undefined;
  return compositeKey(objectType, ...parts) === key ? { objectType, parts } : undefined;
}

/** The kind of entry that a key seems to be of at first sight and is not; undefined for a key of an entry and for whatever names none. */
export function feignedIn(key: string): string | undefined {
  if (entryAt(key) !== undefined) return undefined;
  return key.split(SEPARATOR, 2).find((part) => partCounts.has(part));
}
