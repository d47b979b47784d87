import { Refused } from '@lianyi/domain';
import { callerAddress } from './address';
import { Budget, type BudgetLimits } from './budget';
import { Lane, type LaneLimits } from './lane';

/** Of questions. */
export type StrangerLimits = BudgetLimits;

const DEFAULT_LIMITS: StrangerLimits = { perMinute: 300, addresses: 4 };
/** Of questions at once that the peers answer; the rest waits its turn, and finds then whether anything is left for it. */
const QUESTIONS: LaneLimits = { atOnce: 2, perCaller: 2, waiting: 512, waitingPerCaller: 128 };

/**
 * What people whom the ledger does not know may have the peers do: little for each address, and not much in all. Those whom it knows
 * never meet these limits, whoever shares their address.
 */
export class Strangers {
  readonly #lane: Lane;
  readonly #budget: Budget;

  constructor(limits: Partial<StrangerLimits> = {}, now: () => number = Date.now, lane: LaneLimits = QUESTIONS) {
    this.#lane = new Lane(lane);
    this.#budget = new Budget({ ...DEFAULT_LIMITS, ...limits }, now);
  }

  /**
   * Asks whether this address has anything left, for nothing: what is refused now waits for no turn.
   * @throws {@link DomainError} `RATE_LIMITED`
   */
  assertAllowed(ip: string): void {
    this.#budget.assertHas(callerAddress(ip));
  }

  /**
   * Lets a stranger's question through to the peers when its turn comes. It is charged then, not when it comes: many whom the ledger does
   * know and this node does not yet, as when a shift begins behind one address, only wait for each other.
   * @param work - answers whether it was a stranger after all: somebody known is charged nothing
   * @throws {@link DomainError} `RATE_LIMITED` — this address, or all together, asked too much; `NODE_BUSY`
   */
  async ask<Result extends { readonly isKnown: boolean }>(ip: string, work: () => Promise<Result>): Promise<Result> {
    const address = callerAddress(ip);
    this.#budget.assertHas(address);
    return this.#lane.run(address, () => this.#charged(address, work));
  }

  async #charged<Result extends { readonly isKnown: boolean }>(address: string, work: () => Promise<Result>): Promise<Result> {
    const giveBack = this.#budget.take(address);
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
      if (isFree) giveBack();
    }
  }
}
