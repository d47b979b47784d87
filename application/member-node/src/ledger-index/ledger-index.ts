import type { Kysely, Transaction } from 'kysely';
import { canonicalJson, type DomainEvent, eventsPayloadSchema, FABRIC_EVENT_NAME, parseStrictJson } from '@lianyi/domain';
import { type BlockCheckpoint, type BlockSink, type BlockTransaction, BrokenChain, type ParsedBlock } from '@lianyi/ledger-client';
import { openDatabase } from './node-sqlite';
import { indexMigrations, type IndexTables } from './tables';

/** One peer's word on a transaction that is in its chain. */
export interface Sighting {
  /** The organisation whose peer delivered the block. */
  readonly source: string;
  readonly transactionId: string;
  readonly blockNumber: bigint;
  /** 0 = VALID. */
  readonly validationCode: number;
  readonly event?: string;
}

/** Events may be this large in all; the chaincode's own limit is far below. */
const EVENT_LIMITS = { maxBytes: 256 * 1024, maxDepth: 8 };
const WAIT_STEP_MILLIS = 1_000;

/**
 * What the blocks of one or more peers say, in SQLite, kept per peer so that their words can be compared.
 *
 * Derived data only: deleting the file and following from block 0 gives the same content.
 */
export class LedgerIndex {
  readonly #db: Kysely<IndexTables>;
  readonly #listeners = new Set<() => void>();

  /** @param file a path, or `:memory:` */
  constructor(
    file: string,
    private readonly chaincode: string,
  ) {
    this.#db = openDatabase<IndexTables>({ file, content: 'rebuilt' }, indexMigrations, 'derived');
  }

