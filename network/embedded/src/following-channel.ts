import { common } from '@lianyi/fabric-protocol';
import { readTransactions } from './gateway/block-transactions';
import { LedgerChannel } from './ledger-view';
import { ChannelLedger } from './channel-ledger';
import { LedgerDatabase } from './ledger/database';
import { type BroadcastResult, type EmbeddedChannel } from './ledger/embedded-channel';
import { type PrivateWrite, type StagedPrivateData } from './ledger/block-store';
import { type DataHolder } from './ledger/data-holder';

export interface FollowingOptions {
  /** Directory of this peer's own ledger of the channel. */
  readonly dir: string;
  /** How long after the others it commits a block. */
  readonly lagMillis: number;
  readonly peer: DataHolder;
}

/**
 * A channel as a peer sees it that lags behind the others: a ledger of its own, fed with the same blocks so much later,
 * which it validates and commits itself. While the peer is down it stands still; then it catches up.
 */
export class FollowingChannel extends LedgerChannel {
  /** When the others committed a block; of those from before this process nobody knows, so they are due at once. */
  readonly #committedAt = new Map<number, number>();
  readonly #unsubscribe: () => void;
  #following: Promise<void> | undefined;
  #wake: () => void = () => undefined;
  #isClosed = false;

  constructor(
    private readonly leader: EmbeddedChannel,
    private readonly options: FollowingOptions,
  ) {
    super(new ChannelLedger(new LedgerDatabase(options.dir), leader.name, leader.blocks.getBlock(0)));
    this.ledger.keepers.add(options.peer);
    this.#unsubscribe = leader.onBlock((number) => {
      this.#committedAt.set(number, Date.now());
      this.#wake();
    });
  }

  broadcast(envelope: Buffer): Promise<BroadcastResult> {
    return this.leader.broadcast(envelope);
  }

  /** To all who keep data of this channel: the leader hands it on to its followers. */
  stagePrivateData(txId: string, holder: string, data: readonly StagedPrivateData[]): void {
    this.leader.stagePrivateData(txId, holder, data);
  }

  /** What an endorser handed to this peer. */
  receivePrivateData(txId: string, data: readonly StagedPrivateData[]): void {
    this.ledger.stagePrivateData(txId, this.options.peer.holder, data);
  }

  /** Goes on where it stood. */
  resume(): void {
    this.#following ??= this.#follow().finally(() => {
      this.#following = undefined;
    });
  }

  /** The peer went down: the loop looks for itself. */
  pause(): void {
    this.#wake();
  }

  /** Takes over private data the peer got later than the block it belongs to. */
  reconcile(): void {
    const { holder } = this.options.peer;
    const own = new Set(this.ledger.blocks.allPrivateWrites(holder).map(placeOf));
    const missed = this.leader.blocks
      .allPrivateWrites(holder)
      .filter((write) => write.blockNumber < this.state.height && !own.has(placeOf(write)));
    this.ledger.addMissed(holder, missed);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#unsubscribe();
    this.pause();
    await this.#following;
    this.ledger.close();
  }

  get #goesOn(): boolean {
    return this.options.peer.isRunning && !this.#isClosed;
  }

  async #follow(): Promise<void> {
    while (this.#goesOn) {
      const number = this.state.height;
      const waitMillis = this.#millisUntilDue(number);
      if (waitMillis === undefined || waitMillis > 0) await this.#sleep(waitMillis);
      else await this.#commit(number);
    }
  }

  /** `undefined`: nobody has the block yet. */
  #millisUntilDue(number: number): number | undefined {
    if (number >= this.leader.state.height) return undefined;
    const committedAt = this.#committedAt.get(number);
    return committedAt === undefined ? 0 : committedAt + this.options.lagMillis - Date.now();
  }

  #sleep(millis: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = millis === undefined ? undefined : setTimeout(resolve, millis);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #commit(number: number): Promise<void> {
    const ordered = this.leader.blocks.getBlock(number);
    if (ordered === undefined) throw new Error(`block ${number} of channel ${this.name} is missing`);
    await this.commitLocked(() => {
      const block = common.Block.deserializeBinary(ordered);
      this.#stageHeld(number, block);
      const committed = this.ledger.commit(block);
      // the same blocks make the same ledger, or this program is wrong
      if (!committed.bytes.equals(ordered))
        throw new Error(`block ${number} of channel ${this.name} was validated differently by two peers`);
      return committed;
    });
    this.#committedAt.delete(number);
  }

  /** What the peer was given or pulled is known to the leader, also from before it lagged. */
  #stageHeld(number: number, block: common.Block): void {
    const { holder } = this.options.peer;
    const transactions = readTransactions(block);
    for (const write of this.leader.blocks.getPrivateWrites(holder, number)) {
      this.ledger.stagePrivateData(transactions[write.txIndex]?.txId ?? '', holder, [write]);
    }
  }
}

function placeOf({ blockNumber, txIndex, namespace, collection }: PrivateWrite): string {
  return JSON.stringify([blockNumber, txIndex, namespace, collection]);
}
