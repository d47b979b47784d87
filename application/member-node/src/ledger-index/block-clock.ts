import type { Kysely } from 'kysely';
import { type FollowedBlock } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

/** When this node had a block first, in milliseconds since 1970. */
export interface BlockClock {
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
export async function blockClock(
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
export async function ownTimeBefore(db: Kysely<IndexTables>, blockNumber: number): Promise<number> {
  const row = await db.selectFrom('own_time').selectAll().where('block_number', '<', blockNumber).executeTakeFirst();
  return row?.latest ?? 0;
}

export async function keepOwnTime(db: Kysely<IndexTables>, blockNumber: number, latest: number): Promise<void> {
  await db.replaceInto('own_time').values({ id: 0, block_number: blockNumber, latest }).execute();
}
