import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import {
  type AlarmFact,
  type BlockCall,
  definitionsIn,
  type FollowedBlock,
  OrganizationDefinition,
  signedDefinitionsIn,
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

/** Definitions kept built; a consortium has some tens. */
const MOST_KEPT = 256;
const NOBODY = '';

/**
 * Follows through the blocks who each organisation's name is for: whom its first definition admits, and whom a definition admits that one of
 * its own administrators has signed.
 *
 * Peers take a client for an organisation's if the channel's newest configuration does, and a majority of other organisations can write
 * that: by an update that leaves the organisation's group out and adds one of another name with the same MSP id and one authority more.
 */
export class Names {
  readonly #accepted: ReadonlySet<string>;
  readonly #built = new Map<string, OrganizationDefinition>();

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
      const alarm: AlarmFact = { kind: 'alarm', alarm: 'name-without-word', detail: `${mspId} ${hashOf(definition)}` };
      alarms.push(await keepAlarm(db, alarm, place, alarms.length));
    }
    return alarms;
  }

  /** Who bears which name, as the blocks so far have it. */
  async bearersIn(db: Database): Promise<Bearers> {
    const rows = await db.selectFrom('definition').selectAll().execute();
    return new Bearers(new Map(rows.map((row) => [row.msp_id, this.#build(this.#agreedOf(row))])));
  }

  /** Undefined: nobody is of the organisation without its word. */
  async takenIn(db: Database, mspId: string): Promise<TakenName | undefined> {
    const row = await rowOf(db, mspId);
    if (row?.is_taken !== 1) return undefined;
    const definition = hashOf(row.present);
    return this.#accepted.has(definition) ? undefined : { definition, blockNumber: row.block_number };
  }

  #judge(known: Row | undefined, { mspId, definition, blockNumber }: Brought, isSigned: IsSigned): Row {
    const row = { msp_id: mspId, present: definition, block_number: blockNumber };
    if (known === undefined) return { ...row, agreed: definition, is_taken: 0 };
    const agreed = this.#build(this.#agreedOf(known));
    if (isSigned(mspId, definition, agreed)) return { ...row, agreed: definition, is_taken: 0 };
    const isTaken = !this.#accepted.has(hashOf(definition)) && this.#build(definition).admitsMoreThan(agreed);
    const since = definition.equals(known.present) ? known.block_number : blockNumber;
    return { ...row, agreed: this.#agreedOf(known), is_taken: isTaken ? 1 : 0, block_number: since };
  }

  /** An update counts once: who can have it committed again would go back to what its signer has changed since. */
  async #signaturesIn(db: Database, envelope: Uint8Array): Promise<IsSigned> {
    const signed = signedDefinitionsIn(envelope);
    if (signed === undefined) return () => false;
    const seen = await db.selectFrom('seen_update').selectAll().where('update_hash', '=', signed.updateHash).executeTakeFirst();
    if (seen !== undefined) return () => false;
    await db.insertInto('seen_update').values({ update_hash: signed.updateHash }).execute();
    return (mspId, definition, agreed) =>
      signed.definitions.get(mspId)?.equals(definition) === true && signed.signatures.some((each) => agreed.isSignedByAdministrator(each));
  }

  #agreedOf(row: Row): Buffer {
    return Buffer.from(this.#accepted.has(hashOf(row.present)) ? row.present : row.agreed);
  }

  #build(definition: Buffer): OrganizationDefinition {
    const hash = hashOf(definition);
    const built = this.#built.get(hash) ?? new OrganizationDefinition(definition);
    if (this.#built.size >= MOST_KEPT) this.#built.clear();
    this.#built.set(hash, built);
    return built;
  }
}

interface Brought {
  readonly mspId: string;
  readonly definition: Buffer;
  readonly blockNumber: number;
}

/** Whether an administrator of an organisation, by the definition agreed so far, has signed another one. */
type IsSigned = (mspId: string, definition: Buffer, agreed: OrganizationDefinition) => boolean;

/** For whom the names of organisations are at one block. */
class Bearers {
  constructor(private readonly definitions: ReadonlyMap<string, OrganizationDefinition>) {}

  /** The same call, by nobody's client if its client only bears the name of the organisation. */
  withoutFalseName(call: BlockCall): BlockCall {
    return this.#isTheirs(call) ? call : { ...call, creatorMspId: NOBODY };
  }

  /** No peer takes a client of an organisation that no configuration has named yet. */
  #isTheirs({ creatorMspId, creatorCertificate }: BlockCall): boolean {
    return this.definitions.get(creatorMspId)?.hasIssued(Buffer.from(creatorCertificate).toString('latin1')) ?? true;
  }
}

const hashOf = (definition: Uint8Array): string => createHash('sha256').update(definition).digest('base64url');

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
