export interface Stage {
  readonly stage: string;
  readonly millis: number;
}

/** Measures the named stages of a longer piece of work; stages may overlap. */
export class Stopwatch {
  readonly #begun = performance.now();
  readonly #measured: Stage[] = [];

  constructor(private readonly report: (stage: Stage) => void = () => undefined) {}

  get stages(): readonly Stage[] {
    return this.#measured;
  }

  get elapsedMillis(): number {
    return Math.round(performance.now() - this.#begun);
  }

  async time<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const result = await work();
    const entry = { stage, millis: Math.round(performance.now() - begun) };
    this.#measured.push(entry);
    this.report(entry);
    return result;
  }
}
