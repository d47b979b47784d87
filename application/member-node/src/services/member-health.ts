import { type MspId } from '@lianyi/domain';

const FIRST_PENALTY_MILLIS = 60_000;
const LONGEST_PENALTY_MILLIS = 3_600_000;

/**
 * Which members' vaults have failed of late. By member and not by vault: a member may enter any number of vaults into the directory.
 * A member that failed is asked last for a minute, after each further failure twice as long, an hour at most; one answer clears it.
 */
export class MemberHealth {
  readonly #failures = new Map<MspId, { readonly until: number; readonly penaltyMillis: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  hasFailed(mspId: MspId): boolean {
    return (this.#failures.get(mspId)?.until ?? 0) > this.now();
  }

  failed(mspId: MspId): void {
    const previous = this.#failures.get(mspId)?.penaltyMillis ?? FIRST_PENALTY_MILLIS / 2;
    const penaltyMillis = Math.min(previous * 2, LONGEST_PENALTY_MILLIS);
    this.#failures.set(mspId, { until: this.now() + penaltyMillis, penaltyMillis });
  }

  /**
   * It was slower than another who was asked later. That is no failure: a slow line is asked last for a minute too, and no longer the next
   * time, or the fast ones would get all copies.
   */
  overtaken(mspId: MspId): void {
    const { until, penaltyMillis } = this.#failures.get(mspId) ?? { until: 0, penaltyMillis: FIRST_PENALTY_MILLIS / 2 };
    this.#failures.set(mspId, { until: Math.max(until, this.now() + FIRST_PENALTY_MILLIS), penaltyMillis });
  }

  worked(mspId: MspId): void {
    this.#failures.delete(mspId);
  }
}
