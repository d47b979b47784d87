/** Several who could each do the same, of whom some are needed. */
export interface Hedged<Candidate, Result> {
  /** Whom to ask next; undefined when nobody is left. */
  readonly next: () => Candidate | undefined;
  readonly wanted: number;
  /** After this time without an answer of one, another is asked beside it. */
  readonly hedgeMillis: number;
  /** After this time whoever has not answered is given up. */
  readonly totalMillis: number;
  readonly attempt: (candidate: Candidate, signal: AbortSignal) => Promise<Result>;
  /** Told of everybody who failed, or was still silent when enough others had answered. What it throws ends the whole. */
  readonly onFailure: (candidate: Candidate, error: unknown) => void;
  /** Puts away an answer that came when it was no longer needed. */
  readonly discard?: (result: Result) => void;
}

/** One of several was slower than another who was asked later. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/**
 * Asks candidates in their order until enough have answered; a slow one is not waited for, others are asked beside it.
 * @returns as many results as are wanted, or all there are when nobody is left or the time is over
 * @throws what `onFailure` throws
 */
export function firstOf<Candidate, Result>(hedged: Hedged<Candidate, Result>): Promise<readonly Result[]> {
  return new Race(hedged).run();
}

interface Attempt<Candidate> {
  readonly candidate: Candidate;
  readonly abort: AbortController;
  readonly hedge: NodeJS.Timeout;
}

class Race<Candidate, Result> {
  readonly #results: Result[] = [];
  readonly #open = new Set<Attempt<Candidate>>();
  readonly #ended = Promise.withResolvers<readonly Result[]>();
  #isOver = false;

  constructor(private readonly hedged: Hedged<Candidate, Result>) {}

  async run(): Promise<readonly Result[]> {
    const deadline = setTimeout(() => {
      this.#end();
    }, this.hedged.totalMillis);
    for (let count = 0; count < this.hedged.wanted; count += 1) this.#startNext();
    this.#endIfDone();
    try {
      return await this.#ended.promise;
    } finally {
      clearTimeout(deadline);
    }
  }

  #startNext(): void {
    if (this.#isOver) return;
    const candidate = this.hedged.next();
    if (candidate === undefined) return;
    const hedge = setTimeout(() => {
      this.#startNext();
    }, this.hedged.hedgeMillis);
    const attempt = { candidate, abort: new AbortController(), hedge };
    this.#open.add(attempt);
    this.hedged.attempt(candidate, attempt.abort.signal).then(
      (result) => {
        this.#succeeded(attempt, result);
      },
      (error: unknown) => {
        this.#failed(attempt, error);
      },
    );
  }

  #succeeded(attempt: Attempt<Candidate>, result: Result): void {
    if (this.#isOver) {
      this.hedged.discard?.(result);
      return;
    }
    this.#close(attempt);
    this.#results.push(result);
    this.#endIfDone();
  }

  #failed(attempt: Attempt<Candidate>, error: unknown): void {
    if (this.#isOver) return;
    this.#close(attempt);
    if (this.#report(attempt.candidate, error)) this.#startNext();
    this.#endIfDone();
  }

  /** False when it ended the whole. */
  #report(candidate: Candidate, error: unknown): boolean {
    try {
      this.hedged.onFailure(candidate, error);
      return true;
    } catch (fault) {
      this.#ended.reject(fault instanceof Error ? fault : new Error('a failure that is no error'));
      this.#end();
      return false;
    }
  }

  #close(attempt: Attempt<Candidate>): void {
    clearTimeout(attempt.hedge);
    this.#open.delete(attempt);
  }

  #endIfDone(): void {
    if (this.#results.length >= this.hedged.wanted || this.#open.size === 0) this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const attempt of this.#open) {
      this.#close(attempt);
      this.#report(attempt.candidate, new Overtaken('others answered sooner, or the time was over'));
      attempt.abort.abort();
    }
    this.#ended.resolve(this.#results);
  }
}
