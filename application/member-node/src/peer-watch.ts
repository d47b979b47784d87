import { setTimeout } from 'node:timers/promises';
import { type BlockSource, nameOfFailure } from '@lianyi/ledger-client';
import { type LedgerIndex } from './ledger-index/ledger-index';

/** An organisation whose peer is asked for its newest block. */
export type WatchedPeer = Pick<BlockSource, 'newest'> & { readonly mspId: string };

/** How often is looked, how long a peer may take, and how long the index may stay behind it. */
export interface WatchIntervals {
  readonly everyMillis: number;
  readonly answerMillis: number;
  readonly behindMillis: number;
}

/** A fault is told within 7 s, one of a block stream that brings nothing within 8 s; ten are promised. */
const INTERVALS: WatchIntervals = { everyMillis: 2_000, answerMillis: 3_000, behindMillis: 3_000 };

/**
 * Looks again and again whether each peer answers and whether the index has its blocks.
 *
 * What a node has followed once tells nothing of now: a peer may be gone, a connection or a block stream dead without having closed. So
 * the peer is asked for its newest block, over the connection that the blocks come by, and the index is held against the answer.
 */
export class PeerWatch {
  readonly #faults = new Map<string, string>();
  readonly #behindSince = new Map<string, number>();
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[];

  private constructor(
    peers: readonly WatchedPeer[],
    private readonly index: Pick<LedgerIndex, 'heights'>,
    private readonly intervals: WatchIntervals,
  ) {
    this.#running = peers.map((peer) => this.#watch(peer));
  }

  /** Resolves when each peer has been looked at once. */
  static async start(
    peers: readonly WatchedPeer[],
    index: Pick<LedgerIndex, 'heights'>,
    intervals: WatchIntervals = INTERVALS,
  ): Promise<PeerWatch> {
    const watch = new PeerWatch(peers, index, intervals);
    await Promise.all(peers.map((peer) => watch.#look(peer)));
    return watch;
  }

  /** What is wrong now, peer by peer, in words that name the peer and the cause; empty when all is well. */
  get faults(): readonly string[] {
    return [...this.#faults.values()];
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #watch(peer: WatchedPeer): Promise<void> {
    const { signal } = this.#stop;
    while (await pausedUnlessStopped(this.intervals.everyMillis, signal)) await this.#look(peer);
  }

  async #look(peer: WatchedPeer): Promise<void> {
    const fault = await this.#faultOf(peer);
    if (fault === undefined) this.#faults.delete(peer.mspId);
    else this.#faults.set(peer.mspId, `${peer.mspId}: ${fault}`);
  }

  async #faultOf(peer: WatchedPeer): Promise<string | undefined> {
    const newest = await peer.newest(this.intervals.answerMillis).catch(nameOfFailure);
    if (typeof newest === 'string') return `its peer does not answer (${newest})`;
    const next = (await this.index.heights())[peer.mspId] ?? 0;
    if (newest < BigInt(next)) {
      this.#behindSince.delete(peer.mspId);
      return undefined;
    }
    const since = this.#behindSince.get(peer.mspId) ?? Date.now();
    this.#behindSince.set(peer.mspId, since);
    // a block takes its time from the peer to the index
    if (next > 0 && Date.now() - since < this.intervals.behindMillis) return undefined;
    return `its blocks do not arrive: the peer has block ${newest}, the index waits for block ${next}`;
  }
}

/** @returns false when it was stopped */
async function pausedUnlessStopped(millis: number, signal: AbortSignal): Promise<boolean> {
  await setTimeout(millis, undefined, { signal, ref: false }).catch(() => undefined);
  return !signal.aborted;
}
