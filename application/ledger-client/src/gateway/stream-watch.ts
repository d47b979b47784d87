import { type BlockSource } from './block-source';

/** How long a block stream may be silent before its peer is asked for its newest block, and how long the answer may take. */
export interface Patience {
  readonly silenceMillis: number;
  readonly answerMillis: number;
}

/** A connection that has gone silent without closing is given up after both together, well within a minute. */
export const DEFAULT_PATIENCE: Patience = { silenceMillis: 15_000, answerMillis: 10_000 };

/** The stream delivered nothing, and its peer does not answer or has blocks that the stream did not deliver. */
export class SilentStream extends Error {
  override readonly name = 'SilentStream';
}

/**
 * Tells a block stream with nothing to say from one that is dead: a connection that a firewall drops never closes by itself.
 *
 * Whenever no block has come for a while, the peer is asked over the same connection which its newest block is.
 */
export class StreamWatch {
  #timer: NodeJS.Timeout | undefined;
  #isSilent = false;
  #isOver = false;
  /** The first block that the peer had at the last question and that the stream has not delivered. */
  #owed: bigint | undefined;

  /**
   * @param nextBlock - the block that the stream is to deliver next
   * @param giveUp - closes the stream
   */
  constructor(
    private readonly source: Pick<BlockSource, 'newest' | 'giveUpConnection'>,
    private readonly patience: Patience,
    private readonly nextBlock: () => bigint,
    private readonly giveUp: () => void,
  ) {}

  /** Whether the stream was given up. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** The stream is waited for from now on. */
  wait(): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    this.#timer = setTimeout(() => void this.#ask(), this.patience.silenceMillis);
  }

  /** The stream has delivered a block, and is not waited for while that is being worked on. */
  heard(): void {
    clearTimeout(this.#timer);
    this.#owed = undefined;
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    const next = this.nextBlock();
    const isOwed = await this.source.newest(this.patience.answerMillis).then(
      (newest) => newest >= next,
      () => undefined,
    );
    if (this.#isOver || this.nextBlock() !== next) return;
    // a block may be on its way while the question is answered; at the second time it is not
    if (isOwed === undefined || (isOwed && this.#owed === next)) {
      this.#isSilent = true;
      this.source.giveUpConnection();
      this.giveUp();
      return;
    }
    this.#owed = isOwed ? next : undefined;
    this.wait();
  }
}
