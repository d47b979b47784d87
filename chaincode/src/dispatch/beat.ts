import { processTimer } from './process-timer';

/** How long a beat is: some ten times the ordinary work of a question, whatever it is about (ADR 0075). A peer is held by it no longer than this. */
const BEAT_MS = 20;
/** How many answers may wait at a time; those beyond are sent at once. With so many in one beat the time of each is the others'. */
const MOST_WAITING = 1_000;

/** Counts from where a question came in. */
export interface Beat {
  /** Waits for the end of the beat in which it is asked. */
  end(): Promise<void>;
  /** The question is answered: nothing waits any more. */
  stop(): void;
}

/** What beats are counted with; tests have a clock of their own. */
export type BeatTimer<Timer = NodeJS.Timeout> = {
  after(milliseconds: number, then: () => void): Timer;
  stop(timer: Timer): void;
  now(): number;
};

/**
 * Makes answers wait for whole beats, each counted from its own question, so that their time tells how many and nothing finer.
 *
 * The timer of the first beat is set when the question comes in: timers have a grain of a millisecond, and one that was set when the work is done would
 * have the rest of it in its own end.
 */
export class Beats<Timer = NodeJS.Timeout> {
  readonly #timer: BeatTimer<Timer>;
  #waiting = 0;

  constructor(timer: BeatTimer<Timer>) {
    this.#timer = timer;
  }

  begin(): Beat {
    const timer = this.#timer;
    const begun = timer.now();
    let ended = 0;
    let due: { readonly at: number; readonly then: () => void } | undefined;
    const count = (): void => {
      ended += 1;
      // a process that was busy over an end calls late, and may have begun to wait in a later beat
      if (due !== undefined && ended >= due.at) due.then();
      else running = timer.after(Math.max(1, Math.round(begun + (ended + 1) * BEAT_MS - timer.now())), count);
    };
    let running = timer.after(BEAT_MS, count);
    const end = (): Promise<void> =>
      new Promise((resolve) => {
        due = { at: Math.max(ended, Math.floor((timer.now() - begun) / BEAT_MS)) + 1, then: resolve };
      });
    return {
      end: () => this.#counted(end),
      stop: () => {
        timer.stop(running);
      },
    };
  }

  async #counted(end: () => Promise<void>): Promise<void> {
    if (this.#waiting >= MOST_WAITING) return;
    this.#waiting += 1;
    await end();
    this.#waiting -= 1;
  }
}

/** The beats of this process. */
export const newBeats = (): Beats => new Beats(processTimer);
