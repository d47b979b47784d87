import { callerAddress } from './address';
import { Budget } from './budget';
import { Recent } from './recent';

/** Reading what is smaller costs no more than any other request, and those are counted. */
const FREE_BYTES = 4 * 1024;
/** Of the larger bodies, what one address may send in a minute, and as many times more all of them. */
const LIMITS = { perMinute: 4 * 1024 * 1024, addresses: 16 };
const REMEMBERED_ADDRESSES = 10_000;
const REMEMBERED_MILLIS = 600_000;

/** What is read of large bodies before any key is looked at: from an address of which no known key has come lately, little. */
export class UnknownBytes {
  readonly #budget: Budget;
  readonly #knownAt = new Recent<number>(REMEMBERED_ADDRESSES);

  constructor(private readonly now: () => number = Date.now) {
    this.#budget = new Budget(LIMITS, now);
  }

  /** Somebody whom the ledger knows has signed what came from there. */
  known(ip: string): void {
    this.#knownAt.set(callerAddress(ip), this.now());
  }

  /** @throws {@link DomainError} `RATE_LIMITED` */
  charge(ip: string, bytes: number): void {
    const address = callerAddress(ip);
    if (bytes <= FREE_BYTES || this.now() - (this.#knownAt.get(address) ?? -Infinity) < REMEMBERED_MILLIS) return;
    this.#budget.take(address, bytes);
  }
}
