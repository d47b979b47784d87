import { type EventCursor, MOST_EVENTS, type ToldEvent } from '@lianyi/client';
import { Lane } from '../admission/lane';
import { type LedgerIndex } from '../ledger-index/ledger-index';

/** Who waits holds a connection and a timer, and has the index looked into after each block. */
const WAITS = { atOnce: 64, perCaller: 4, waiting: 0, waitingPerCaller: 0 };

/** What is asked for: what stands behind a place. */
export interface EventQuestion {
  readonly after?: EventCursor;
  readonly limit?: number;
  readonly waitSeconds?: number;
}

/** What the node tells the hospital's own applications of the ledger, from its index: the same after every start, and after it was made anew. */
export class EventFeed {
  readonly #lane = new Lane(WAITS);
  #isClosing = false;

  constructor(private readonly index: Pick<LedgerIndex, 'told' | 'height' | 'waitFor'>) {}

  /**
   * @param caller - whose places are counted
   * @param hasGone - whether nobody waits for the answer any more
   * @throws {@link DomainError} `RATE_LIMITED` — this caller waits often enough already; `NODE_BUSY` — too many wait
   */
  next(
    { after, limit = MOST_EVENTS, waitSeconds = 0 }: EventQuestion,
    caller: string,
    hasGone: () => boolean,
  ): Promise<{ events: readonly ToldEvent[]; height: bigint }> {
    return this.#lane.run(caller, async () => {
      const look = async (): Promise<readonly ToldEvent[] | undefined> => {
        const events = await this.index.told(after, limit);
        return events.length > 0 || this.#isClosing || hasGone() ? events : undefined;
      };
      // before the events: what comes meanwhile is told, and the height promises no more than is there
      const height = await this.index.height();
      const events = await this.index.waitFor(look, waitSeconds * 1_000);
      return { events: events ?? [], height: events === undefined ? await this.index.height() : height };
    });
  }

  /** Lets nobody wait any longer: the node stops. */
  close(): void {
    this.#isClosing = true;
  }
}
