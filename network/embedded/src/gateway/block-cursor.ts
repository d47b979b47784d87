import { common } from '@lianyi/fabric-protocol';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { type Outgoing } from './send';

/** Reads a channel's blocks one after the other and waits for those to come. */
export class BlockCursor {
  #wake: (() => void) | undefined;
  readonly #unsubscribe: () => void;
  #closed = false;

  constructor(
    private readonly channel: EmbeddedChannel,
    private position: number,
  ) {
    this.#unsubscribe = channel.onBlock(() => {
      this.#wake?.();
    });
  }

  /** `undefined` once {@link close} was called. */
  async next(): Promise<common.Block | undefined> {
    while (!this.#closed) {
      const bytes = this.channel.blocks.getBlock(this.position);
      if (bytes !== undefined) {
        this.position += 1;
        return common.Block.deserializeBinary(bytes);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return undefined;
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#wake?.();
  }
}

/** Ends the reading when the client has left, now or later; the answer takes the listener off again. */
export function closeWithClient(cursor: BlockCursor, call: Pick<Outgoing<unknown>, 'cancelled' | 'once' | 'off'>): () => void {
  const close = (): void => {
    cursor.close();
  };
  if (call.cancelled) close();
  call.once('cancelled', close);
  return () => {
    call.off('cancelled', close);
  };
}
