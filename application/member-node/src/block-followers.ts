import { GatewayError } from '@hyperledger/fabric-gateway';
import type { FastifyBaseLogger } from 'fastify';
import { type BlockSource, BrokenChain, followBlocks, PeerBehind } from '@lianyi/ledger-client';
import { type LedgerIndex } from './ledger-index/ledger-index';

/** An organisation whose blocks are followed. */
export type FollowedSource = BlockSource & { readonly mspId: string };

/** Follows the blocks of several members' peers into one index until it is stopped. What one of them does stops no other. */
export class BlockFollowers {
  readonly #stop = new AbortController();
  readonly #putAside = new Map<string, string>();
  readonly #behind = new Map<string, string>();
  readonly #running: Promise<void>[];

  constructor(
    sources: readonly FollowedSource[],
    index: Pick<LedgerIndex, 'sinkOf'>,
    private readonly log: FastifyBaseLogger,
  ) {
    this.#running = sources.map((source) => this.#follow(source, index));
  }

  /** Members that are followed no more because their chain is broken or forked, and those whose peer has fewer blocks than the index. */
  get faults(): readonly string[] {
    return [...this.#putAside.values(), ...this.#behind.values()];
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
          this.#behind.delete(source);
          this.log.info({ source, nextBlock: nextBlock.toString() }, 'following blocks');
        },
        interrupted: (error, retryMillis) => {
          if (error instanceof PeerBehind) this.#behind.set(source, `${source}: ${error.message}`);
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
