import { type ChannelPolicies, type MspManager } from '@lianyi/fabric-protocol';
import { type ChannelLedger, type CommittedBlock } from './channel-ledger';
import { ReadWriteLock } from './ledger/rw-lock';
import { type BlockListener, type BroadcastResult, type EmbeddedChannel } from './ledger/embedded-channel';
import { type BlockStore, type StagedPrivateData } from './ledger/block-store';
import { type ChaincodeDefinitions } from './ledger/chaincode-definition';
import { type CommittedState } from './ledger/committed-state';

/** A channel by one ledger: what peers read, and when they may. */
export abstract class LedgerChannel implements EmbeddedChannel {
  readonly #lock = new ReadWriteLock();
  readonly #listeners = new Set<BlockListener>();

  constructor(protected readonly ledger: ChannelLedger) {}

  abstract broadcast(envelope: Buffer): Promise<BroadcastResult>;
  abstract stagePrivateData(txId: string, holder: string, data: readonly StagedPrivateData[]): void;
  abstract close(): Promise<void>;

  get name(): string {
    return this.ledger.name;
  }

  get applicationMspIds(): readonly string[] {
    return this.ledger.applicationMspIds;
  }

  get configuration(): EmbeddedChannel['configuration'] {
    return { bytes: this.ledger.config.bytes, blockNumber: this.ledger.lastConfigBlock };
  }

  get state(): CommittedState {
    return this.ledger.state;
  }

  get blocks(): BlockStore {
    return this.ledger.blocks;
  }

  get msps(): MspManager {
    return this.ledger.config.msps;
  }

  get policies(): ChannelPolicies {
    return this.ledger.policies;
  }

  get definitions(): ChaincodeDefinitions {
    return this.ledger.definitions;
  }

  onBlock(listener: BlockListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  acquireReadLock(): Promise<() => void> {
    return this.#lock.acquireRead();
  }

  /** Commits while nobody simulates, then tells; `undefined` = there was nothing to commit. */
  protected async commitLocked(commit: () => CommittedBlock | undefined): Promise<void> {
    const release = await this.#lock.acquireWrite();
    let committed;
    try {
      committed = commit();
    } finally {
      release();
    }
    if (committed === undefined) return;
    for (const listener of [...this.#listeners]) listener(committed.number, committed.bytes, committed.codes);
  }
}
