/** Order of keys, namespaces and collections in Fabric: UTF-8 bytes, not JavaScript's UTF-16 units. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

export function sortedByKey<T>(entries: ReadonlyMap<string, T>): T[] {
  return [...entries].sort(([a], [b]) => compareKeys(a, b)).map(([, value]) => value);
}
