import { GatewayError } from '@hyperledger/fabric-gateway';
import type { FastifyBaseLogger } from 'fastify';
import {
  type BlockSource,
  BrokenChain,
  BuriedSignatures,
  ConfigurationUnread,
  followBlocks,
  PeerBehind,
  unreadParts,
} from '@lianyi/ledger-client';
import { type LedgerIndex } from './ledger-index/ledger-index';

/** An organisation whose blocks are followed. */
export type FollowedSource = BlockSource & { readonly mspId: string };

/** What says nothing against a chain, and yet keeps it from being followed further for now. */
const KEPT = [PeerBehind, BuriedSignatures, ConfigurationUnread];

/** Follows the blocks of several members' peers into one index until it is stopped. What one of them does stops no other. */
export class BlockFollowers {
  readonly #stop = new AbortController();
  readonly #putAside = new Map<string, string>();
  /** Until the next stream is opened. */
  readonly #kept = new Map<string, string>();
  /** Of each one's newest configuration. */
  readonly #unread = new Map<string, readonly string[]>();
  readonly #running: Promise<void>[];

  constructor(
    sources: readonly FollowedSource[],
    index: Pick<LedgerIndex, 'sinkOf'>,
    private readonly log: FastifyBaseLogger,
  ) {
    this.#running = sources.map((source) => this.#follow(source, index));
  }

  /**
   * Members that are followed no more because their chain is broken or forked, and those that are not followed for now: their peer has fewer
   * blocks than the index, or the next one with its signatures buried, or with a configuration that this version cannot read.
   */
  get faults(): readonly string[] {
    return [...this.#putAside.values(), ...this.#kept.values()];
  }

  /** Parts of the channel's configuration that count as if nobody were there. */
  get warnings(): readonly string[] {
    return [...new Set([...this.#unread.values()].flat())];
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #follow(blocks: FollowedSource, index: Pick<LedgerIndex, 'sinkOf'>): Promise<void> {
    const source = blocks.mspId;
    try {
      await followBlocks(blocks, index.sinkOf(source, this.#stop.signal), this.#stop.signal, {
        connected: (nextBlock) => {
          this.#kept.delete(source);
          this.log.info({ source, nextBlock: nextBlock.toString() }, 'following blocks');
        },
        configured: (unread) => {
          this.#unread.set(source, unreadParts(unread));
        },
        interrupted: (error, retryMillis) => {
          if (error instanceof Error && KEPT.some((kind) => error instanceof kind)) this.#kept.set(source, `${source}: ${error.message}`);
          const reason = error instanceof GatewayError ? error.code : error instanceof Error ? error.name : 'ended';
          this.log.warn({ source, retryMillis, reason }, 'block stream interrupted');
        },
      });
    } catch (error) {
      if (!(error instanceof BrokenChain)) throw error;
      this.#putAside.set(source, `${source}: ${error.message}`);
      this.log.fatal(
        { source, blockNumber: error.blockNumber.toString(), reason: error.message },
        'the chain is broken; this peer is followed no more',
      );
    }
  }
}
