/** Another peer has had a block for longer than this when the own one delivers it: the own one is catching up. */
const LAGGING_MILLIS = 30_000;
/** Arrivals are not the own peer's deliveries for this long at most while it catches up. */
const CATCHING_UP_MILLIS = 60_000;

/**
 * When blocks were first seen, for no orderer says when it made one.
 *
 * The other member's blocks are signed by the orderers too, so that one which it delivers before the own peer shows that the block
 * existed by then; that it holds blocks back makes them no older than the own peer's delivery does (ADR 0028).
 */
export class Arrivals {
  /** Blocks that other members' peers have delivered and the own one has not, and since when. */
  readonly #waiting = new Map<bigint, number>();
  /** Since when the own peer catches up, and when another one had the first block that it lacked. */
  #catchingUp: { readonly atMillis: number; readonly firstSeenMillis: number } | undefined;
  #ownNewest = -1n;

  constructor(private readonly now: () => number = Date.now) {}

  /** Another organisation's peer has delivered a block, which may have to wait for the own peer's. */
  delivered(blockNumber: bigint): void {
    if (blockNumber > this.#ownNewest && !this.#waiting.has(blockNumber)) this.#waiting.set(blockNumber, this.now());
  }

  /** The other one's block has been taken. */
  taken(blockNumber: bigint): void {
    if (blockNumber >= this.#ownNewest) this.#catchingUp = undefined;
  }

  /**
   * When a block that the own peer delivers now was first seen, or since when it can be there at the earliest, in milliseconds since
   * 1970; undefined when that says nothing about when it was ordered.
   * @param isNew - the own peer had no later block when the stream was opened
   */
  ofOwn(blockNumber: bigint, isNew: boolean): number | undefined {
    const now = this.now();
    const sinceMillis = this.#waiting.get(blockNumber);
    this.#ownNewest = blockNumber;
    for (const waiting of this.#waiting.keys()) if (waiting <= blockNumber) this.#waiting.delete(waiting);
    if (!isNew) return undefined;
    if (sinceMillis !== undefined) {
      if (now - sinceMillis > LAGGING_MILLIS) this.#catchingUp = { atMillis: now, firstSeenMillis: sinceMillis };
      return sinceMillis;
    }
    // ordered after the first block that was lacking, and nobody knows how long after
    return this.#catchingUp !== undefined && now - this.#catchingUp.atMillis < CATCHING_UP_MILLIS ? this.#catchingUp.firstSeenMillis : now;
  }
}
