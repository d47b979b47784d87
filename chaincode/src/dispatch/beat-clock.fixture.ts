import { type BeatTimer } from './beat';

/** A clock that goes on when it is told to. */
export class BeatClock implements BeatTimer<number> {
  #at = 0;
  #next = 0;
  readonly #timers = new Map<number, { readonly at: number; readonly then: () => void }>();

  now(): number {
    return this.#at;
  }

  after(milliseconds: number, then: () => void): number {
    this.#next += 1;
    this.#timers.set(this.#next, { at: this.#at + milliseconds, then });
    return this.#next;
  }

  stop(timer: number): void {
    this.#timers.delete(timer);
  }

  /** How many timers are set. */
  get set(): number {
    return this.#timers.size;
  }

  /** Time in which the process can do nothing: timers that were due meanwhile are late. */
  work(milliseconds: number): void {
    this.#at += milliseconds;
  }

  /** Time in which it only waits. */
  async wait(milliseconds: number): Promise<void> {
    const until = this.#at + milliseconds;
    for (;;) {
      const [due] = [...this.#timers].filter(([, { at }]) => at <= until).sort(([, one], [, other]) => one.at - other.at);
      if (due === undefined) break;
      const [timer, { at, then }] = due;
      this.#timers.delete(timer);
      this.#at = Math.max(this.#at, at);
      then();
      await allGoneOn();
    }
    this.#at = Math.max(this.#at, until);
  }
}

/** Whatever could go on has. */
export function allGoneOn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
