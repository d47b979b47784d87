import { DomainError, Refused } from '@lianyi/domain';
import { callerAddress } from './address';
import { Lane } from './lane';
import { Recent } from './recent';

export interface StrangerLimits {
  /** Questions of one address in a minute; a fifth of them at once. */
  readonly perMinute: number;
  /** As many times more from all addresses together. */
  readonly addresses: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

const DEFAULT_LIMITS: StrangerLimits = { perMinute: 300, addresses: 4 };
const REMEMBERED_ADDRESSES = 10_000;
const SECONDS_A_MINUTE = 60;

/**
 * What people whom the ledger does not know may have the peers do: little for each address, and not much in all. Those whom it knows
 * never meet these limits, whoever shares their address.
 */
export class Strangers {
  /** Of those at once that the peers answer; the rest waits its turn. */
  readonly #lane = new Lane({ atOnce: 2, perCaller: 2, waiting: 32 });
  readonly #buckets = new Recent<Bucket>(REMEMBERED_ADDRESSES);
  readonly #limits: StrangerLimits;
  readonly #all: Bucket;

  constructor(
    limits: Partial<StrangerLimits> = {},
    private readonly now: () => number = Date.now,
  ) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#all = { tokens: this.#burst * this.#limits.addresses, filledAt: now() };
  }

  /**
   * Lets a stranger's question through to the peers.
   * @param work - answers whether it was a stranger after all: somebody known is charged nothing
   * @throws {@link DomainError} `RATE_LIMITED` — this address, or all together, asked too much; `NODE_BUSY`
   */
  async ask<Result extends { readonly isKnown: boolean }>(ip: string, work: () => Promise<Result>): Promise<Result> {
    const address = callerAddress(ip);
    const buckets = this.#charge(address);
    let isFree = true;
    try {
      const result = await this.#lane.run(address, work);
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

  #charge(address: string): readonly Bucket[] {
    const own = this.#buckets.get(address) ?? { tokens: this.#burst, filledAt: this.now() };
    this.#buckets.set(address, own);
    const { perMinute, addresses } = this.#limits;
    const taken = [
      { bucket: own, perMinute, burst: this.#burst },
      { bucket: this.#all, perMinute: perMinute * addresses, burst: this.#burst * addresses },
    ];
    for (const each of taken) this.#fill(each.bucket, each.perMinute, each.burst);
    const empty = taken.find(({ bucket }) => bucket.tokens < 1);
    if (empty !== undefined) {
      const retryAfterSeconds = Math.max(1, Math.ceil(((1 - empty.bucket.tokens) * SECONDS_A_MINUTE) / empty.perMinute));
      throw new DomainError('RATE_LIMITED', 'too many requests that no key the ledger knows has signed', { retryAfterSeconds });
    }
    for (const { bucket } of taken) bucket.tokens -= 1;
    return taken.map(({ bucket }) => bucket);
  }

  #fill(bucket: Bucket, perMinute: number, burst: number): void {
    const now = this.now();
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.filledAt) * perMinute) / 60_000);
    bucket.filledAt = now;
  }
}
