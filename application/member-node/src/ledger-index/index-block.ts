import type { Kysely } from 'kysely';
import { sha256Schema } from '@lianyi/domain';
import {
  type Asked,
  askedIn,
  type BlockCall,
  type BlockTransaction,
  type CallsOfBlock,
  type CopyFact,
  type DeviceFact,
  type FollowedBlock,
  judgesOf,
  pinFactsIn,
} from '@lianyi/ledger-client';
import { type IndexAlarm, keepAlarm, type FactPlace } from './alarms';
import { keepCopyFact } from './copy-index';
import { keepDeviceFact } from './device-index';
import { keepMemberFact, membersKnownIn } from './member-index';
import { BlockTimes } from './block-clock';
import { keepParameterFact } from './parameter-index';
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
  /** The transactions of which it is worth knowing who has asked for them: those that tell something. */
  readonly telling: ReadonlyMap<BlockTransaction, readonly unknown[]>;
}

/** A call as far as it is by whom its organisation's administrators know, and what staff or an administrator has asked for with it. */
interface JudgedCall {
  readonly call: BlockCall;
  readonly asked: Asked | undefined;
}

/** What was found of a block. */
interface Indexed {
  readonly alarms: readonly IndexAlarm[];
  readonly judged: ReadonlyMap<BlockTransaction, JudgedCall | undefined>;
}

/**
 * Takes over what a block of the own chain says about the own hospital's patients and records, about permits to read them, and about
 * everybody's staff and devices.
 * @param db - the database transaction in which the block is written
 * @param arrivedAtMillis - when the block was first seen; undefined: nobody can tell
 */
export async function indexBlock(
  db: Kysely<IndexTables>,
  { chaincode, ownMspId, genesis, calls, names, telling }: IndexOptions,
  block: FollowedBlock,
  arrivedAtMillis: number | undefined,
): Promise<Indexed> {
  const judged = new Map<BlockTransaction, JudgedCall | undefined>();
  const followed = { chaincode, genesis: sha256Schema.parse(genesis), isFollowed: (mspId: string) => mspId === ownMspId };
  const known = { ...patientsKnownIn(db), ...membersKnownIn(db, ownMspId) };
  const judges = judgesOf(followed, known);
  const times = await BlockTimes.of(db, ownMspId, block, arrivedAtMillis);
  const alarms = [...(await names.follow(db, block))];
  const bearers = await names.bearersIn(db);
  for (const transaction of block.transactions) {
    const found = calls.of(transaction);
    if (found === undefined) continue;
    const call = found === 'unreadable' ? found : bearers.withoutFalseName(found);
    const { timeliness, bounds } = times.take(call);
    // as it was before the transaction: it may end who has asked for it
    const asks = (of: BlockCall): ReturnType<typeof askedIn> => askedIn(of, followed, known);
    judged.set(transaction, await judgedCall(call, telling.get(transaction), timeliness === 'ahead' ? undefined : asks));
    const place = { transaction, blockNumber: Number(block.blockNumber), isLate: timeliness === 'late' };
    for (const judge of judges)
      for (const fact of await judge.factsOf(call, timeliness, bounds)) {
        if (fact.kind === 'alarm') alarms.push(await keepAlarm(db, fact, place, alarms.length));
        else await keep(db, fact, place);
      }
    for (const fact of call === 'unreadable' ? [] : await pinFactsIn(call, followed, (pinId) => pinIn(db, pinId)))
      if (fact.kind === 'alarm') alarms.push(await keepAlarm(db, fact, place, alarms.length));
      else await keepPinFact(db, fact);
  }
  await times.keep();
  return { alarms, judged };
}

/** Who has asked is worth knowing of a call that tells something; nobody asks anything at a time that has not come. */
async function judgedCall(
  call: BlockCall | 'unreadable',
  told: readonly unknown[] = [],
  asks?: (of: BlockCall) => Promise<Asked | undefined>,
): Promise<JudgedCall | undefined> {
  return call === 'unreadable' || told.length === 0 ? undefined : { call, asked: await asks?.(call) };
}

type OfMembers = Parameters<typeof keepMemberFact>[1];
type OfGovernance = Parameters<typeof keepParameterFact>[1];
type Fact = Parameters<typeof keepPatientFact>[1] | OfMembers | OfGovernance | DeviceFact | CopyFact;

function keep(db: Kysely<IndexTables>, fact: Fact, place: FactPlace): Promise<void> {
  if (fact.kind === 'copy') return keepCopyFact(db, fact);
  if (fact.kind === 'device') return keepDeviceFact(db, fact);
  if (isOfGovernance(fact)) return keepParameterFact(db, fact);
  return isOfMembers(fact) ? keepMemberFact(db, fact) : keepPatientFact(db, fact, place);
}

const kindsOfMembers: Readonly<Record<OfMembers['kind'], true>> = {
  organisation: true,
  functionKey: true,
  functionDeal: true,
  functionAcceptance: true,
  staff: true,
  record: true,
  template: true,
  ticket: true,
  said: true,
};

function isOfMembers(fact: Fact): fact is OfMembers {
  return Object.hasOwn(kindsOfMembers, fact.kind);
}

function isOfGovernance(fact: Fact): fact is OfGovernance {
  return ['proposal', 'parameter', 'approval', 'signature'].includes(fact.kind);
}
