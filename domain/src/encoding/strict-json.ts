import { type Json } from './json';

/** Why a text was not accepted as strict JSON. */
export type StrictJsonProblem =
  'TOO_LARGE' | 'TOO_MANY' | 'TOO_DEEP' | 'DUPLICATE_KEY' | 'FORBIDDEN_KEY' | 'LONE_SURROGATE' | 'NUMBER_RANGE' | 'SYNTAX';

/** Limits of one kind of document, inclusive; `maxValues` counts every object, list, text, number and literal. */
export type StrictJsonLimits = { readonly maxBytes: number; readonly maxDepth: number; readonly maxValues?: number };

/** A text refused by {@link parseStrictJson}; carries the place, never the text. */
export class StrictJsonError extends Error {
  override readonly name = 'StrictJsonError';
  constructor(
    readonly problem: StrictJsonProblem,
    readonly offset: number,
  ) {
    super(`${problem} at character ${offset}`);
  }
}

/**
 * Parses JSON and refuses what two parsers could read differently.
 *
 * Duplicate keys, `__proto__`, lone surrogates (raw or escaped), numbers beyond a double, more bytes (UTF-8), values or levels than allowed.
 * The size is checked before the first character is read.
 * @throws {@link StrictJsonError} with the problem and the offset.
 * @remarks Source: RFC 8259 grammar; RFC 7493 (I-JSON) §2.1–2.3 for surrogates, numbers and duplicate names.
 */
export function parseStrictJson(text: string, limits: StrictJsonLimits): Json {
  if (!isWithin(text, limits.maxBytes)) throw new StrictJsonError('TOO_LARGE', 0);
  return asRewritten(text, limits) ?? new Parser(text, limits).document();
}

/** A UTF-16 unit is at most three UTF-8 bytes, so the exact count is needed only between the two bounds. */
function isWithin(text: string, maxBytes: number): boolean {
  return text.length * 3 <= maxBytes || (text.length <= maxBytes && new TextEncoder().encode(text).length <= maxBytes);
}

/** What JSON.stringify writes as it was read, and is refused all the same: a forbidden key, and the escape of a surrogate that may be alone. */
const REFUSED_AS_WRITTEN = ['__proto__', '\\ud'];

/**
 * What a text says that JSON.stringify would write as it stands, as all of ours are; undefined of any other, which may be strict all the same. The platform's
 * parser takes a tenth of the time, and what it forgives does not come back: a name that stands twice, a number that is rounded or beyond a double.
 */
function asRewritten(text: string, { maxDepth, maxValues }: StrictJsonLimits): Json | undefined {
  if (maxValues !== undefined || REFUSED_AS_WRITTEN.some((each) => text.includes(each))) return undefined;
  try {
    const value = JSON.parse(text) as Json; // typed as any
    return hasLevels(value, maxDepth) && JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined; // why it is refused, the parser of ours tells
  }
}

/** Whether a value has so many levels at most. */
function hasLevels(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((each) => hasLevels(each, levels - 1));
}

const WHITE_SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const LITERALS: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

class Parser {
  #offset = 0;
  #values = 0;

  constructor(
    private readonly text: string,
    private readonly limits: StrictJsonLimits,
  ) {}

  document(): Json {
    const value = this.#value(1);
    this.#skipWhiteSpace();
    if (this.#offset !== this.text.length) this.#fail('SYNTAX');
    return value;
  }

  #value(depth: number): Json {
    this.#values += 1;
    if (this.#values > (this.limits.maxValues ?? Infinity)) this.#fail('TOO_MANY');
    this.#skipWhiteSpace();
    const character = this.text[this.#offset];
    if (character === '{') return this.#object(depth);
    if (character === '[') return this.#array(depth);
    if (character === '"') return this.#string();
    for (const [literal, value] of LITERALS) {
      if (this.text.startsWith(literal, this.#offset)) {
        this.#offset += literal.length;
        return value;
      }
    }
    return this.#number();
  }

  #object(depth: number): Json {
    const members: Record<string, Json> = {};
    this.#items(depth, '}', () => {
      const at = this.#offset;
      const key = this.#string();
      if (key === '__proto__') this.#fail('FORBIDDEN_KEY', at);
      if (Object.hasOwn(members, key)) this.#fail('DUPLICATE_KEY', at);
      this.#skipWhiteSpace();
      this.#expect(':');
      members[key] = this.#value(depth + 1);
    });
    return members;
  }

  #array(depth: number): Json {
    const items: Json[] = [];
    this.#items(depth, ']', () => {
      items.push(this.#value(depth + 1));
    });
    return items;
  }

  #items(depth: number, end: '}' | ']', item: () => void): void {
    if (depth > this.limits.maxDepth) this.#fail('TOO_DEEP');
    this.#offset += 1;
    this.#skipWhiteSpace();
    if (this.text[this.#offset] === end) {
      this.#offset += 1;
      return;
    }
    for (;;) {
      this.#skipWhiteSpace();
      item();
      this.#skipWhiteSpace();
      if (this.text[this.#offset] === end) break;
      this.#expect(',');
    }
    this.#offset += 1;
  }

  #string(): string {
    const at = this.#offset;
    const value = this.#unquote(at, this.#endOfString());
    if (!value.isWellFormed()) this.#fail('LONE_SURROGATE', at);
    return value;
  }

  /** Finds the closing quote by hand: a regular expression would need a stack as deep as the string is long. */
  #endOfString(): number {
    this.#expect('"');
    while (this.text[this.#offset] !== '"') {
      if (this.#offset >= this.text.length) this.#fail('SYNTAX');
      this.#offset += this.text[this.#offset] === '\\' ? 2 : 1;
    }
    this.#offset += 1;
    return this.#offset;
  }

  /** Leaves escapes and control characters to JSON.parse, which knows RFC 8259 §7. */
  #unquote(from: number, to: number): string {
    try {
      return String(JSON.parse(this.text.slice(from, to)));
    } catch {
      return this.#fail('SYNTAX', from);
    }
  }

  #number(): number {
    const at = this.#offset;
    const value = Number(this.#match(NUMBER));
    if (!Number.isFinite(value)) this.#fail('NUMBER_RANGE', at);
    return value;
  }

  #match(token: RegExp): string {
    token.lastIndex = this.#offset;
    const found = token.exec(this.text)?.[0];
    if (found === undefined) return this.#fail('SYNTAX');
    this.#offset += found.length;
    return found;
  }

  #skipWhiteSpace(): void {
    this.#match(WHITE_SPACE);
  }

  #expect(character: string): void {
    if (this.text[this.#offset] !== character) this.#fail('SYNTAX');
    this.#offset += 1;
  }

  #fail(problem: StrictJsonProblem, offset = this.#offset): never {
    throw new StrictJsonError(problem, offset);
  }
}
