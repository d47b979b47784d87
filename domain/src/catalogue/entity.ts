import { type z } from 'zod';
import { type MspId } from '../ids';
import { type Instant, millisecondsOf } from '../instant';

/** One part of a ledger key: its name, the type it is made from, and how that is spelled as an id. */
export type KeyPart<Value> = {
  readonly name: string;
  /** Methods, here and below, so that a list of different parts or entities has a type. */
  spell(value: Value): string;
};

/** The values of which a key is made, in the order of its parts. */
export type KeyValues<Parts extends readonly KeyPart<unknown>[]> = {
  readonly [Index in keyof Parts]: Parts[Index] extends KeyPart<infer Value> ? Value : never;
};

/**
 * Who must endorse a change of an entity.
 *
 * `channel`: what the chaincode's policy demands. `owner`: the one organisation in whose private data it lies. Else the named
 * organisations, all of them, whatever the chaincode's policy: Fabric's key-level endorsement, which the repository writes beside the
 * value. It holds from the next change on; the change that makes the entity still follows the chaincode's policy.
 */
export type Endorsement<T> = 'channel' | 'owner' | { endorsersOf(entity: T): readonly MspId[] };

/** One kind of entity: what it looks like, how it is keyed and who endorses it. The ledger's repositories are made from this. */
export type Entity<T = unknown, Parts extends readonly KeyPart<unknown>[] = readonly KeyPart<unknown>[], Kind = Endorsement<T>> = {
  /** The first word of its keys. */
  readonly objectType: string;
  readonly summary: string;
  readonly schema: z.ZodType<T>;
  readonly key: Parts;
  /** The entity's own key. */
  keyOf(entity: T): KeyValues<Parts>;
  readonly endorsement: Kind;
};

/** Declares an entity; the key parts keep their types, so that swapped ids do not compile. */
export function defineEntity<
  Schema extends z.ZodType,
  const Parts extends readonly KeyPart<unknown>[],
  const Kind extends Endorsement<z.output<Schema>>,
>(declaration: {
  readonly objectType: string;
  readonly summary: string;
  readonly schema: Schema;
  readonly key: Parts;
  keyOf(entity: z.output<Schema>): KeyValues<Parts>;
  readonly endorsement: Kind;
}): Entity<z.output<Schema>, Parts, Kind> {
  // a schema is a schema of its own output, which the compiler does not see while Schema is open
  return declaration as typeof declaration & { readonly schema: z.ZodType<z.output<Schema>> };
}

/** A part that is an id of its brand, spelled as it is. */
export function idPart<Id extends string>(name: string): KeyPart<Id> {
  return { name, spell: (id) => id };
}

const VERSION_DIGITS = 6;

/** A version or key epoch from 1 on, in fixed width, so that keys sort as the numbers do. */
export function versionPart(name: string): KeyPart<number> {
  return { name, spell: (version) => String(version).padStart(VERSION_DIGITS, '0') };
}

/** The year 2286: beyond it the inverted time would change its width. */
const LAST_MILLISECOND = 9_999_999_999_999;

/** An instant that counts down, so that a prefix scan meets the newest first. */
export function newestFirstPart(name: string): KeyPart<Instant> {
  return { name, spell: (instant) => invertedTime(millisecondsOf(instant)) };
}

function invertedTime(epochMilliseconds: number): string {
  const inverted = LAST_MILLISECOND - epochMilliseconds;
  if (!Number.isInteger(inverted) || inverted < 0 || inverted > LAST_MILLISECOND) {
    throw new Error('the time lies outside of what a key can hold');
  }
  return String(inverted).padStart(String(LAST_MILLISECOND).length, '0');
}

const INDEX_DIGITS = 3;

/** A number from 0 on that tells apart the lines of one transaction. */
export function indexPart(name: string): KeyPart<number> {
  return { name, spell: (index) => String(index).padStart(INDEX_DIGITS, '0') };
}
