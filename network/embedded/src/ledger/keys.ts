/** Order of keys: UTF-8 bytes, which differs from JavaScript's UTF-16 order beyond U+FFFF. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

export function sortedKeys<T>(map: ReadonlyMap<string, T>): readonly string[] {
  return [...map.keys()].sort(compareKeys);
}
