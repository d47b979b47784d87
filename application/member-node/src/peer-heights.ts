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
/** As many requests wait at once; others are refused at once, as they would be after waiting. */
const MOST_WAITING = 256;

/** How far peers are: of the own organisation the one by which this node asks, of other members those whose blocks it follows. */
export class PeerHeights {
  readonly #asking = new Map<AskedPeer, Promise<bigint>>();
  #waiting = 0;

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
   * @throws {@link DomainError} `PEER_BEHIND` — it does not within ten seconds, or does not tell
   */
  async untilSeen(block: bigint): Promise<void> {
    const until = Date.now() + this.intervals.patienceMillis;
    let height = await this.#ask(this.own).catch(nameOfFailure);
    if (has(height, block)) return;
    const mayWait = this.#waiting < MOST_WAITING;
    this.#waiting += 1;
    try {
      while (mayWait && Date.now() < until) {
        await setTimeout(this.intervals.everyMillis);
        height = await this.#ask(this.own).catch(nameOfFailure);
        if (has(height, block)) return;
      }
    } finally {
      this.#waiting -= 1;
    }
    throw new DomainError('PEER_BEHIND', undefined, { mspId: this.own.mspId, seenBlock: block.toString(), newestBlock: height.toString() });
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
