import { type Entity, isId, type KeyPart, type KeyValues } from '@lianyi/domain';

/**
 * The one place where ledger keys are made. Which parts a key has, the entities of the domain's areas say; `docs/ledger-keys.md` is
 * printed from them.
 *
 * A key is Fabric's composite key: U+0000, object type, U+0000, each part followed by U+0000. Every part must be a plain id, so no
 * part holds a separator and no id reaches another's key.
 */
export type Keyed<Parts extends readonly KeyPart<unknown>[]> = Pick<Entity<unknown, Parts>, 'objectType' | 'key'>;

/** The first values of a key, from none to all. */
export type FirstOf<Values extends readonly unknown[]> = Values extends readonly [...infer First, unknown]
  ? Values | FirstOf<First>
  : Values;

/**
 * Builds the key of one entity.
 *
 * @throws Error — a value is no id.
 * @remarks Source: core/chaincode/shim CreateCompositeKey of Fabric's chaincode shims.
 */
export function keyOf<const Parts extends readonly KeyPart<unknown>[]>(entity: Keyed<Parts>, values: KeyValues<Parts>): string {
  return prefixOf(entity.objectType, spelled(entity, values));
}

/** The first parts of an entity's key, spelled. */
export function spelled(entity: Keyed<readonly KeyPart<unknown>[]>, values: readonly unknown[]): readonly string[] {
  return entity.key.slice(0, values.length).map((part, index) => part.spell(values[index]));
}

/** Builds the common beginning of the keys under the first parts. @throws Error — a part is no id. */
export function prefixOf(objectType: string, parts: readonly string[]): string {
  const bad = parts.findIndex((part) => !isId(part));
  if (bad >= 0) {
    throw new Error(`${objectType}: key part ${bad + 1} is not an id`);
  }
  return `\u0000${objectType}\u0000${parts.map((part) => `${part}\u0000`).join('')}`;
}
