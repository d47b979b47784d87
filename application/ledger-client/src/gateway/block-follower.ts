import type { CloseableAsyncIterable, Network } from '@hyperledger/fabric-gateway';
import type { common } from '@hyperledger/fabric-protos';
import { parseBlock, type ParsedBlock } from './block';

/** Where blocks go. `apply` writes its effect and the new checkpoint in one database transaction, or throws. */
export interface BlockSink {
  /** The first block not yet applied, with the hash its header must quote; undefined at the very start. */
  checkpoint(): Promise<BlockCheckpoint>;
  apply(block: ParsedBlock): Promise<void>;
}

export interface BlockCheckpoint {
  readonly nextBlock: bigint;
  readonly previousHash: Buffer | undefined;
}

/** A peer delivered blocks that do not continue the chain this node has followed so far. Following stops: a human must look. */
export class BrokenChain extends Error {
  override readonly name = 'BrokenChain';
  constructor(
    readonly blockNumber: bigint,
    reason: string,
  ) {
    super(`block ${blockNumber} does not continue the chain: ${reason}`);
  }
}

export interface FollowerEvents {
  connected?(nextBlock: bigint): void;
  /** The stream ended or failed; it is reopened after `retryMillis`. */
  interrupted?(error: unknown, retryMillis: number): void;
}

const FIRST_RETRY_MILLIS = 100;
const LONGEST_RETRY_MILLIS = 5_000;

export type OpenBlocks = (startBlock: bigint) => Promise<CloseableAsyncIterable<common.Block>>;

/** Opens the block stream of one peer. */
export function blocksOf(network: Network): OpenBlocks {
  return (startBlock) => network.getBlockEvents({ startBlock });
}

/**
 * Follows a peer's blocks until `signal` aborts, through restarts and lost connections, each block exactly once and in order.
 * @throws {@link BrokenChain} if the peer's blocks do not chain; every other fault is retried with growing pauses.
 */
export async function followBlocks(open: OpenBlocks, sink: BlockSink, signal: AbortSignal, events: FollowerEvents = {}): Promise<void> {
  let retryMillis = FIRST_RETRY_MILLIS;
  const report = (error: unknown): void => {
    // being stopped is no interruption
    if (!signal.aborted) events.interrupted?.(error, retryMillis);
  };
  while (!signal.aborted) {
    try {
      const applied = await followOnce(open, sink, signal, events);
      if (applied > 0) retryMillis = FIRST_RETRY_MILLIS;
      report(undefined);
    } catch (error) {
      if (error instanceof BrokenChain) throw error;
      report(error);
    }
    await pause(retryMillis, signal);
    retryMillis = Math.min(retryMillis * 2, LONGEST_RETRY_MILLIS);
  }
}

async function followOnce(open: OpenBlocks, sink: BlockSink, signal: AbortSignal, events: FollowerEvents): Promise<number> {
  let expected = await sink.checkpoint();
  const stream = await open(expected.nextBlock);
  const stop = (): void => {
    stream.close();
  };
  signal.addEventListener('abort', stop, { once: true });
  let applied = 0;
  try {
    events.connected?.(expected.nextBlock);
    for await (const raw of stream) {
      if (signal.aborted) break;
      const block = parseBlock(raw);
      assertContinues(block, expected);
      await sink.apply(block);
      applied += 1;
      expected = { nextBlock: block.blockNumber + 1n, previousHash: block.headerHash };
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stream.close();
  }
  return applied;
}

function assertContinues(block: ParsedBlock, expected: BlockCheckpoint): void {
  if (block.blockNumber !== expected.nextBlock) throw new BrokenChain(block.blockNumber, `block ${expected.nextBlock} was expected`);
  if (expected.previousHash !== undefined && !block.previousHash.equals(expected.previousHash)) {
    throw new BrokenChain(block.blockNumber, 'it quotes another predecessor');
  }
  if (!block.dataHashMatches) throw new BrokenChain(block.blockNumber, 'its transactions are not those its header names');
}

async function pause(millis: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, millis);
    signal.addEventListener('abort', done, { once: true });
  });
}
