import { type BatchConfig, common, marshal, newBlock, readEnvelope, signBlock, type Signer, tryDecode } from '@lianyi/fabric-protocol';
import { FollowingChannel, type FollowingOptions } from './following-channel';
import { LedgerChannel } from './ledger-view';
import { ChannelLedger } from './channel-ledger';
import { LedgerDatabase } from './ledger/database';
import { type AdmissionContext, admit } from './order/admission';
import { type Batch, BlockCutter } from './order/cutter';
import { PendingStore } from './order/pending-store';
import { type BroadcastResult, type EmbeddedChannel } from './ledger/embedded-channel';
import { type StagedPrivateData } from './ledger/block-store';
import { type DataHolder } from './ledger/data-holder';

const STATUS_SERVICE_UNAVAILABLE = 503;

export interface OpenChannelOptions {
  /** Directory of the channel's database; created if absent. */
  readonly dir: string;
  readonly name: string;
  /** Marshalled common.Block 0; needed only when the directory is new. */
  readonly genesisBlock?: Buffer;
  readonly batch: BatchConfig;
  readonly ordererSigner: Signer;
  /** Milliseconds since the epoch; the machine's clock unless a test brings its own. */
  readonly now?: () => number;
}

/** One process plays the ordering service and every committing peer of one channel. */
export class OrderedChannel extends LedgerChannel {
  readonly #followers = new Map<string, FollowingChannel>();
  readonly #cutter: BlockCutter;
  readonly #pending: PendingStore;
  #timer: NodeJS.Timeout | undefined;
  /** Blocks are committed one after the other; each link commits one batch. */
  #tail: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(
    ledger: ChannelLedger,
    database: LedgerDatabase,
    private readonly options: OpenChannelOptions,
  ) {
    super(ledger);
    this.#cutter = new BlockCutter(options.batch);
    this.#pending = new PendingStore(database);
    for (const envelope of this.#pending.all()) this.#enqueue(this.#cutter.order(envelope));
  }

  broadcast(envelope: Buffer): Promise<BroadcastResult> {
    if (this.#isClosed) return Promise.resolve({ status: STATUS_SERVICE_UNAVAILABLE, info: 'the ordering service is stopping' });
    const { result, envelope: admitted, isConfig } = admit(envelope, this.#admissionContext());
    if (admitted) this.#enqueue(this.#cutter.order(this.#pending.add(admitted, isConfig)));
    return Promise.resolve(result);
  }

  stagePrivateData(txId: string, holder: string, data: readonly StagedPrivateData[]): void {
    this.ledger.stagePrivateData(txId, holder, data);
    this.#followers.get(holder)?.receivePrivateData(txId, data);
  }

  /**
   * Lets a peer take part: it keeps its private data, and reads the channel as the answer shows it. A peer that lags has a
   * ledger of its own, the others share this one.
   */
  join(peer: DataHolder, following?: Omit<FollowingOptions, 'peer'>): EmbeddedChannel {
    this.ledger.keepers.add(peer);
    if (following === undefined) return this;
    const follower = new FollowingChannel(this, { ...following, peer });
    this.#followers.set(peer.holder, follower);
    return follower;
  }

  /** A peer of the channel came up: it gets the private data it missed, and others what only it has. */
  peerStarted(): void {
    this.ledger.reconcile();
    for (const follower of this.#followers.values()) {
      follower.reconcile();
      follower.resume();
    }
  }

  peerStopped(holder: string): void {
    this.#followers.get(holder)?.pause();
  }

  async peerLeft(holder: string): Promise<void> {
    this.ledger.keepers.remove(holder);
    await this.#followers.get(holder)?.close();
    this.#followers.delete(holder);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#enqueue(this.#cutter.cut());
    await this.#tail;
    await Promise.all([...this.#followers.values()].map((follower) => follower.close()));
    this.ledger.close();
  }

  #admissionContext(): AdmissionContext {
    const { config, policies } = this.ledger;
    return {
      channel: this.name,
      config,
      msps: config.msps,
      policies,
      signer: this.options.ordererSigner,
      absoluteMaxBytes: config.absoluteMaxBytes ?? this.options.batch.absoluteMaxBytes,
      nowMillis: (this.options.now ?? Date.now)(),
    };
  }

  /** A configuration made from an older one than the channel has by now is made again, or falls (etcdraft/chain.go ordered). */
  #refresh([only, ...others]: Batch): Batch {
    if (!only?.isConfig) return only ? [only, ...others] : [];
    const outdated = outdatedUpdate(only.bytes, this.ledger.config.sequence);
    if (!outdated) return [only];
    const { envelope } = admit(outdated, this.#admissionContext());
    if (envelope) return [{ ...only, bytes: envelope }];
    this.#pending.drop(only.sequence);
    return [];
  }

  #enqueue(batches: readonly Batch[]): void {
    for (const batch of batches) {
      // a failure is a fault of this program or its disk: the process must not go on with a hole in the chain
      this.#tail = this.#tail.then(() => this.#commit(batch));
    }
    this.#setTimer();
  }

  /** The timer runs from the first envelope of a batch (orderer/consensus/etcdraft/chain.go). */
  #setTimer(): void {
    if (this.#cutter.isEmpty) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#enqueue(this.#cutter.cut());
    }, this.options.batch.timeoutMillis);
  }

  #commit(ordered: Batch): Promise<void> {
    return this.commitLocked(() => {
      const batch = this.#refresh(ordered);
      if (batch.length === 0) return undefined;
      const envelopes = batch.map(({ bytes }) => bytes);
      const number = this.ledger.state.height;
      const block = newBlock(number, this.ledger.blocks.lastBlockHash, envelopes);
      // a block of configuration names itself (orderer/common/multichannel/blockwriter.go addBlockSignature)
      signBlock(block, this.options.ordererSigner, batch[0]?.isConfig === true ? number : this.ledger.lastConfigBlock);
      return this.ledger.commit(
        block,
        batch.map(({ sequence }) => sequence),
      );
    });
  }
}

/** The update inside a configuration transaction whose sequence is not the next one. */
function outdatedUpdate(bytes: Buffer, currentSequence: number): Buffer | undefined {
  const reading = readEnvelope(bytes);
  const content = reading.ok ? tryDecode(common.ConfigEnvelope, reading.envelope.data) : undefined;
  const isNext = content?.getConfig()?.getSequence() === currentSequence + 1;
  const update = content?.getLastUpdate();
  return update && !isNext ? marshal(update) : undefined;
}

function open(options: OpenChannelOptions): OrderedChannel {
  const database = new LedgerDatabase(options.dir);
  try {
    return new OrderedChannel(new ChannelLedger(database, options.name, options.genesisBlock), database, options);
  } catch (fault) {
    database.close();
    throw fault;
  }
}

/** Opens the channel of a directory, or creates it from its genesis block; reopening continues at the stored height. */
export function openChannel(options: OpenChannelOptions): Promise<OrderedChannel> {
  return new Promise((resolve) => {
    resolve(open(options));
  });
}
