import type { Kysely } from 'kysely';
import { type CommitBounds, type FollowedBlock, timelinessOf, timeToldBy, ToldTimes } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

/** When this node had a block first, in milliseconds since 1970. */
interface BlockClock {
  /** When it was ordered at the earliest, as {@link Arrivals} tells. */
  readonly arrived: number;
  /** When it was read: nothing in it is later, but for the clocks' skew. */
  readonly seen: number;
}

/**
 * The clock of a block that this node has seen arrive, now or when it followed the chain before; undefined of every other.
 *
 * It is kept when the index is followed again: by then every time that somebody has stated has come, and nobody could tell any more what was
 * dated ahead.
 */
async function blockClock(
  db: Kysely<IndexTables>,
  { blockNumber, headerHash }: Pick<FollowedBlock, 'blockNumber' | 'headerHash'>,
  arrivedAtMillis: number | undefined,
): Promise<BlockClock | undefined> {
  const block_number = Number(blockNumber);
  const kept = await db.selectFrom('block_clock').selectAll().where('block_number', '=', block_number).executeTakeFirst();
  if (kept !== undefined && headerHash.equals(kept.header_hash)) return { arrived: kept.arrived, seen: kept.seen };
  if (arrivedAtMillis === undefined) return undefined;
  const clock = { arrived: arrivedAtMillis, seen: Date.now() };
  await db
    .replaceInto('block_clock')
    .values({ block_number, header_hash: headerHash, ...clock })
    .execute();
  return clock;
}

/**
 * The times that were told in the blocks before this one. What was kept when the index had followed the chain further says nothing.
 */
async function toldBefore(db: Kysely<IndexTables>, blockNumber: number): Promise<ToldTimes> {
  const rows = await db.selectFrom('told_time').selectAll().where('block_number', '<', blockNumber).execute();
  return new ToldTimes(rows.map(({ msp_id, latest }) => [msp_id, latest]));
}

/** The times of one block: when it was seen, and what its transactions state. */
export class BlockTimes {
  /** Since when the block can be there at the earliest. */
  readonly #seenMillis: number;
  readonly #telling = new Set<string>();

  private constructor(
    private readonly db: Kysely<IndexTables>,
    private readonly at: { readonly blockNumber: number; readonly ownMspId: string },
    private readonly clock: BlockClock | undefined,
    private readonly told: ToldTimes,
  ) {
    // what the own clients state, a hospital has said itself
    this.#seenMillis = Math.max(told.byTwo(), told.by(at.ownMspId), clock?.arrived ?? 0);
  }

  static async of(
    db: Kysely<IndexTables>,
    ownMspId: string,
    block: FollowedBlock,
    arrivedAtMillis: number | undefined,
  ): Promise<BlockTimes> {
    const clock = await blockClock(db, block, arrivedAtMillis);
    const blockNumber = Number(block.blockNumber);
    return new BlockTimes(db, { blockNumber, ownMspId }, clock, await toldBefore(db, blockNumber));
  }

  /** The next transaction: whether it came in time, and by what its own times are bounded. */
  take(call: Parameters<typeof timelinessOf>[0]): { timeliness: ReturnType<typeof timelinessOf>; bounds: CommitBounds } {
    const { clock } = this;
    if (call !== 'unreadable' && this.told.tell(call.creatorMspId, timeToldBy(call, clock?.seen))) this.#telling.add(call.creatorMspId);
    const provenMillis = this.#provenMillis();
    const bounds = { seenMillis: this.#seenMillis, provenBy: () => provenMillis };
    return { timeliness: timelinessOf(call, this.#seenMillis, clock?.seen), bounds };
  }

  /** By when the time had certainly come: where nobody saw the block arrive, others state what they like, and the own clients alone tell. */
  #provenMillis(): number {
    return this.clock === undefined ? this.told.by(this.at.ownMspId) : Number.MAX_SAFE_INTEGER;
  }

  /** Keeps what the block has told. */
  async keep(): Promise<void> {
    for (const msp_id of this.#telling) {
      const row = { msp_id, block_number: this.at.blockNumber, latest: this.told.by(msp_id) };
      await this.db.replaceInto('told_time').values(row).execute();
    }
  }
}
