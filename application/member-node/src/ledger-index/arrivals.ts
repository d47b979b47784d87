/** Another peer has had a block for longer than this when the own one delivers it: the own one is catching up. */
const LAGGING_MILLIS = 30_000;
/** Nothing is said of arrivals for this long at most while the own peer catches up. */
const CATCHING_UP_MILLIS = 60_000;

/**
 * When blocks were first seen, for no orderer says when it made one.
 *
 * The other member's blocks are signed by the orderers too, so that one which it delivers before the own peer shows that the block
 * existed by then; that it holds blocks back makes them no older than the own peer's delivery does (ADR 0028).
 */
export class Arrivals {
  #waiting: { readonly blockNumber: bigint; readonly sinceMillis: number } | undefined;
  #catchingUpSinceMillis: number | undefined;
  #ownNewest = -1n;

  constructor(private readonly now: () => number = Date.now) {}

  /** Another organisation's peer has delivered a block, which may have to wait for the own peer's. */
  delivered(blockNumber: bigint): void {
    this.#waiting = { blockNumber, sinceMillis: this.now() };
  }

  /** The other one's block has been taken. */
  taken(blockNumber: bigint): void {
    this.#waiting = undefined;
    if (blockNumber >= this.#ownNewest) this.#catchingUpSinceMillis = undefined;
  }

  /**
   * When a block that the own peer delivers now was first seen, in milliseconds since 1970; undefined when that says nothing about
   * when it was ordered.
   * @param isNew - the own peer had no later block when the stream was opened
   */
  ofOwn(blockNumber: bigint, isNew: boolean): number | undefined {
    const now = this.now();
    this.#ownNewest = blockNumber;
    if (!isNew) return undefined;
    if (this.#waiting?.blockNumber === blockNumber) {
      const { sinceMillis } = this.#waiting;
      if (now - sinceMillis > LAGGING_MILLIS) this.#catchingUpSinceMillis = now;
      return sinceMillis;
    }
    const isCatchingUp = this.#catchingUpSinceMillis !== undefined && now - this.#catchingUpSinceMillis < CATCHING_UP_MILLIS;
    return isCatchingUp ? undefined : now;
  }
}
