import { common } from '../../wire/proto';
import { type EmbeddedChannel } from '../ports';

/** Reads a channel's blocks one after the other and waits for those to come. */
export class BlockCursor {
  private wake: (() => void) | undefined;
  private readonly unsubscribe: () => void;
  private closed = false;

  constructor(
    private readonly channel: EmbeddedChannel,
    private position: number,
  ) {
    this.unsubscribe = channel.onBlock(() => {
      this.wake?.();
    });
  }

  /** `undefined` once {@link close} was called. */
  async next(): Promise<common.Block | undefined> {
    while (!this.closed) {
      const bytes = this.channel.blocks.getBlock(this.position);
      if (bytes !== undefined) {
        this.position += 1;
        return common.Block.deserializeBinary(bytes);
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return undefined;
  }

  close(): void {
    this.closed = true;
    this.unsubscribe();
    this.wake?.();
  }
}
