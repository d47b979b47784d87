/** Numbers that look like chance and are the same for the same seed (mulberry32), so that whatever is found is found again. */
export class Random {
  #state: number;

  /** @param seed 32 bits count */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0, inclusive, to 1, exclusive. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to `count`, exclusive. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @param values at least one */
  of<Value>(values: readonly Value[]): Value {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new Error('nothing to choose from');
    return value;
  }

  /** One to `most` different ones of them, in no order. */
  some<Value>(values: readonly Value[], most: number): Value[] {
    const left = [...values];
    const taken: Value[] = [];
    for (let count = Math.min(left.length, 1 + this.below(most)); count > 0; count -= 1) {
      taken.push(...left.splice(this.below(left.length), 1));
    }
    return taken;
  }

  maybe<Members extends object>(probability: number, make: () => Members): Members | Record<string, never> {
    return this.chance(probability) ? make() : {};
  }
}
