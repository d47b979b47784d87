import type { Kysely } from 'kysely';
import { type AlarmFact, type AlarmName, type BlockTransaction, type KnownAlarms } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;

/** What was written without the word of whose it is, and where. */
export interface IndexAlarm {
  readonly name: AlarmName;
  /** Left out where it is about no patient in particular. */
  readonly pseudonym?: string;
  readonly blockNumber: number;
  readonly transactionId: string;
  readonly detail?: string;
}

/** Where in the chain a fact was found. */
export interface FactPlace {
  readonly transaction: BlockTransaction;
  readonly blockNumber: number;
  /** Committed so long after its proposal that somebody has kept it back. */
  readonly isLate: boolean;
}

/** @param alarmIndex how many alarms the block has had before */
export async function keepAlarm(
  db: Database,
  fact: AlarmFact,
  { transaction, blockNumber }: FactPlace,
  alarmIndex: number,
): Promise<IndexAlarm> {
  const { alarm: name, pseudonym, detail } = fact;
  const { transactionId, transactionIndex } = transaction;
  const row = { block_number: blockNumber, transaction_index: transactionIndex, alarm_index: alarmIndex, transaction_id: transactionId };
  await db
    .insertInto('alarm')
    .values({ ...row, name, pseudonym: pseudonym ?? null, detail: detail ?? null })
    .execute();
  const about = { ...(pseudonym === undefined ? {} : { pseudonym }), ...(detail === undefined ? {} : { detail }) };
  return { name, ...about, blockNumber, transactionId };
}

/** Of which entries alarms have told. */
export function alarmsKnownIn(db: Database): KnownAlarms {
  return {
    isTold: async ({ pseudonym, detail }) => {
      const ofEntry = db
        .selectFrom('alarm')
        .select('name')
        .where('pseudonym', 'is', pseudonym ?? null)
        .where('detail', 'is', detail ?? null);
      return (await ofEntry.executeTakeFirst()) !== undefined;
    },
  };
}

/** The newest alarms, at most `limit`, the newest first. */
export async function newestAlarms(db: Database, limit: number): Promise<readonly IndexAlarm[]> {
  const rows = await db
    .selectFrom('alarm')
    .selectAll()
    .orderBy('block_number', 'desc')
    .orderBy('transaction_index', 'desc')
    .orderBy('alarm_index', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    // only `keepAlarm` writes there
    name: row.name as AlarmName,
    ...(row.pseudonym === null ? {} : { pseudonym: row.pseudonym }),
    blockNumber: row.block_number,
    transactionId: row.transaction_id,
    ...(row.detail === null ? {} : { detail: row.detail }),
  }));
}

/** The block of the first valid transaction that could not be read; undefined if there is none. What it wrote, nobody knows. */
export async function firstUnreadableBlock(db: Database): Promise<number | undefined> {
  const name: AlarmName = 'transaction-not-readable';
  const row = await db.selectFrom('alarm').select('block_number').where('name', '=', name).orderBy('block_number').executeTakeFirst();
  return row?.block_number;
}
