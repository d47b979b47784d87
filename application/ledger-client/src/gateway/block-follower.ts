import type { common } from '@hyperledger/fabric-protos';
import { BlockAuthority, ConfigurationUnread, type UnreadPart } from '@lianyi/fabric-protocol';
import { parseBlock, type ParsedBlock } from './block';
import { type BlockSource } from './block-source';
import { DEFAULT_PATIENCE, type Patience, SilentStream, StreamWatch } from './stream-watch';

/** A block that continues the chain and that the channel's orderers have signed. */
export interface FollowedBlock extends ParsedBlock {
  /** Marshalled common.Config by which the blocks after this one are judged; undefined: it has not changed. */
  readonly configuration: Buffer | undefined;
}

/** Where blocks go. `apply` writes its effect and the new checkpoint in one database transaction, or throws. */
export interface BlockSink {
  /** The first block not yet applied, with the hash its header must quote; undefined at the very start. */
  checkpoint(): Promise<BlockCheckpoint>;
  /** @param isNew - the peer had no later block when this one was delivered, so it has just been ordered */
  apply(block: FollowedBlock, isNew: boolean): Promise<void>;
}

export interface BlockCheckpoint {
  readonly nextBlock: bigint;
  readonly previousHash: Buffer | undefined;
  /** Of the newest {@link FollowedBlock} that had one; undefined at the very start only. */
  readonly configuration: Buffer | undefined;
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

/** A peer has fewer blocks than were followed already: it was set back, or is of another network. */
export class PeerBehind extends Error {
  override readonly name = 'PeerBehind';
  constructor(
    readonly nextBlock: bigint,
    readonly newestBlock: bigint,
  ) {
    super(`following goes on at block ${nextBlock}; the peer’s newest is ${newestBlock}`);
  }
}

export interface FollowerEvents {
  connected?(nextBlock: bigint): void;
  /** By which configuration the next block will be judged: what of it cannot be read, and counts as if nobody were there. */
  configured?(unread: readonly UnreadPart[]): void;
  /** The stream ended, failed or fell silent; it is reopened after `retryMillis`. */
  interrupted?(error: unknown, retryMillis: number): void;
}

const FIRST_RETRY_MILLIS = 100;
const LONGEST_RETRY_MILLIS = 5_000;

/**
 * Follows an organisation's blocks until `signal` aborts, through restarts and lost connections, each block exactly once and in order.
 *
 * A block counts only if it quotes the one before, holds the transactions its header names, and is signed as the channel's policy
 * BlockValidation asks. A stream that falls silent without closing is opened anew, by a new connection.
 * @throws {@link BrokenChain} if the peer's blocks do not chain; every other fault is retried with growing pauses, a configuration that
 * this version cannot read among them (`ConfigurationUnread`).
 */
export async function followBlocks(
  source: BlockSource,
  sink: BlockSink,
  signal: AbortSignal,
  events: FollowerEvents = {},
  patience: Patience = DEFAULT_PATIENCE,
): Promise<void> {
  let retryMillis = FIRST_RETRY_MILLIS;
  const report = (error: unknown): void => {
    // being stopped is no interruption
    if (!signal.aborted) events.interrupted?.(error, retryMillis);
  };
  while (!signal.aborted) {
    try {
      const applied = await new Following(source, sink, signal, patience, events).run();
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

/** One stream, from its opening to its end. */
class Following {
  #expected: BlockCheckpoint = { nextBlock: 0n, previousHash: undefined, configuration: undefined };
  #authority: BlockAuthority | undefined;
  /** The peer's newest block when the stream was opened: what comes up to it was ordered earlier. */
  #newestAtOpening = -1n;

  constructor(
    private readonly source: BlockSource,
    private readonly sink: BlockSink,
    private readonly signal: AbortSignal,
    private readonly patience: Patience,
    private readonly events: FollowerEvents,
  ) {}

  /** @returns how many blocks were applied */
  async run(): Promise<number> {
    const { nextBlock, configuration } = (this.#expected = await this.sink.checkpoint());
    if (configuration !== undefined) this.#goBy(BlockAuthority.ofConfiguration(configuration));
    const hasFollowed = nextBlock > 0n;
    // the last block once more: whether it is still the same tells whether this is still the same chain
    const stream = await this.#opened(hasFollowed ? nextBlock - 1n : nextBlock);
    if (stream === undefined) return 0;
    const stop = (): void => {
      stream.close();
    };
    this.signal.addEventListener('abort', stop, { once: true });
    const watch = new StreamWatch(this.source, this.patience, () => this.#expected.nextBlock, stop);
    let applied = 0;
    try {
      await this.#assertNotBehind(nextBlock);
      this.events.connected?.(nextBlock);
      let isRepeated = hasFollowed;
      watch.wait();
      for await (const raw of stream) {
        if (this.signal.aborted) break;
        watch.heard();
        if (isRepeated) assertSameAsBefore(parseBlock(raw), this.#expected);
        else await this.#take(raw);
        if (!isRepeated) applied += 1;
        isRepeated = false;
        watch.wait();
      }
    } catch (error) {
      // closing the stream ends its iteration with an error of its own
      if (!watch.isSilent) throw error;
    } finally {
      watch.stop();
      this.signal.removeEventListener('abort', stop);
      stream.close();
    }
    if (watch.isSilent) throw new SilentStream('the peer delivers no more blocks');
    return applied;
  }

  /** Undefined if it was told to stop meanwhile: nobody was listening to that, and it would wait for a block. */
  async #opened(startBlock: bigint): Promise<Awaited<ReturnType<BlockSource['open']>> | undefined> {
    const stream = await this.source.open(startBlock);
    if (!this.signal.aborted) return stream;
    stream.close();
    return undefined;
  }

  async #assertNotBehind(nextBlock: bigint): Promise<void> {
    this.#newestAtOpening = await this.source.newest(this.patience.answerMillis).catch((error: unknown) => {
      // the next stream would be opened over the same dead connection
      this.source.giveUpConnection();
      throw error;
    });
    if (this.#newestAtOpening + 1n < nextBlock) throw new PeerBehind(nextBlock, this.#newestAtOpening);
  }

  async #take(raw: common.Block): Promise<void> {
    const block = parseBlock(raw);
    assertContinues(block, this.#expected);
    const configuration = this.#judge(raw, block.blockNumber);
    await this.sink.apply({ ...block, configuration }, block.blockNumber > this.#newestAtOpening);
    this.#expected = {
      nextBlock: block.blockNumber + 1n,
      previousHash: block.headerHash,
      configuration: configuration ?? this.#expected.configuration,
    };
  }

  /** @returns the configuration, if the block changes it */
  #judge(raw: common.Block, blockNumber: bigint): Buffer | undefined {
    if (blockNumber === 0n) {
      return this.#goBy(genesisAuthority(raw));
    }
    const authority = this.#authority;
    if (authority === undefined) throw new Error('the configuration that judges the next block was not kept');
    assertOrdered(authority, raw, blockNumber);
    return authority.follow(raw) ? this.#goBy(authority) : undefined;
  }

  #goBy(authority: BlockAuthority): Buffer {
    this.#authority = authority;
    this.events.configured?.(authority.unread);
    return authority.configuration;
  }
}

function genesisAuthority(raw: common.Block): BlockAuthority {
  try {
    return BlockAuthority.ofGenesis(raw);
  } catch (cause) {
    if (cause instanceof ConfigurationUnread) throw cause;
    throw new BrokenChain(0n, cause instanceof Error ? cause.message : 'it holds no configuration');
  }
}

/** A block that the channel's orderers have not signed was made by somebody else, whoever delivers it. */
function assertOrdered(authority: BlockAuthority, block: common.Block, blockNumber: bigint): void {
  const refusal = authority.refusalOf(block);
  if (refusal !== undefined) throw new BrokenChain(blockNumber, `the channel’s orderers did not sign it (${refusal})`);
}

function assertSameAsBefore(block: ParsedBlock, { nextBlock, previousHash }: BlockCheckpoint): void {
  if (block.blockNumber === nextBlock - 1n && previousHash?.equals(block.headerHash) === true) return;
  throw new BrokenChain(block.blockNumber, 'another block of this number was followed before: another network, or a fork');
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
