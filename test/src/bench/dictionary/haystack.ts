/** How many bytes of a value are looked up at once; what is found by them is compared as a whole. */
const PREFIX_BYTES = 6;
/** Bits of the filter before the look-up for each offset: one in some thirty values passes that is not there. */
const FILTER_BITS = 32;
/** What may be an encoded value. */
const BASE64 = /[A-Za-z0-9_+/-]{16,}/g;
const HEXADECIMAL = /[0-9a-f]{16,}/gi;

/**
 * Bytes in which values are looked for by the million: at every offset, and in whatever is spelled in them as base64, base64url or
 * hexadecimal digits.
 */
export class Haystack {
  readonly #filter: Uint8Array;
  readonly #bits: number;
  readonly #prefixes: Float64Array;
  readonly #places: readonly Buffer[];

  /** @param parts what a ledger consists of: envelopes, keys, values */
  constructor(parts: readonly Uint8Array[]) {
    const all = parts.flatMap((part) => [Buffer.from(part), ...decodedIn(Buffer.from(part))]);
    this.#places = all;
    const found = new Float64Array(all.reduce((sum, { length }) => sum + Math.max(0, length - PREFIX_BYTES + 1), 0));
    this.#bits = 8 * Math.ceil((found.length * FILTER_BITS) / 8) + 8;
    this.#filter = new Uint8Array(this.#bits / 8);
    let count = 0;
    for (const part of all) {
      for (let offset = 0; offset + PREFIX_BYTES <= part.length; offset += 1) {
        const prefix = part.readUIntBE(offset, PREFIX_BYTES);
        found[(count += 1) - 1] = prefix;
        const bit = prefix % this.#bits;
        this.#filter[bit >>> 3] = (this.#filter[bit >>> 3] ?? 0) | (1 << (bit & 7));
      }
    }
    this.#prefixes = found.sort();
  }

  /** How many offsets are looked at. */
  get size(): number {
    return this.#prefixes.length;
  }

  /** Whether the bytes stand there, at any offset of anything. @param value at least six bytes */
  has(value: Uint8Array): boolean {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    // many numbers begin alike: each part of a value must stand somewhere before all is searched for the whole of it
    for (let offset = 0; offset < bytes.length; offset += PREFIX_BYTES) {
      if (!this.#mayHave(bytes.readUIntBE(Math.min(offset, bytes.length - PREFIX_BYTES), PREFIX_BYTES))) return false;
    }
    return this.#places.some((place) => place.includes(bytes));
  }

  #mayHave(prefix: number): boolean {
    const bit = prefix % this.#bits;
    return ((this.#filter[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0 && this.#isPrefix(prefix);
  }

  #isPrefix(prefix: number): boolean {
    let [from, to] = [0, this.#prefixes.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#prefixes[middle] ?? 0) < prefix) from = middle + 1;
      else to = middle;
    }
    return this.#prefixes[from] === prefix;
  }
}

/** A run of such letters may begin before the value: each of the four alignments of base64 and both of hexadecimal are tried. */
function decodedIn(part: Buffer): readonly Buffer[] {
  const text = part.toString('latin1');
  const decoded = (pattern: RegExp, encoding: 'base64url' | 'hex', shifts: readonly number[]): readonly Buffer[] =>
    [...text.matchAll(pattern)].flatMap(([run]) => shifts.map((shift) => Buffer.from(run.slice(shift), encoding)));
  return [...decoded(BASE64, 'base64url', [0, 1, 2, 3]), ...decoded(HEXADECIMAL, 'hex', [0, 1])];
}
