interface Held {
  readonly hospital: string;
  readonly giveWay: () => void;
}

/**
 * Answers that are held until something happens: each has a connection for as long, so there are as many as connections can be spared. One more has the
 * oldest give way of the hospital whose patients hold the most: it is answered that nothing has happened yet, and its holder asks again.
 */
export class HeldAnswers {
  /** The oldest first. */
  readonly #held = new Set<Held>();

  constructor(private readonly most: number) {}

  /** @param wait - ends with its own answer, or soon after `givenWay` */
  async hold<Answer>(hospital: string, wait: (givenWay: Promise<undefined>) => Promise<Answer>): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const giveWay = (): void => {
      resolve(undefined);
    };
    const held = { hospital, giveWay };
    this.#held.add(held);
    if (this.#held.size > this.most) this.#oldestOfMost()?.giveWay();
    try {
      return await wait(promise);
    } finally {
      this.#held.delete(held);
    }
  }

  #oldestOfMost(): Held | undefined {
    const counts = new Map<string, number>();
    for (const { hospital } of this.#held) counts.set(hospital, (counts.get(hospital) ?? 0) + 1);
    const most = Math.max(...counts.values());
    const oldest = [...this.#held].find(({ hospital }) => counts.get(hospital) === most);
    // it counts no more, though its answer may be on its way still
    if (oldest !== undefined) this.#held.delete(oldest);
    return oldest;
  }
}
