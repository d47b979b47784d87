import type { Kysely, Transaction } from 'kysely';
import { type EventCursor, type ToldEvent } from '@lianyi/client';
import {
  type ActorTag,
  type DeviceId,
  type FunctionKeyId,
  type MspId,
  mspIdSchema,
  type Organisation,
  type PinId,
  type Pseudonym,
  type RecoveryCase,
} from '@lianyi/domain';
import {
  type BlockCheckpoint,
  type BlockSink,
  BrokenChain,
  CallsOfBlock,
  type FollowedBlock,
  type KnownDevice,
  type KnownStaff,
} from '@lianyi/ledger-client';
import { Arrivals } from './arrivals';
import { openDatabase } from './node-sqlite';
import { firstUnreadableBlock, type IndexAlarm, newestAlarms } from './alarms';
import { deviceIn } from './device-index';
import {
  encapsulationKeysIn,
  everyEncapsulationKeyIn,
  type FollowedFunctionKey,
  functionKeyIn,
  keysAcceptedIn,
} from './function-key-index';
import { genesisIn, insertTransaction } from './chain-rows';
import { DECISIONS } from './events-of-block';
import { keepEvents, keepWhatConcerns, repeatEvents } from './kept-events';
import { indexBlock } from './index-block';
import { membersKnownIn } from './member-index';
import { type FollowedPermit, permitsWordFor, type PermitsWord } from './members-word';
import { Names, type TakenName } from './names';
import { News, newestNewsIn } from './news';
import { type FollowedPin, pinIn } from './pin-index';
import { type FollowedRecovery, followedRecoveryIn } from './recovery-index';
import { indexMigrations } from './migrations';
import { type IndexTables } from './tables';
import { toldIn } from './told-events';

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

const WAIT_STEP_MILLIS = 1_000;
/** peer.TxValidationCode */
const VALID = 0;

function sightingOf(row: IndexTables['ledger_transaction']): Sighting {
  const { source, transaction_id: transactionId, block_number: blockNumber, validation_code: validationCode } = row;
  return { source, transactionId, blockNumber: BigInt(blockNumber), validationCode };
}

/**
 * What the blocks of one or more organisations' peers say, in SQLite, kept for each so that their words can be compared.
 *
 * The own organisation's chain stands: another's block counts only once the own peer has delivered the same, so nothing that another
 * member delivers can stop or change what the own peer said.
 *
 * Derived data only: deleting the file and following from block 0 gives the same content, but for when this node had each block.
 */
export class LedgerIndex {
  readonly #db: Kysely<IndexTables>;
  readonly #listeners = new Set<() => void>();
  #genesis: string | undefined;
  readonly #arrivals = new Arrivals();
  readonly #news = new News();
  readonly #names: Names;

  /**
   * @param file a path, or `:memory:`
   * @param ownMspId the organisation whose chain stands
   * @param alarmed is told of what a block wrote without the word of whose it is
   * @param agreedDefinitions SHA-256, base64url, of definitions of organisations that whoever runs the node has agreed to
   */
  constructor(
    file: string,
    private readonly chaincode: string,
    private readonly ownMspId: string,
    private readonly alarmed: (alarm: IndexAlarm) => void = () => undefined,
    agreedDefinitions: readonly string[] = [],
  ) {
    this.#names = new Names(agreedDefinitions);
    this.#db = openDatabase<IndexTables>({ file, content: 'rebuilt' }, indexMigrations, 'derived');
  }

  /**
   * The sink for the blocks of one organisation's peers. That of another organisation takes a block when the own one has it, and
   * waits for that until `signal` aborts.
   */
  sinkOf(source: string, signal?: AbortSignal): BlockSink {
    return {
      checkpoint: () => this.#checkpoint(source),
      apply: async (block, isNew) => {
        if (source === this.ownMspId) {
          await this.#apply(source, block, this.#arrivals.ofOwn(block.blockNumber, isNew));
          return;
        }
        this.#arrivals.delivered(block.blockNumber);
        await this.#untilOwnHas(block.blockNumber, signal);
        await this.#apply(source, block, undefined);
        this.#arrivals.taken(block.blockNumber);
      },
    };
  }

