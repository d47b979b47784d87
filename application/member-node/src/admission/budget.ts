import { DomainError } from '@lianyi/domain';
import { siteOf } from './address';
import { Recent } from './recent';

export interface BudgetLimits {
  /** Of one address in a minute; a fifth of it at once. */
  readonly perMinute: number;
  /** As many times more from all addresses together; a quarter of that from one site. */
  readonly addresses: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

const REMEMBERED_ADDRESSES = 10_000;
const SITES_SHARE = 1 / 4;
const SECONDS_A_MINUTE = 60;

/** What each address, each site and all of them together may still have; it fills again with time. */
export class Budget {
  readonly #ofAddress = new Recent<Bucket>(REMEMBERED_ADDRESSES);
  readonly #ofSite = new Recent<Bucket>(REMEMBERED_ADDRESSES);
  readonly #all: Bucket;

  constructor(
    private readonly limits: BudgetLimits,
    private readonly now: () => number = Date.now,
  ) {
    this.#all = { tokens: this.#burst * limits.addresses, filledAt: now() };
  }

  /**
   * Asks whether so much is left, for nothing.
   * @param address - of `callerAddress`
   * @throws {@link DomainError} `RATE_LIMITED`
   */
  assertHas(address: string, amount = 1): void {
    this.#buckets(address, amount);
  }

  /**
   * @returns what gives it back
   * @throws as {@link assertHas}
   */
  take(address: string, amount = 1): () => void {
    const buckets = this.#buckets(address, amount);
    for (const bucket of buckets) bucket.tokens -= amount;
    return () => {
      for (const bucket of buckets) bucket.tokens += amount;
    };
  }

  get #burst(): number {
    return Math.max(1, this.limits.perMinute / 5);
  }

  /** What is taken from: so much is in each of them. */
  #buckets(address: string, amount: number): readonly Bucket[] {
    const { perMinute, addresses } = this.limits;
    const ofSite = Math.max(1, addresses * SITES_SHARE);
    const shares = [
      { bucket: this.#bucketOf(this.#ofAddress, address, 1), times: 1 },
      { bucket: this.#bucketOf(this.#ofSite, siteOf(address), ofSite), times: ofSite },
      { bucket: this.#all, times: addresses },
    ];
    const taken = shares.map(({ bucket, times }) => ({ bucket, perMinute: perMinute * times, burst: this.#burst * times }));
    for (const each of taken) this.#fill(each.bucket, each.perMinute, each.burst);
    const empty = taken.find(({ bucket }) => bucket.tokens < amount);
    if (empty !== undefined) {
      const retryAfterSeconds = Math.max(1, Math.ceil(((amount - empty.bucket.tokens) * SECONDS_A_MINUTE) / empty.perMinute));
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
