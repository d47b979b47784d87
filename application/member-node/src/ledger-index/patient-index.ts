import type { Kysely } from 'kysely';
import { COMMIT_WINDOW_MS, type Grantee, type PermittedTicket, type Pseudonym, type Sha256, sha256Schema } from '@lianyi/domain';
import {
  type AlarmName,
  type BlockTransaction,
  type FollowedBlock,
  type KnownPatients,
  PatientCommands,
  type PatientFact,
  readCall,
} from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;

/** What was written about a patient without the patient's word, and where. */
export interface ConsentAlarm {
  readonly name: AlarmName;
  readonly pseudonym: string;
  readonly blockNumber: number;
  readonly transactionId: string;
  readonly detail?: string;
}

/** Whether what a permit rests on is the patient's word; otherwise the first thing that is not. */
export type PatientsWord =
  | { readonly kind: 'given' }
  /** No command signed by the patient says it: on whom nobody has followed, or what was written without one. */
  | { readonly kind: 'unproven'; readonly grantee?: Grantee }
  /** Committed more than {@link COMMIT_WINDOW_MS} after it was proposed. */
  | { readonly kind: 'late'; readonly grantee: Grantee }
  /** The patient has changed it since. */
  | { readonly kind: 'changed'; readonly grantee: Grantee };

const VALID = 0;

/** Whose patients the index follows, on which ledger. */
export interface PatientIndexOptions {
  readonly chaincode: string;
  readonly ownMspId: string;
  readonly genesis: string;
}

/**
 * Takes over what a block of the own chain says about the own hospital's patients.
 * @param db - the database transaction in which the block is written
 * @param arrivedAtMillis - when the block was first seen; undefined: nobody can tell
 */
export async function indexPatients(
  db: Database,
  { chaincode, ownMspId, genesis }: PatientIndexOptions,
  block: FollowedBlock,
  arrivedAtMillis: number | undefined,
): Promise<readonly ConsentAlarm[]> {
  const followed = { chaincode, genesis: sha256Schema.parse(genesis), isFollowed: (mspId: string) => mspId === ownMspId };
  const commands = new PatientCommands(followed, knownIn(db));
  const { latest } = await db.selectFrom('chain_time').select('latest').executeTakeFirstOrThrow();
  const seenAtMillis = Math.max(latest, arrivedAtMillis ?? 0);
  const alarms: ConsentAlarm[] = [];
  let newest = latest;
  for (const transaction of block.transactions) {
    const call = transaction.validationCode === VALID ? readCall(transaction.envelope) : undefined;
    if (call?.chaincode !== chaincode) continue;
    newest = Math.max(newest, call.proposedAtMillis);
    const isLate = isTooLate(call.proposedAtMillis, seenAtMillis);
    const place = { transaction, blockNumber: Number(block.blockNumber), isLate };
    for (const fact of await commands.factsOf(call)) alarms.push(...(await keep(db, fact, place, alarms.length)));
  }
  if (newest > latest) await db.updateTable('chain_time').set({ latest: newest }).execute();
  return alarms;
}

/** A command that is committed so long after its proposal was kept back by somebody; it opens nothing. */
function isTooLate(proposedAtMillis: number, seenAtMillis: number): boolean {
  return seenAtMillis - proposedAtMillis > COMMIT_WINDOW_MS;
}

interface Place {
  readonly transaction: BlockTransaction;
  readonly blockNumber: number;
  readonly isLate: boolean;
}

async function keep(db: Database, fact: PatientFact, place: Place, alarmIndex: number): Promise<readonly ConsentAlarm[]> {
  const { pseudonym } = fact;
  const { transactionId, transactionIndex } = place.transaction;
  switch (fact.kind) {
    case 'registered':
      await db.insertInto('patient').values({ pseudonym, next_key_hash: fact.nextKeyHash }).execute();
      return [];
    case 'command':
      await db.updateTable('patient').set({ next_key_hash: fact.nextKeyHash }).where('pseudonym', '=', pseudonym).execute();
      return [];
    case 'consent':
      await keepConsent(db, fact, place);
      return [];
    case 'alarm': {
      const { alarm: name, detail } = fact;
      const row = { block_number: place.blockNumber, transaction_index: transactionIndex, alarm_index: alarmIndex };
      await db
        .insertInto('alarm')
        .values({ ...row, transaction_id: transactionId, name, pseudonym, detail: detail ?? null })
        .execute();
      return [{ name, pseudonym, blockNumber: place.blockNumber, transactionId, ...(detail === undefined ? {} : { detail }) }];
    }
  }
}

