import { type DomainEvent } from '@lianyi/domain';
import { Overlay } from '../ledger/overlay';
import { type StateReader, type StateWrite } from '../ledger/state';

/**
 * One transaction of the catalogue while it runs: what it has written and which events it has recorded, apart from all others.
 *
 * `id` stands in the keys that only this unit writes. A Fabric transaction is one unit with the transaction's id.
 */
export type Unit = { readonly id: string; readonly overlay: Overlay; readonly events: DomainEvent[] };

/**
 * The units of one Fabric transaction, one after another (ADR 0024).
 *
 * Each lies on a common overlay and so reads what those before it have written. Only one that succeeds becomes part of the transaction;
 * one that is refused or fails leaves neither a write nor an event. The order of the units is the order of the writes, so that every
 * endorser makes the same write set.
 */
export class Units {
  readonly #common: Overlay;
  readonly #ids = new Set<string>();
  readonly #events: DomainEvent[] = [];
  #isRunning = false;

  constructor(below: StateReader) {
    this.#common = new Overlay(below);
  }

  /**
   * Runs one unit; what `work` throws is thrown on.
   *
   * @throws Error — the id was given to another unit, or another unit still runs: a programming error.
   */
  async run<T>(id: string, work: (unit: Unit) => Promise<T>): Promise<T> {
    if (this.#isRunning || this.#ids.has(id)) {
      throw new Error('the units of a transaction run one after another, each under its own id');
    }
    this.#ids.add(id);
    this.#isRunning = true;
    try {
      const unit: Unit = { id, overlay: new Overlay(this.#common), events: [] };
      const answer = await work(unit);
      this.#common.absorb(unit.overlay);
      this.#events.push(...unit.events);
      return answer;
    } finally {
      this.#isRunning = false;
    }
  }

  /** What the units that succeeded have written: each key once, last write wins. */
  writes(): readonly StateWrite[] {
    return this.#common.writes();
  }

  /** What the units that succeeded have recorded, in their order. */
  events(): readonly DomainEvent[] {
    return this.#events;
  }
}
