const SEPARATOR = '\u0000';

/** The key of an entry as Fabric composes it. @remarks fabric-shim createCompositeKey */
export function compositeKey(objectType: string, ...parts: readonly string[]): string {
  return SEPARATOR + [objectType, ...parts].join(SEPARATOR) + SEPARATOR;
}

/** What a key of the public state is composed of; of a key that is not composed, whatever stands there. The last part is empty. */
export function partsOfKey(key: string): { readonly objectType: string | undefined; readonly parts: readonly string[] } {
  const [, objectType, ...parts] = key.split(SEPARATOR);
  return { objectType, parts };
}