  /** What every peer says has happened to a ticket, permitted or denied, in transactions that it has as VALID. */
  async decisionsOn(ticketId: string): Promise<readonly Sighting[]> {
    const rows = await this.#db
      .selectFrom('ledger_event')
      .selectAll()
      .where('ticket_id', '=', ticketId)
      .where('name', 'in', DECISIONS)
      .where('validation_code', '=', VALID)
      .orderBy('source')
      .execute();
    return rows.map((row) => ({ ...sightingOf(row), event: row.name }));
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
    return [...first.values()].map(sightingOf);
  }

  /** Whether what a permit to read the own hospital's records rests on is the word of those whose it is, as far as the own chain was followed. */
  permitsWordFor(permit: FollowedPermit): Promise<PermitsWord> {
    return permitsWordFor(this.#db, this.ownMspId, permit);
  }

  /** A staff entry as its organisation has said it; undefined while the own chain, as far as it was followed, has none. */
  staffShown(mspId: MspId, actorTag: ActorTag): Promise<KnownStaff | undefined> {
    return membersKnownIn(this.#db, this.ownMspId).staffOf(mspId, actorTag);
  }

  /** A device as its organisation has said it; undefined while the own chain, as far as it was followed, has none. */
  deviceShown(mspId: MspId, deviceId: DeviceId): Promise<KnownDevice | undefined> {
    return deviceIn(this.#db, mspId, deviceId);
  }

  /** A PIN and how often it was tried, as the own chain's transactions have signed it, as far as it was followed. */
  pin(pinId: PinId): Promise<FollowedPin | undefined> {
    return pinIn(this.#db, pinId);
  }

  /** How a recovery stands by the word of those whose it is, as far as the own chain was followed. */
  followedRecovery(key: Pick<RecoveryCase, 'pseudonym' | 'caseId'>): Promise<FollowedRecovery> {
    return followedRecoveryIn(this.#db, key);
  }

  /** A key that hospitals hold together, as each has signed it in the own chain, as far as it was followed. */
  functionKey(keyId: FunctionKeyId): Promise<FollowedFunctionKey | undefined> {
    return functionKeyIn(this.#db, keyId);
  }

  /** The keys that the own hospital has accepted a share of. */
  functionKeysAccepted(): Promise<readonly FunctionKeyId[]> {
    return keysAcceptedIn(this.#db, mspIdSchema.parse(this.ownMspId));
  }

  /** An organisation's encapsulation keys, as its own administrator has registered them; undefined while the blocks followed have none. */
  encapsulationKeys(mspId: MspId): Promise<Organisation['encapsulationKeys'] | undefined> {
    return encapsulationKeysIn(this.#db, mspId);
  }

  /** As {@link encapsulationKeys}, of every organisation. */
  everyEncapsulationKey(): Promise<readonly Pick<Organisation, 'mspId' | 'encapsulationKeys'>[]> {
    return everyEncapsulationKeyIn(this.#db);
  }

  /** Waits for a block of the own chain after one, in which something happens to a patient; undefined when the time is up, or it gives way. */
  newsOf(
    pseudonym: Pseudonym,
    after: bigint,
    wait: { readonly millis: number; readonly givenWay: Promise<undefined> },
  ): Promise<bigint | undefined> {
    const newest = (): Promise<bigint | undefined> => newestNewsIn(this.#db, this.ownMspId, { pseudonym, after });
    return this.#news.after(pseudonym, after, { newest, ...wait });
  }

  /** What concerns the own hospital, behind a place, in the order of the own chain; at most `limit`. */
  told(after: EventCursor | undefined, limit: number): Promise<readonly ToldEvent[]> {
    return toldIn(this.#db, after, limit);
  }

  /** How many blocks of the own chain were followed. */
  async height(): Promise<bigint> {
    return (await this.#checkpoint(this.ownMspId)).nextBlock;
  }

  /** What was written without the word of whose it is; at most `limit`, the newest first. */
  alarms(limit: number): Promise<readonly IndexAlarm[]> {
    return newestAlarms(this.#db, limit);
  }

  /** The first block with a valid transaction that cannot be read, for which nothing is released; undefined: there is none. */
  unreadableBlock(): Promise<number | undefined> {
    return firstUnreadableBlock(this.#db);
  }

  /** Whether others may be of the own organisation, as far as the own chain was followed: undefined if not. */
  ownNameTaken(): Promise<TakenName | undefined> {
    return this.#names.takenIn(this.#db, this.ownMspId);
  }

  /** How many blocks of each peer are in the index. */
  async heights(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.#db.selectFrom('checkpoint').select(['source', 'next_block']).execute();
    return Object.fromEntries(rows.map((row) => [row.source, row.next_block]));
  }

  /** Header hash of the own organisation's block 0, base64url; undefined before the first block. */
  async genesis(): Promise<string | undefined> {
    return genesisIn(this.#db, this.ownMspId);
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
    if (row === undefined) return { nextBlock: 0n, previousHash: undefined, configuration: undefined };
    const [previousHash, configuration] = [Buffer.from(row.previous_hash), Buffer.from(row.configuration)];
    return { nextBlock: BigInt(row.next_block), previousHash, configuration };
  }

  async #untilOwnHas(blockNumber: bigint, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const look = async (): Promise<true | undefined> =>
        (await this.#checkpoint(this.ownMspId)).nextBlock > blockNumber ? true : undefined;
      if (await this.waitFor(look, WAIT_STEP_MILLIS)) return;
    }
  }

  /** The block's content and the checkpoint in one database transaction: a crash leaves both or neither. */
  async #apply(source: string, block: FollowedBlock, arrivedAtMillis: number | undefined): Promise<void> {
    const about: string[] = [];
    const alarms = await this.#db.transaction().execute(async (db) => {
      const own = { mspId: this.ownMspId, chaincode: this.chaincode };
      if (source !== this.ownMspId) await assertSameAsOwn(db, this.ownMspId, block);
      const blockNumber = Number(block.blockNumber);
      await db.insertInto('block').values({ source, block_number: blockNumber, header_hash: block.headerHash }).execute();
      for (const transaction of block.transactions) await insertTransaction(db, source, blockNumber, transaction);
      await advance(db, source, block);
      if (source !== this.ownMspId) {
        await repeatEvents(db, own, source, block);
        return [];
      }
      const calls = new CallsOfBlock(this.chaincode);
      const events = await keepEvents(db, own, block, calls);
      about.push(...[...events.values()].flat().flatMap(({ event }) => ('pseudonym' in event ? [event.pseudonym] : [])));
      const found = await this.#indexBlock(db, block, calls, { arrivedAtMillis, telling: events });
      await keepWhatConcerns(db, own, block, events, found);
      return found.alarms;
    });
    alarms.forEach(this.alarmed);
    for (const wake of [...this.#listeners]) wake();
    this.#news.told(about, block.blockNumber);
  }

  async #indexBlock(
    db: Transaction<IndexTables>,
    block: FollowedBlock,
    calls: CallsOfBlock,
    {
      arrivedAtMillis,
      telling,
    }: { readonly arrivedAtMillis: number | undefined; readonly telling: Awaited<ReturnType<typeof keepEvents>> },
  ): ReturnType<typeof indexBlock> {
    // block 0 is no transaction of a chaincode, and names the network the later ones are signed for
    this.#genesis ??= block.blockNumber === 0n ? block.headerHash.toString('base64url') : await genesisIn(db, this.ownMspId);
    if (this.#genesis === undefined) throw new Error('block 0 was not kept');
    const options = { chaincode: this.chaincode, ownMspId: this.ownMspId, genesis: this.#genesis, calls, names: this.#names, telling };
    return indexBlock(db, options, block, arrivedAtMillis);
  }
}

async function advance(
  db: Transaction<IndexTables>,
  source: string,
  { blockNumber, headerHash, configuration }: FollowedBlock,
): Promise<void> {
  const progress = { next_block: Number(blockNumber) + 1, previous_hash: headerHash };
  if (configuration === undefined) {
    await db.updateTable('checkpoint').set(progress).where('source', '=', source).execute();
    return;
  }
  const checkpoint = { source, ...progress, configuration };
  await db
    .insertInto('checkpoint')
    .values(checkpoint)
    .onConflict((conflict) => conflict.column('source').doUpdateSet(checkpoint))
    .execute();
}

/** Two honest peers of one channel have the same block at the same number. Where they differ, the own one's stands. */
async function assertSameAsOwn(db: Transaction<IndexTables>, ownMspId: string, { blockNumber, headerHash }: FollowedBlock): Promise<void> {
  const query = db.selectFrom('block').select('header_hash').where('block_number', '=', Number(blockNumber)).where('source', '=', ownMspId);
  const own = await query.executeTakeFirst();
  if (own === undefined || !headerHash.equals(own.header_hash))
    throw new BrokenChain(blockNumber, 'the own peer has another block of this number');
}
