import { setTimeout } from 'node:timers/promises';
import { nameOfFailure, type OrganisationPeers } from '@lianyi/ledger-client';
import { DomainError, type MspId, mspIdSchema } from '@lianyi/domain';

/** A peer that tells the number of its newest block. */
export interface AskedPeer {
  readonly mspId: MspId;
  newest(withinMillis: number): Promise<bigint>;
}

/** What a peer said, or why it said nothing. */
export type PeerHeight = { readonly mspId: MspId; readonly newestBlock: string } | { readonly mspId: MspId; readonly silent: string };

/** How long is waited for a block that somebody has seen, how often is looked, and how long a peer may take. */
const INTERVALS = { patienceMillis: 10_000, everyMillis: 200, answerMillis: 3_000 };
/** Whoever has seen a block that is so much newer is refused at once: no peer comes so far while it is waited for. */
const FAR_AHEAD = 1000n;

/** How far peers are: of the own organisation the one by which this node asks, of other members those whose blocks it follows. */
export class PeerHeights {
  readonly #asking = new Map<AskedPeer, Promise<bigint>>();

  constructor(
    private readonly own: AskedPeer,
    private readonly others: readonly AskedPeer[],
    private readonly intervals: typeof INTERVALS = INTERVALS,
  ) {}

  /** Of the own organisation the peer that is asked, of others those that are followed. */
  static of(
    own: Pick<OrganisationPeers, 'mspId' | 'newestOfAsked'>,
    others: readonly Pick<OrganisationPeers, 'mspId' | 'newest'>[],
  ): PeerHeights {
    return new PeerHeights(
      { mspId: mspIdSchema.parse(own.mspId), newest: (withinMillis) => own.newestOfAsked(withinMillis) },
      others.map((peers) => ({ mspId: mspIdSchema.parse(peers.mspId), newest: (withinMillis) => peers.newest(withinMillis) })),
    );
  }

  /** The own peer's first. Other members are asked for nothing but their height, so none learns who asks for what. */
  all(): Promise<readonly PeerHeight[]> {
    return Promise.all(
      [this.own, ...this.others].map(async (peer): Promise<PeerHeight> => {
        const { mspId } = peer;
        const answer = await this.#ask(peer).catch(nameOfFailure);
        return typeof answer === 'string' ? { mspId, silent: answer } : { mspId, newestBlock: answer.toString() };
      }),
    );
  }

  /**
   * Waits until the own peer has a block that whoever asks has seen.
   * @param inTurn - does the waiting in the place of whoever asks, so that nobody waits in another's
   * @throws {@link DomainError} `PEER_BEHIND` — it does not within ten seconds, or does not tell, or is far behind; and what `inTurn` throws
   */
  async untilSeen(block: bigint, inTurn: (wait: () => Promise<void>) => Promise<void>): Promise<void> {
    const height = await this.#ask(this.own).catch(nameOfFailure);
    if (has(height, block)) return;
    if (typeof height === 'bigint' && block - height > FAR_AHEAD) throw this.#behind(block, height);
    await inTurn(() => this.#wait(block, height));
  }

  async #wait(block: bigint, before: bigint | string): Promise<void> {
    const until = Date.now() + this.intervals.patienceMillis;
    let height = before;
    while (Date.now() < until) {
      await setTimeout(this.intervals.everyMillis);
      height = await this.#ask(this.own).catch(nameOfFailure);
      if (has(height, block)) return;
    }
    throw this.#behind(block, height);
  }

  #behind(block: bigint, height: bigint | string): DomainError {
    return new DomainError('PEER_BEHIND', undefined, {
      mspId: this.own.mspId,
      seenBlock: block.toString(),
      newestBlock: height.toString(),
    });
  }

  /** However many want to know at once, a peer is asked once. */
  #ask(peer: AskedPeer): Promise<bigint> {
    const asking = this.#asking.get(peer) ?? peer.newest(this.intervals.answerMillis).finally(() => this.#asking.delete(peer));
    this.#asking.set(peer, asking);
    return asking;
  }
}

function has(height: bigint | string, block: bigint): boolean {
  return typeof height === 'bigint' && height >= block;
}
