import { DomainError, Refused } from '@lianyi/domain';
import { callerAddress, siteOf } from './address';
import { Lane, type LaneLimits } from './lane';
import { Recent } from './recent';

export interface StrangerLimits {
  /** Questions of one address in a minute; a fifth of them at once. */
  readonly perMinute: number;
  /** As many times more from all addresses together; a quarter of that from one site. */
  readonly addresses: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

const DEFAULT_LIMITS: StrangerLimits = { perMinute: 300, addresses: 4 };
/** Of questions at once that the peers answer; the rest waits its turn, and finds then whether anything is left for it. */
const QUESTIONS: LaneLimits = { atOnce: 2, perCaller: 2, waiting: 512, waitingPerCaller: 128 };
const REMEMBERED_ADDRESSES = 10_000;
const SITES_SHARE = 1 / 4;
const SECONDS_A_MINUTE = 60;

/**
 * What people whom the ledger does not know may have the peers do: little for each address, and not much in all. Those whom it knows
 * never meet these limits, whoever shares their address.
 */
export class Strangers {
  readonly #lane: Lane;
  readonly #ofAddress = new Recent<Bucket>(REMEMBERED_ADDRESSES);
  readonly #ofSite = new Recent<Bucket>(REMEMBERED_ADDRESSES);
  readonly #limits: StrangerLimits;
  readonly #all: Bucket;

  constructor(
    limits: Partial<StrangerLimits> = {},
    private readonly now: () => number = Date.now,
    lane: LaneLimits = QUESTIONS,
  ) {
    this.#lane = new Lane(lane);
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#all = { tokens: this.#burst * this.#limits.addresses, filledAt: now() };
  }

  /**
   * Asks whether this address has anything left, for nothing: what is refused now waits for no turn.
   * @throws {@link DomainError} `RATE_LIMITED`
   */
  assertAllowed(ip: string): void {
    this.#buckets(callerAddress(ip));
  }

  /**
   * Lets a stranger's question through to the peers when its turn comes. It is charged then, not when it comes: many whom the ledger does
   * know and this node does not yet, as when a shift begins behind one address, only wait for each other.
   * @param work - answers whether it was a stranger after all: somebody known is charged nothing
   * @throws {@link DomainError} `RATE_LIMITED` — this address, or all together, asked too much; `NODE_BUSY`
   */
  async ask<Result extends { readonly isKnown: boolean }>(ip: string, work: () => Promise<Result>): Promise<Result> {
    const address = callerAddress(ip);
    this.#buckets(address);
    return this.#lane.run(address, () => this.#charged(address, work));
  }

  async #charged<Result extends { readonly isKnown: boolean }>(address: string, work: () => Promise<Result>): Promise<Result> {
    const buckets = this.#buckets(address);
    for (const bucket of buckets) bucket.tokens -= 1;
    let isFree = true;
    try {
      const result = await work();
      isFree = result.isKnown;
      return result;
    } catch (error) {
      // a ledger that is not reached has done nothing for anybody
      isFree = !(error instanceof Refused);
      throw error;
    } finally {
      if (isFree) for (const bucket of buckets) bucket.tokens += 1;
    }
  }

  get #burst(): number {
    return Math.max(1, this.#limits.perMinute / 5);
  }

  /** What a question from there is taken from: something is in each of them. */
  #buckets(address: string): readonly Bucket[] {
    const { perMinute, addresses } = this.#limits;
    const ofSite = Math.max(1, addresses * SITES_SHARE);
    const shares = [
      { bucket: this.#bucketOf(this.#ofAddress, address, 1), times: 1 },
      { bucket: this.#bucketOf(this.#ofSite, siteOf(address), ofSite), times: ofSite },
      { bucket: this.#all, times: addresses },
    ];
    const taken = shares.map(({ bucket, times }) => ({ bucket, perMinute: perMinute * times, burst: this.#burst * times }));
    for (const each of taken) this.#fill(each.bucket, each.perMinute, each.burst);
    const empty = taken.find(({ bucket }) => bucket.tokens < 1);
    if (empty !== undefined) {
      const retryAfterSeconds = Math.max(1, Math.ceil(((1 - empty.bucket.tokens) * SECONDS_A_MINUTE) / empty.perMinute));
      throw new DomainError('RATE_LIMITED', 'too many requests that no key the ledger knows has signed', { retryAfterSeconds });
    }
    return taken.map(({ bucket }) => bucket);
  }

  #bucketOf(buckets: Recent<Bucket>, key: string, times: number): Bucket {
    const bucket = buckets.get(key) ?? { tokens: this.#burst * times, filledAt: this.now() };
    buckets.set(key, bucket);
    return bucket;
  }

  #fill(bucket: Bucket, perMinute: number, burst: number): void {
    const now = this.now();
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.filledAt) * perMinute) / 60_000);
    bucket.filledAt = now;
  }
}
