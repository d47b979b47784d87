/**
 * What was made of texts, for those that were asked about last, at most so many. What is made must depend on the text alone, so that to remember it
 * changes no answer; what cannot be made (`undefined`) is not remembered.
 */
export class LastUsed<Value> {
  readonly #known = new Map<string, Value>();

  constructor(private readonly most: number) {}

  /** What was made of the text; it is made now if it is not known any more. */
  of<Made extends Value | undefined>(text: string, make: () => Made): Value | Made {
    const value = this.#known.get(text) ?? make();
    if (value === undefined) return value;
    // to the end, behind all that were asked about before
    this.#known.delete(text);
    this.#known.set(text, value);
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.most && oldest !== undefined) this.#known.delete(oldest);
    return value;
  }
}