async function keepConsent(db: Database, fact: Extract<PatientFact, { kind: 'consent' }>, place: Place): Promise<void> {
  const { pseudonym, grantee, version, state, isSigned } = fact;
  const row = {
    pseudonym,
    grantee_kind: grantee.kind,
    grantee_msp_id: grantee.mspId,
    grantee_name: grantee.name,
    version,
    state,
    is_signed: isSigned ? (1 as const) : (0 as const),
    is_late: place.isLate ? (1 as const) : (0 as const),
    transaction_id: place.transaction.transactionId,
    block_number: place.blockNumber,
  };
  await db
    .insertInto('consent')
    .values(row)
    .onConflict((conflict) => conflict.columns(['pseudonym', 'grantee_msp_id', 'grantee_kind', 'grantee_name']).doUpdateSet(row))
    .execute();
}

function consentOf(db: Database, pseudonym: Pseudonym, grantee: Grantee) {
  return db
    .selectFrom('consent')
    .selectAll()
    .where('pseudonym', '=', pseudonym)
    .where('grantee_msp_id', '=', grantee.mspId)
    .where('grantee_kind', '=', grantee.kind)
    .where('grantee_name', '=', grantee.name)
    .executeTakeFirst();
}

function keyOf(db: Database, pseudonym: Pseudonym): Promise<{ next_key_hash: string } | undefined> {
  return db.selectFrom('patient').select('next_key_hash').where('pseudonym', '=', pseudonym).executeTakeFirst();
}

function knownIn(db: Database): KnownPatients {
  return {
    keyOf: async (pseudonym): Promise<Sha256 | undefined> => sha256Schema.optional().parse((await keyOf(db, pseudonym))?.next_key_hash),
    versionOf: async (pseudonym, grantee) => (await consentOf(db, pseudonym, grantee))?.version,
  };
}

/** What a permit rests on, held against what patients have signed. */
export async function patientsWordFor(
  db: Database,
  { pseudonym, actor, grantVersions }: Pick<PermittedTicket, 'pseudonym' | 'actor' | 'grantVersions'>,
): Promise<PatientsWord> {
  if ((await keyOf(db, pseudonym)) === undefined) return { kind: 'unproven' };
  // a prohibition that was written over stands in no permit: whatever concerns who asks must be the patient's word
  const unsigned = db.selectFrom('consent').select('version').where('pseudonym', '=', pseudonym).where('is_signed', '=', 0);
  if ((await unsigned.where('grantee_msp_id', '=', actor.mspId).executeTakeFirst()) !== undefined) return { kind: 'unproven' };
  for (const { grantee, version } of grantVersions) {
    const consent = await consentOf(db, pseudonym, grantee);
    if (consent === undefined || consent.version < version) return { kind: 'unproven', grantee };
    if (consent.version > version || consent.state !== 'active') return { kind: 'changed', grantee };
    if (consent.is_late === 1) return { kind: 'late', grantee };
  }
  return { kind: 'given' };
}

/** The newest alarms, at most `limit`, the newest first. */
export async function newestAlarms(db: Database, limit: number): Promise<readonly ConsentAlarm[]> {
  const rows = await db
    .selectFrom('alarm')
    .selectAll()
    .orderBy('block_number', 'desc')
    .orderBy('transaction_index', 'desc')
    .orderBy('alarm_index', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    // only `keep` writes there
    name: row.name as AlarmName,
    pseudonym: row.pseudonym,
    blockNumber: row.block_number,
    transactionId: row.transaction_id,
    ...(row.detail === null ? {} : { detail: row.detail }),
  }));
}
