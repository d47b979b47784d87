import type { Kysely } from 'kysely';
import { sha256Schema } from '@lianyi/domain';
import { type CallsOfBlock, type DeviceFact, type FollowedBlock, judgesOf, pinFactsIn } from '@lianyi/ledger-client';
import { type IndexAlarm, keepAlarm, type FactPlace } from './alarms';
import { keepDeviceFact } from './device-index';
import { keepMemberFact, membersKnownIn } from './member-index';
import { BlockTimes } from './block-clock';
import { keepPatientFact, patientsKnownIn } from './patient-index';
import { type Names } from './names';
import { keepPinFact, pinIn } from './pin-index';
import { type IndexTables } from './tables';

/** Whose patients, records and permits the index follows, on which ledger. */
export interface IndexOptions {
  readonly chaincode: string;
  readonly ownMspId: string;
  readonly genesis: string;
  readonly calls: CallsOfBlock;
  readonly names: Names;
}

/**
 * Takes over what a block of the own chain says about the own hospital's patients and records, about permits to read them, and about
 * everybody's staff and devices.
 * @param db - the database transaction in which the block is written
 * @param arrivedAtMillis - when the block was first seen; undefined: nobody can tell
 */
export async function indexBlock(
  db: Kysely<IndexTables>,
  { chaincode, ownMspId, genesis, calls, names }: IndexOptions,
  block: FollowedBlock,
  arrivedAtMillis: number | undefined,
): Promise<readonly IndexAlarm[]> {
  const followed = { chaincode, genesis: sha256Schema.parse(genesis), isFollowed: (mspId: string) => mspId === ownMspId };
  const judges = judgesOf(followed, { ...patientsKnownIn(db), ...membersKnownIn(db, ownMspId) });
  const times = await BlockTimes.of(db, ownMspId, block, arrivedAtMillis);
  const alarms = [...(await names.follow(db, block))];
  const bearers = await names.bearersIn(db);
  for (const transaction of block.transactions) {
    const found = calls.of(transaction);
    if (found === undefined) continue;
    const call = found === 'unreadable' ? found : bearers.withoutFalseName(found);
    const { timeliness, bounds } = times.take(call);
    const place = { transaction, blockNumber: Number(block.blockNumber), isLate: timeliness === 'late' };
    for (const judge of judges)
      for (const fact of await judge.factsOf(call, timeliness, bounds)) {
        if (fact.kind === 'alarm') alarms.push(await keepAlarm(db, fact, place, alarms.length));
        else await keep(db, fact, place);
      }
    const pinFacts = call === 'unreadable' ? [] : await pinFactsIn(call, followed, (pinId) => pinIn(db, pinId));
    for (const fact of pinFacts) await keepPinFact(db, fact);
  }
  await times.keep();
  return alarms;
}

type Fact = Parameters<typeof keepPatientFact>[1] | Parameters<typeof keepMemberFact>[1] | DeviceFact;

function keep(db: Kysely<IndexTables>, fact: Fact, place: FactPlace): Promise<void> {
  switch (fact.kind) {
    case 'organisation':
    case 'functionKey':
    case 'functionDeal':
    case 'functionAcceptance':
    case 'staff':
    case 'record':
    case 'template':
    case 'ticket':
    case 'proposal':
    case 'parameter':
    case 'said':
      return keepMemberFact(db, fact);
    case 'device':
      return keepDeviceFact(db, fact);
    default:
      return keepPatientFact(db, fact, place);
  }
}
