import type { CloseableAsyncIterable } from '@hyperledger/fabric-gateway';
import type { common } from '@hyperledger/fabric-protos';

export type OpenBlocks = (startBlock: bigint) => Promise<CloseableAsyncIterable<common.Block>>;

/** Where an organisation's blocks come from. */
export interface BlockSource {
  /** Opens the block stream; after one has ended, at the organisation's next peer. */
  open(startBlock: bigint): Promise<CloseableAsyncIterable<common.Block>>;
  /**
   * Number of the newest block of the peer whose stream was opened last, over the same connection.
   * @throws when it does not answer within `withinMillis`
   */
  newest(withinMillis: number): Promise<bigint>;
  /** Drops the connection of the stream, which answers no more; what is opened next has a new one. */
  giveUpConnection(): void;
}
