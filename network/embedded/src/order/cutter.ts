import { type BatchConfig } from '@lianyi/fabric-protocol';

export interface PendingEnvelope {
  readonly sequence: number;
  readonly bytes: Buffer;
  /** A configuration transaction stands alone in its block. */
  readonly isConfig: boolean;
}

export type Batch = readonly PendingEnvelope[];

/** Decides where blocks end (orderer/common/blockcutter/blockcutter.go). */
export class BlockCutter {
  #pending: PendingEnvelope[] = [];
  #pendingBytes = 0;

  constructor(private readonly config: Pick<BatchConfig, 'maxMessageCount' | 'preferredMaxBytes'>) {}

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /** Takes an envelope in; answers the batches that are full because of it. */
  order(envelope: PendingEnvelope): readonly Batch[] {
    const size = envelope.bytes.length;
    if (envelope.isConfig || size > this.config.preferredMaxBytes) return [...this.cut(), [envelope]];
    const overflowing = this.#pendingBytes + size > this.config.preferredMaxBytes ? this.cut() : [];
    this.#pending.push(envelope);
    this.#pendingBytes += size;
    return this.#pending.length >= this.config.maxMessageCount ? [...overflowing, ...this.cut()] : overflowing;
  }

  /** The batch so far, if any; the timer's entry. */
  cut(): readonly Batch[] {
    if (this.isEmpty) return [];
    const batch = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    return [batch];
  }
}
