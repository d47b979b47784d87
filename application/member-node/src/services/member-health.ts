import { type MspId } from '@lianyi/domain';

const FIRST_PENALTY_MILLIS = 60_000;
const LONGEST_PENALTY_MILLIS = 3_600_000;

/** Members that are asked last: for a minute at first, after each further failure twice as long, an hour at most. */
class Penalties {
  readonly #penalties = new Map<MspId, { readonly until: number; readonly millis: number }>();

  constructor(private readonly now: () => number) {}

  /** Of the penalty that lasts, in milliseconds; 0 if there is none. */
  lengthFor(mspId: MspId): number {
    const { until, millis } = this.#penalties.get(mspId) ?? { until: 0, millis: 0 };
    return until > this.now() ? millis : 0;
  }

  add(mspId: MspId): void {
    const millis = Math.min((this.#penalties.get(mspId)?.millis ?? FIRST_PENALTY_MILLIS / 2) * 2, LONGEST_PENALTY_MILLIS);
    this.#penalties.set(mspId, { until: this.now() + millis, millis });
  }

  /** For a minute, and no longer the next time. */
  addOnce(mspId: MspId): void {
    const { until, millis } = this.#penalties.get(mspId) ?? { until: 0, millis: FIRST_PENALTY_MILLIS / 2 };
    this.#penalties.set(mspId, { until: Math.max(until, this.now() + FIRST_PENALTY_MILLIS), millis });
  }

  clear(mspId: MspId): void {
    this.#penalties.delete(mspId);
  }
}

/**
 * Which members' vaults have failed of late, so that others are asked first. By member and not by vault: a member may enter any number of vaults
 * into the directory. One answer clears what was failed by silence or a wrong answer; what was failed at the ledger, an answer does not clear.
 */
export class MemberHealth {
  readonly #failures: Penalties;
  readonly #unkept: Penalties;

  constructor(now: () => number = Date.now) {
    [this.#failures, this.#unkept] = [new Penalties(now), new Penalties(now)];
  }

  hasFailed(mspId: MspId): boolean {
    return this.standing(mspId) > 0;
  }

  /** How far behind others a member is asked: 0 for one that has not failed of late; more for one that has failed more often. */
  standing(mspId: MspId): number {
    return this.#failures.lengthFor(mspId) + this.#unkept.lengthFor(mspId);
  }

  failed(mspId: MspId): void {
    this.#failures.add(mspId);
  }

  /** It was slower than another who was asked later. That is no failure: a slow line is asked last too, or the fast ones would get all copies. */
  overtaken(mspId: MspId): void {
    this.#failures.addOnce(mspId);
  }

  worked(mspId: MspId): void {
    this.#failures.clear(mspId);
  }

  /** Whether the ledger has refused of late what rests on the member's receipts. */
  hasUnkept(mspId: MspId): boolean {
    return this.#unkept.lengthFor(mspId) > 0;
  }

  /** The ledger refused what rests on the member's receipt, because of the place or the key that it has in the directory. */
  unkept(mspId: MspId): void {
    this.#unkept.add(mspId);
  }

  /** What rests on the member's receipt stands on the ledger. */
  kept(mspId: MspId): void {
    this.#unkept.clear(mspId);
  }
}