  /** The sink for the blocks of one organisation's peer. */
  sinkOf(source: string): BlockSink {
    return { checkpoint: () => this.#checkpoint(source), apply: (block) => this.#apply(source, block) };
  }

  /** Every peer's word on what happened to a ticket: permitted, denied; of invalid transactions too. */
  async decisionsOn(ticketId: string): Promise<readonly Sighting[]> {
    const rows = await this.#db
      .selectFrom('ledger_event')
      .selectAll()
      .where('ticket_id', '=', ticketId)
      .where('name', 'in', ['AccessPermitted', 'AccessDenied'])
      .orderBy('source')
      .execute();
    return rows.map((row) => ({
      source: row.source,
      transactionId: row.transaction_id,
      blockNumber: BigInt(row.block_number),
      validationCode: row.validation_code,
      event: row.name,
    }));
  }

  /** Every peer's word on a transaction id. An id that was used again counts once: the first copy decides (Fabric: DUPLICATE_TXID). */
  async transaction(transactionId: string): Promise<readonly Sighting[]> {
    const rows = await this.#db
      .selectFrom('ledger_transaction')
      .selectAll()
      .where('transaction_id', '=', transactionId)
      .orderBy('block_number')
      .orderBy('transaction_index')
      .execute();
    const first = new Map<string, (typeof rows)[number]>();
    for (const row of rows) if (!first.has(row.source)) first.set(row.source, row);
    return [...first.values()].map((row) => ({
      source: row.source,
      transactionId,
      blockNumber: BigInt(row.block_number),
      validationCode: row.validation_code,
    }));
  }

  /** How many blocks of each peer are in the index. */
  async heights(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.#db.selectFrom('checkpoint').select(['source', 'next_block']).execute();
    return Object.fromEntries(rows.map((row) => [row.source, row.next_block]));
  }

  /** Header hash of block 0, base64url; undefined before the first block. */
  async genesis(): Promise<string | undefined> {
    const row = await this.#db.selectFrom('block').select('header_hash').where('block_number', '=', 0).executeTakeFirst();
    return row === undefined ? undefined : Buffer.from(row.header_hash).toString('base64url');
  }

  /** Looks until `look` finds something, again after each block; undefined when the time is up. */
  async waitFor<Found>(look: () => Promise<Found | undefined>, timeoutMillis: number): Promise<Found | undefined> {
    const deadline = Date.now() + timeoutMillis;
    for (;;) {
      const changed = this.#nextChange(Math.min(WAIT_STEP_MILLIS, Math.max(0, deadline - Date.now())));
      const found = await look();
      if (found !== undefined || Date.now() >= deadline) {
        changed.cancel();
        return found;
      }
      await changed.happened;
    }
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }

  #nextChange(timeoutMillis: number): { happened: Promise<void>; cancel: () => void } {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      resolve(undefined);
    }, timeoutMillis);
    const wake = (): void => {
      clearTimeout(timer);
      this.#listeners.delete(wake);
      resolve(undefined);
    };
    this.#listeners.add(wake);
    return { happened: promise, cancel: wake };
  }

  async #checkpoint(source: string): Promise<BlockCheckpoint> {
    const row = await this.#db.selectFrom('checkpoint').selectAll().where('source', '=', source).executeTakeFirst();
    if (row === undefined) return { nextBlock: 0n, previousHash: undefined };
    return { nextBlock: BigInt(row.next_block), previousHash: Buffer.from(row.previous_hash) };
  }

  /** The block's content and the checkpoint in one database transaction: a crash leaves both or neither. */
  async #apply(source: string, block: ParsedBlock): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      await assertPeersAgree(db, source, block);
      const blockNumber = Number(block.blockNumber);
      await db.insertInto('block').values({ source, block_number: blockNumber, header_hash: block.headerHash }).execute();
      for (const transaction of block.transactions) await this.#insertTransaction(db, source, blockNumber, transaction);
      const checkpoint = { source, next_block: blockNumber + 1, previous_hash: block.headerHash };
      await db
        .insertInto('checkpoint')
        .values(checkpoint)
        .onConflict((conflict) => conflict.column('source').doUpdateSet(checkpoint))
        .execute();
    });
    for (const wake of [...this.#listeners]) wake();
  }

  async #insertTransaction(
    db: Transaction<IndexTables>,
    source: string,
    blockNumber: number,
    transaction: BlockTransaction,
  ): Promise<void> {
    const place = { source, block_number: blockNumber, transaction_index: transaction.transactionIndex };
    const fact = { transaction_id: transaction.transactionId, validation_code: transaction.validationCode };
    await db
      .insertInto('ledger_transaction')
      .values({ ...place, ...fact })
      .execute();
    const events = eventsOf(transaction, this.chaincode).map((event, index) => ({
      ...place,
      ...fact,
      event_index: index,
      name: event.name,
      ticket_id: 'ticketId' in event ? event.ticketId : null,
      pseudonym: 'pseudonym' in event ? event.pseudonym : null,
      event: canonicalJson(event),
    }));
    if (events.length > 0) await db.insertInto('ledger_event').values(events).execute();
  }
}

/** Two honest peers of one channel have the same block at the same number; anything else is a fork or another network. */
async function assertPeersAgree(db: Transaction<IndexTables>, source: string, block: ParsedBlock): Promise<void> {
  const others = await db.selectFrom('block').selectAll().where('block_number', '=', Number(block.blockNumber)).execute();
  const differing = others.find((other) => other.source !== source && !block.headerHash.equals(other.header_hash));
  if (differing !== undefined) throw new BrokenChain(block.blockNumber, `the peer of ${differing.source} has another block of this number`);
}

/** An event that is not ours or not of our form is nobody's permit: it is left out, and what needs it waits in vain. */
function eventsOf(transaction: BlockTransaction, chaincode: string): readonly DomainEvent[] {
  const { event } = transaction;
  if (event?.chaincode !== chaincode || event.name !== FABRIC_EVENT_NAME) return [];
  try {
    return eventsPayloadSchema.parse(parseStrictJson(Buffer.from(event.payload).toString('utf8'), EVENT_LIMITS)).events;
  } catch {
    return [];
  }
}
