import { DomainError } from '@lianyi/domain';

/** How much of one kind of work a node does side by side. */
export interface LaneLimits {
  /** Of all callers together. */
  readonly atOnce: number;
  /** Of one caller. */
  readonly perCaller: number;
  /** How many may wait in all. */
  readonly waiting: number;
  /** Of one caller; left out: as many as may run. Waiting holds a connection and no more, so those who are known may do much of it. */
  readonly waitingPerCaller?: number;
  /** Has the caller of whom most wait give a place up to one of whom fewer do, when too many wait: for callers whom nobody counts. */
  readonly largestGivesWay?: boolean;
  /** Lets each caller have one running whatever the others have: for callers of a bounded number, such as the members. */
  readonly hasOneForEach?: boolean;
  /** How long one may wait, in milliseconds. */
  readonly patienceMillis?: number;
}

interface Waiter {
  readonly caller: string;
  readonly start: () => void;
  readonly giveUp: () => void;
}

const DEFAULT_PATIENCE_MILLIS = 10_000;
const RETRY_AFTER_SECONDS = 1;

/**
 * Lets so much work in at once, of all callers and of each, and a bounded number wait. A caller that fills its share keeps nobody else
 * waiting: the next in the queue whose share has room goes first.
 */
export class Lane {
  #running = 0;
  readonly #runningOf = new Map<string, number>();
  readonly #waiters = new Set<Waiter>();

  constructor(private readonly limits: LaneLimits) {}

  /** What runs and what waits. */
  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running, waiting: this.#waiters.size };
  }

  /**
   * Does a piece of work when there is room for it.
   * @throws {@link DomainError} as {@link enter}; and what `work` throws
   */
  async run<Result>(caller: string, work: () => Promise<Result>): Promise<Result> {
    return inPlace(() => this.enter(caller), work);
  }

  /**
   * @returns what the caller must call once the work is over; a second call does nothing
   * @throws {@link DomainError} `RATE_LIMITED` — this caller has enough running and waiting; `NODE_BUSY` — too many wait, or it waited too long
   */
  async enter(caller: string): Promise<() => void> {
    if (!this.#hasRoomFor(caller)) await this.#turn(caller);
    this.#running += 1;
    this.#runningOf.set(caller, this.#of(caller) + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#leave(caller);
    };
  }

  #hasRoomFor(caller: string): boolean {
    const own = this.#of(caller);
    if (own === 0 && this.limits.hasOneForEach === true) return true;
    return this.#running < this.limits.atOnce && own < this.limits.perCaller;
  }

  #of(caller: string): number {
    return this.#runningOf.get(caller) ?? 0;
  }

  #turn(caller: string): Promise<void> {
    const own = [...this.#waiters].filter((waiter) => waiter.caller === caller).length;
    if (own >= (this.limits.waitingPerCaller ?? this.limits.perCaller))
      throw new DomainError('RATE_LIMITED', undefined, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    if (this.#waiters.size >= this.limits.waiting && !this.#isGivenWay(own)) throw busy();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const waiter: Waiter = {
      caller,
      start: () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(undefined);
      },
      giveUp: () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        reject(busy());
      },
    };
    const timer = setTimeout(() => {
      waiter.giveUp();
    }, this.limits.patienceMillis ?? DEFAULT_PATIENCE_MILLIS);
    timer.unref();
    this.#waiters.add(waiter);
    return promise;
  }

  /** Whether whoever has most waiting has given up its newest place for one who would have fewer. @param own - how many that one has waiting */
  #isGivenWay(own: number): boolean {
    if (this.limits.largestGivesWay !== true) return false;
    const newestOf = new Map([...this.#waiters].map((waiter) => [waiter.caller, waiter]));
    const counts = new Map<string, number>();
    for (const { caller } of this.#waiters) counts.set(caller, (counts.get(caller) ?? 0) + 1);
    const [largest, most] = [...counts].reduce((one, other) => (other[1] > one[1] ? other : one), ['', 0]);
    if (most <= own + 1) return false;
    newestOf.get(largest)?.giveUp();
    return true;
  }

  #leave(caller: string): void {
    this.#running -= 1;
    const rest = this.#of(caller) - 1;
    if (rest > 0) this.#runningOf.set(caller, rest);
    else this.#runningOf.delete(caller);
    for (const waiter of this.#waiters) {
      if (this.#hasRoomFor(waiter.caller)) {
        waiter.start();
        return;
      }
    }
  }
}

function busy(): DomainError {
  return new DomainError('NODE_BUSY', undefined, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/** Waits for a place; answers what gives it back. */
export type Entrance = () => Promise<() => void>;

/** Does a piece of work in a place, and gives that back. @throws what either throws */
export async function inPlace<Result>(enter: Entrance, work: () => Promise<Result>): Promise<Result> {
  const leave = await enter();
  try {
    return await work();
  } finally {
    leave();
  }
}
