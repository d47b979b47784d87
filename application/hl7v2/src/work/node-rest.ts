import { longerEachTime } from './longer';

const FIRST_REST_MILLIS = 2_000;
const LONGEST_REST_MILLIS = 30_000;
/** A node by which something was published so lately works: it rests no longer than the first time. */
const LATELY_MILLIS = 300_000;

/**
 * Until when the hospital's node is left alone: after a whole round of messages that failed, one behind the other and none published between, for what is
 * the node's fault or seems so. Each round without a publication makes it longer, but not of a node that has published lately: then it is those messages,
 * each for a reason of its own, and the others behind them do not wait for long.
 */
export class NodeRest {
  /** How many have failed since the last that was published, and how many rounds of them. */
  #failures = 0;
  #rounds = 0;
  #until = 0;
  #publishedAt = -Infinity;

  /** @param round - so many are asked for at once */
  constructor(
    private readonly round: number,
    private readonly now: () => number = Date.now,
  ) {}

  get isOver(): boolean {
    return this.now() >= this.#until;
  }

  published(): void {
    this.#failures = 0;
    this.#rounds = 0;
    this.#publishedAt = this.now();
  }

  /** For what is the node's fault, or one of this program. */
  failed(): void {
    this.#failures += 1;
    if (this.#failures % this.round !== 0) return;
    const isLately = this.now() - this.#publishedAt < LATELY_MILLIS;
    this.#until = this.now() + (isLately ? FIRST_REST_MILLIS : longerEachTime(FIRST_REST_MILLIS, LONGEST_REST_MILLIS, this.#rounds++));
  }
}
