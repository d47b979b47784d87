import { GatewayError } from '@hyperledger/fabric-gateway';
import type { FastifyBaseLogger } from 'fastify';
import { blocksOf, BrokenChain, followBlocks, type PeerSession } from '@lianyi/ledger-client';
import { type LedgerIndex } from './ledger-index/ledger-index';

/** Follows the blocks of several members' peers into one index until it is stopped. */
export class BlockFollowers {
  readonly #stop = new AbortController();
  readonly #faults: string[] = [];
  readonly #running: Promise<void>[];

  constructor(
    sessions: readonly PeerSession[],
    channel: string,
    index: LedgerIndex,
    private readonly log: FastifyBaseLogger,
  ) {
    this.#running = sessions.map((session) => this.#follow(session, channel, index));
  }

  /** Peers that are followed no more because their chain is broken or forked. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #follow(session: PeerSession, channel: string, index: LedgerIndex): Promise<void> {
    const source = session.peer.mspId;
    const open = blocksOf(session.gateway.getNetwork(channel));
    try {
      await followBlocks(open, index.sinkOf(source), this.#stop.signal, {
        connected: (nextBlock) => {
          this.log.info({ source, nextBlock: nextBlock.toString() }, 'following blocks');
        },
        interrupted: (error, retryMillis) => {
          const reason = error instanceof GatewayError ? error.code : error instanceof Error ? error.name : 'ended';
          this.log.warn({ source, retryMillis, reason }, 'block stream interrupted');
        },
      });
    } catch (error) {
      if (!(error instanceof BrokenChain)) throw error;
      this.#faults.push(`${source}: block ${error.blockNumber}`);
      this.log.fatal(
        { source, blockNumber: error.blockNumber.toString(), reason: error.message },
        'the chain is broken; this peer is followed no more',
      );
    }
  }
}
