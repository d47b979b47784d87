import { compareKeys } from '../ledger/keys';

/** Values of a map in the order Fabric writes them: by the UTF-8 bytes of their keys. */
export function sortedByKey<T>(entries: ReadonlyMap<string, T>): T[] {
  return [...entries].sort(([a], [b]) => compareKeys(a, b)).map(([, value]) => value);
}
