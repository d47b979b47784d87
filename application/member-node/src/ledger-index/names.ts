import type { Kysely } from 'kysely';
import {
  type BlockCall,
  BuiltDefinitions,
  definitionsIn,
  type FollowedBlock,
  hashOfDefinition,
  type IsSigned,
  judgeName,
  nameTaken,
  type OrganizationDefinition,
  signaturesIn,
  withoutFalseName,
} from '@lianyi/ledger-client';
import { type IndexAlarm, keepAlarm } from './alarms';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;
type Row = IndexTables['definition'];

/** An organisation that others may be of by the channel's configuration, without the word of its administrators. */
export interface TakenName {
  /** SHA-256 of the definition, base64url. */
  readonly definition: string;
  /** Of the configuration that brought it. */
  readonly blockNumber: number;
}

/**
 * Follows through the blocks who each organisation's name is for: whom its first definition admits, and whom a definition admits that one of
 * its own administrators has signed.
 *
 * Peers take a client for an organisation's if the channel's newest configuration does, and a majority of other organisations can write
 * that: by an update that leaves the organisation's group out and adds one of another name with the same MSP id and one authority more.
 */
export class Names {
  readonly #accepted: ReadonlySet<string>;
  readonly #built = new BuiltDefinitions();

  /** @param accepted SHA-256, base64url, of definitions that whoever runs the node has agreed to */
  constructor(accepted: readonly string[]) {
    this.#accepted = new Set(accepted);
  }

  /** Takes over the configuration of a block, if it brings one. To be called for every block of the own chain, in order. */
  async follow(db: Database, block: FollowedBlock): Promise<readonly IndexAlarm[]> {
    const [transaction] = block.transactions;
    if (block.configuration === undefined || transaction === undefined) return []; // a configuration stands in a transaction
    const present = definitionsIn(block.configuration);
    const isSigned = await this.#signaturesIn(db, transaction.envelope);
    const place = { transaction, blockNumber: Number(block.blockNumber), isLate: false };
    const alarms: IndexAlarm[] = [];
    for (const row of await db.selectFrom('definition').selectAll().execute())
      if (!present.has(row.msp_id)) await keep(db, { ...row, present: new Uint8Array(0), is_taken: 0 });
    for (const [mspId, definition] of present) {
      const known = await rowOf(db, mspId);
      const row = this.#judge(known, { mspId, definition, blockNumber: place.blockNumber }, isSigned);
      await keep(db, row);
      if (row.is_taken === 0 || (known?.is_taken === 1 && definition.equals(known.present))) continue;
      alarms.push(await keepAlarm(db, nameTaken(mspId, definition), place, alarms.length));
    }
    return alarms;
  }

  /** Who bears which name, as the blocks so far have it. */
  async bearersIn(db: Database): Promise<Bearers> {
    const rows = await db.selectFrom('definition').selectAll().execute();
    return new Bearers(new Map(rows.map((row) => [row.msp_id, this.#built.of(this.#agreedOf(row))])));
  }

  /** Undefined: nobody is of the organisation without its word. */
  async takenIn(db: Database, mspId: string): Promise<TakenName | undefined> {
    const row = await rowOf(db, mspId);
    if (row?.is_taken !== 1) return undefined;
    const definition = hashOfDefinition(row.present);
    return this.#accepted.has(definition) ? undefined : { definition, blockNumber: row.block_number };
  }

  #judge(known: Row | undefined, { mspId, definition, blockNumber }: Brought, isSigned: IsSigned): Row {
    const { agreed, isTaken } = judgeName(known && this.#agreedOf(known), { mspId, definition }, { built: this.#built, isSigned });
    const isRefused = isTaken && !this.#accepted.has(hashOfDefinition(definition));
    const isAsBefore = agreed !== definition && known !== undefined && definition.equals(known.present);
    const since = isAsBefore ? known.block_number : blockNumber;
    return { msp_id: mspId, present: definition, agreed, is_taken: isRefused ? 1 : 0, block_number: since };
  }

  /** An update counts once: who can have it committed again would go back to what its signer has changed since. */
  async #signaturesIn(db: Database, envelope: Uint8Array): Promise<IsSigned> {
    const signed = signaturesIn(envelope);
    if (signed === undefined) return () => false;
    const seen = await db.selectFrom('seen_update').selectAll().where('update_hash', '=', signed.updateHash).executeTakeFirst();
    if (seen !== undefined) return () => false;
    await db.insertInto('seen_update').values({ update_hash: signed.updateHash }).execute();
    return signed.isSigned;
  }

  #agreedOf(row: Row): Buffer {
    return Buffer.from(this.#accepted.has(hashOfDefinition(row.present)) ? row.present : row.agreed);
  }
}

interface Brought {
  readonly mspId: string;
  readonly definition: Buffer;
  readonly blockNumber: number;
}

/** For whom the names of organisations are at one block. */
class Bearers {
  constructor(private readonly definitions: ReadonlyMap<string, OrganizationDefinition>) {}

  /** The same call, by nobody's client if its client only bears the name of the organisation. */
  withoutFalseName(call: BlockCall): BlockCall {
    return withoutFalseName(call, this.definitions.get(call.creatorMspId));
  }
}

function rowOf(db: Database, mspId: string): Promise<Row | undefined> {
  return db.selectFrom('definition').selectAll().where('msp_id', '=', mspId).executeTakeFirst();
}

async function keep(db: Database, row: Row): Promise<void> {
  await db
    .insertInto('definition')
    .values(row)
    .onConflict((conflict) => conflict.column('msp_id').doUpdateSet(row))
    .execute();
}
