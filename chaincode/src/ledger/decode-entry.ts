import { entities, type Entity } from '@lianyi/domain';
import { LastUsed, parseStoredJson } from '@lianyi/domain/deciding';

/**
 * What the transactions of everybody read: who the members and their staff are, and what the members have set. Nothing of a patient: how long an answer
 * takes would tell whether somebody has asked about them before.
 */
const OF_EVERYBODY: ReadonlySet<unknown> = new Set([
  entities.parameters,
  entities.organisations,
  entities.staff,
  entities.accessParameters,
]);

/** What such entries say, by kind and bytes. They are frozen, since each is handed out many times. */
const known = new LastUsed<unknown>(1_000);
/** Of longer ones nothing is kept: there are few, and they would fill the memory. */
const MAX_KNOWN_BYTES = 4_096;

/**
 * What the bytes of an entry say, by its schema.
 *
 * Of what everybody reads it is worked out once in a process. It depends on the bytes alone, and those are read from the peer each time.
 * @throws Error — the bytes are no strict JSON, or no entry of this kind
 */
export function decodeEntry<T>(entity: Pick<Entity<T, never>, 'objectType' | 'schema'>, bytes: Uint8Array): T {
  if (!OF_EVERYBODY.has(entity) || bytes.length > MAX_KNOWN_BYTES) return parseEntry(entity, bytes);
  // one character a byte, so that other bytes are another text
  const text = `${entity.objectType} ${Buffer.from(bytes).toString('latin1')}`;
  return known.of(text, () => frozen(parseEntry(entity, bytes))) as T; // the text names the entity, whose schema has made it
}

function parseEntry<T>({ schema }: Pick<Entity<T, never>, 'schema'>, bytes: Uint8Array): T {
  return schema.parse(parseStoredJson(bytes));
}

/** The value, of which nothing can be changed any more. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
