const MAX_DEPTH = 32;

/** Tells that a value has no canonical form; a fault of the program, never of a request (those were parsed). */
export class NotCanonicalError extends Error {
  override readonly name = 'NotCanonicalError';
}

/**
 * Writes a value as canonical JSON: one value, one string, on every machine.
 *
 * Narrower than RFC 8785 on purpose: numbers are safe integers, so ECMAScript's float formatting never decides a hash,
 * and lone surrogates, `undefined`, `__proto__` and objects with a prototype of their own are refused.
 * @throws {@link NotCanonicalError} for such values and beyond 32 levels.
 * @remarks Source: RFC 8785 §3.2.2 (strings as JSON.stringify writes them), §3.2.3 (keys by UTF-16 code unit).
 */
export function canonicalJson(value: unknown): string {
  return write(value, 1);
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new NotCanonicalError(`deeper than ${MAX_DEPTH} levels`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeString(value);
  if (typeof value === 'number') return writeInteger(value);
  if (Array.isArray(value)) return writeArray(value, depth);
  if (isPlainObject(value)) return writeObject(value, depth);
  throw new NotCanonicalError(`no canonical form for ${typeof value}`);
}

/** What stands in JSON as it is: printable ASCII but for the quote and the backslash. */
const PLAIN = /^[ !#-[\]-~]*$/;

function writeString(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw new NotCanonicalError('lone surrogate');
  return JSON.stringify(value);
}

function writeInteger(value: number): string {
  if (!Number.isSafeInteger(value)) throw new NotCanonicalError('not a safe integer');
  return String(value); // -0 becomes 0, as RFC 8785 §3.2.2.3 asks
}

function writeArray(items: readonly unknown[], depth: number): string {
  // Array.from also visits holes, which map() would skip
  return `[${Array.from(items, (item) => write(item, depth + 1)).join(',')}]`;
}

function writeObject(object: Readonly<Record<string, unknown>>, depth: number): string {
  if (Object.getOwnPropertySymbols(object).length > 0) throw new NotCanonicalError('symbol key');
  const members = Object.keys(object)
    .sort() // default order is by UTF-16 code unit, which is RFC 8785's
    .map((key) => {
      if (key === '__proto__') throw new NotCanonicalError('__proto__ key');
      return `${writeString(key)}:${write(object[key], depth + 1)}`;
    });
  return `{${members.join(',')}}`;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // a foreign realm's Object.prototype (jest, vm) is still a plain object: it is the end of its chain
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
