import type { Kysely, Transaction } from 'kysely';
import { type BlockTransaction } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

/** Keeps that a peer has a transaction in its chain, and how it has judged it. */
export async function insertTransaction(
  db: Transaction<IndexTables>,
  source: string,
  blockNumber: number,
  { transactionId, transactionIndex, validationCode }: BlockTransaction,
): Promise<void> {
  const place = { source, block_number: blockNumber, transaction_index: transactionIndex };
  const row = { ...place, transaction_id: transactionId, validation_code: validationCode };
  await db.insertInto('ledger_transaction').values(row).execute();
}

/** Header hash of a chain's block 0, base64url; undefined before that block. */
export async function genesisIn(db: Kysely<IndexTables>, ownMspId: string): Promise<string | undefined> {
  const query = db.selectFrom('block').select('header_hash').where('block_number', '=', 0).where('source', '=', ownMspId);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : Buffer.from(row.header_hash).toString('base64url');
}
