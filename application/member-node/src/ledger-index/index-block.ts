import type { Kysely } from 'kysely';
import { CLOCK_SKEW_MS, COMMIT_WINDOW_MS, entities, sha256Schema } from '@lianyi/domain';
import { type BlockCall, type CallsOfBlock, entryAt, type FollowedBlock, MemberCommands, PatientCommands } from '@lianyi/ledger-client';
import { type IndexAlarm, keepAlarm, type FactPlace } from './alarms';
import { keepMemberFact, membersKnownIn } from './member-index';
import { keepPatientFact, patientsKnownIn } from './patient-index';
import { type IndexTables } from './tables';

/** Whose patients, records and permits the index follows, on which ledger. */
export interface IndexOptions {
  readonly chaincode: string;
  readonly ownMspId: string;
  readonly genesis: string;
  readonly calls: CallsOfBlock;
}

/**
 * Takes over what a block of the own chain says about the own hospital's patients and records, about permits to read them, and about
 * everybody's staff.
 * @param db - the database transaction in which the block is written
 * @param arrivedAtMillis - when the block was first seen; undefined: nobody can tell
 */
export async function indexBlock(
  db: Kysely<IndexTables>,
  { chaincode, ownMspId, genesis, calls }: IndexOptions,
  block: FollowedBlock,
  arrivedAtMillis: number | undefined,
): Promise<readonly IndexAlarm[]> {
  const followed = { chaincode, genesis: sha256Schema.parse(genesis), isFollowed: (mspId: string) => mspId === ownMspId };
  const members = membersKnownIn(db, ownMspId);
  const judges = [new PatientCommands(followed, { ...patientsKnownIn(db), ...members }), new MemberCommands(followed, members)];
  const { latest } = await db.selectFrom('chain_time').select('latest').executeTakeFirstOrThrow();
  const seenAtMillis = Math.max(latest, arrivedAtMillis ?? 0);
  const alarms: IndexAlarm[] = [];
  let newest = latest;
  for (const transaction of block.transactions) {
    const call = calls.of(transaction);
    if (call === undefined) continue;
    if (call !== 'unreadable') newest = Math.max(newest, timeToldBy(call));
    const isLate = call !== 'unreadable' && isTooLate(call.proposedAtMillis, seenAtMillis);
    const place = { transaction, blockNumber: Number(block.blockNumber), isLate };
    for (const judge of judges)
      for (const fact of await judge.factsOf(call)) {
        if (fact.kind === 'alarm') alarms.push(await keepAlarm(db, fact, place, alarms.length));
        else await keep(db, fact, place);
      }
  }
  if (newest > latest) await db.updateTable('chain_time').set({ latest: newest }).execute();
  return alarms;
}

type Fact = Parameters<typeof keepPatientFact>[1] | Parameters<typeof keepMemberFact>[1];

function keep(db: Kysely<IndexTables>, fact: Fact, place: FactPlace): Promise<void> {
  switch (fact.kind) {
    case 'staff':
    case 'record':
    case 'ticket':
    case 'defaultPolicy':
      return keepMemberFact(db, fact);
    default:
      return keepPatientFact(db, fact, place);
  }
}

/** Kinds of entries that only as many members as the chaincode's policy demands can write. */
const ofTheChannel = new Set(
  Object.values(entities).flatMap(({ endorsement, objectType }) => (endorsement === 'channel' ? [objectType] : [])),
);

/**
 * By when a transaction shows that it is, in milliseconds since 1970; 0 if it shows nothing.
 *
 * No peer compares the time that a client states with anything; the endorsers' chaincode does. What one member can commit alone tells no
 * time, and neither does a time that has not come yet.
 */
function timeToldBy({ proposedAtMillis, args, writes }: BlockCall): number {
  const isEndorsed = args.length > 0 && writes.some(({ key }) => ofTheChannel.has(entryAt(key)?.objectType ?? ''));
  return isEndorsed && proposedAtMillis <= Date.now() + CLOCK_SKEW_MS ? proposedAtMillis : 0;
}

/** A command that is committed so long after its proposal was kept back by somebody; it opens nothing. */
function isTooLate(proposedAtMillis: number, seenAtMillis: number): boolean {
  return seenAtMillis - proposedAtMillis > COMMIT_WINDOW_MS;
}
