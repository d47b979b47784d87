import type { Kysely } from 'kysely';
import { type CommitBounds, type FollowedBlock, timelinessOf, timeToldBy } from '@lianyi/ledger-client';
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
 * The latest time that the own clients have stated in the blocks before this one, in milliseconds since 1970; 0 before the first. What was kept
 * when the index had followed the chain further says nothing.
 */
async function ownTimeBefore(db: Kysely<IndexTables>, blockNumber: number): Promise<number> {
  const row = await db.selectFrom('own_time').selectAll().where('block_number', '<', blockNumber).executeTakeFirst();
  return row?.latest ?? 0;
}

async function keepOwnTime(db: Kysely<IndexTables>, blockNumber: number, latest: number): Promise<void> {
  await db.replaceInto('own_time').values({ id: 0, block_number: blockNumber, latest }).execute();
}

/** The times of one block: when it was seen, what its transactions state, and what the own organisation's clients state. */
export class BlockTimes {
  #newest: number;
  #proven: number;

  private constructor(
    private readonly db: Kysely<IndexTables>,
    private readonly blockNumber: number,
    private readonly clock: BlockClock | undefined,
    private readonly latest: number,
    private readonly own: number,
  ) {
    this.#newest = latest;
    this.#proven = own;
  }

  static async of(db: Kysely<IndexTables>, block: FollowedBlock, arrivedAtMillis: number | undefined): Promise<BlockTimes> {
    const { latest } = await db.selectFrom('chain_time').select('latest').executeTakeFirstOrThrow();
    const clock = await blockClock(db, block, arrivedAtMillis);
    const blockNumber = Number(block.blockNumber);
    return new BlockTimes(db, blockNumber, clock, latest, await ownTimeBefore(db, blockNumber));
  }

  /** The next transaction: whether it came in time, and by what its own times are bounded. */
  take(call: Parameters<typeof timelinessOf>[0], isOwn: boolean): { timeliness: ReturnType<typeof timelinessOf>; bounds: CommitBounds } {
    const { clock } = this;
    const told = timeToldBy(call, clock?.seen);
    this.#newest = Math.max(this.#newest, told);
    // where nobody saw the block arrive, others state what they like
    if (isOwn) this.#proven = Math.max(this.#proven, told);
    const seenMillis = Math.max(this.latest, clock?.arrived ?? 0);
    const provenMillis = this.#provenMillis();
    return { timeliness: timelinessOf(call, seenMillis, clock?.seen), bounds: { seenMillis, provenBy: () => provenMillis } };
  }

  /** By when the time had certainly come: where nobody saw the block arrive, by what the own clients state. */
  #provenMillis(): number {
    return this.clock === undefined ? this.#proven : Number.MAX_SAFE_INTEGER;
  }

  /** Keeps what the block has told. */
  async keep(): Promise<void> {
    if (this.#proven > this.own) await keepOwnTime(this.db, this.blockNumber, this.#proven);
    if (this.#newest > this.latest) await this.db.updateTable('chain_time').set({ latest: this.#newest }).execute();
  }
}
