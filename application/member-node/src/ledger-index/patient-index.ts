import type { Kysely } from 'kysely';
import {
  canonicalJson,
  type DelegationId,
  delegationSchema,
  type Grantee,
  isOwnAsker,
  groupSchema,
  isDead,
  type MspId,
  type OwnAsker,
  type PermittedTicket,
  type Pseudonym,
  relationshipTypeSchema,
  type Sha256,
  sha256Schema,
  transactions,
} from '@lianyi/domain';
import {
  type AlarmFact,
  type FirstGrantBy,
  isLateAfter,
  isSaidOfPatient,
  type KnownDelegation,
  type KnownPatients,
  type PatientFact,
  type RelationshipWord,
  type SaidOfPatient,
} from '@lianyi/ledger-client';
import { alarmsKnownIn, firstUnreadableBlock, type FactPlace } from './alarms';
import { capacityKnownIn, keepCapacityFact } from './capacity-index';
import { emergencyChoicesKnownIn, keepEmergencyChoice } from './emergency-choice-index';
import { keepWrittenBefore, writtenBeforeKnownIn } from './written-before-index';
import { keepRecoveryFact, recoveriesKnownIn } from './recovery-index';
import { spelledPermissions } from './uses-index';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;

/** Whether what a permit rests on is the patient's word; otherwise the first thing that is not. */
export type PatientsWord =
  | { readonly kind: 'given' }
  /** No command signed by the patient says it: on whom nobody has followed, or what was written without one. */
  | { readonly kind: 'unproven'; readonly grantee?: Grantee }
  /** Committed more than {@link COMMIT_WINDOW_MS} after it was proposed; without a grantee, what opened the relationship. */
  | { readonly kind: 'late'; readonly grantee?: Grantee }
  /** The patient has changed it since; without a grantee, the patient has closed all reading. */
  | { readonly kind: 'changed'; readonly grantee?: Grantee };

/** Keeps what a transaction says about a patient of the own hospital. */
export async function keepPatientFact(db: Database, fact: Exclude<PatientFact, AlarmFact>, place: FactPlace): Promise<void> {
  if (isSaidOfPatient(fact)) return keepSaid(db, fact, place.isLate);
  switch (fact.kind) {
    case 'registered':
      return keepRegistered(db, fact);
    case 'command':
      return keepCommand(db, fact);
    case 'consent':
      return keepConsent(db, fact, { ...place, isLate: place.isLate || fact.restsOnLate });
    case 'relationship':
      return keepRelationship(db, fact, place.isLate || fact.restsOnLate);
    case 'delegation':
      return keepDelegation(db, fact, place.isLate);
    case 'ownTicket':
      return keepOwnTicket(db, fact);
  }
}

function keepSaid(db: Database, fact: SaidOfPatient, isLate: boolean): Promise<void> {
  if (fact.kind === 'emergencyChoice') return keepEmergencyChoice(db, fact);
  if (fact.kind === 'writtenBefore') return keepWrittenBefore(db, fact);
  return fact.kind === 'incapacity' || fact.kind === 'death' ? keepCapacityFact(db, fact) : keepRecoveryFact(db, fact, isLate);
}

async function keepRegistered(db: Database, fact: Extract<PatientFact, { kind: 'registered' }>): Promise<void> {
  const { pseudonym, nextKeyHash, isAssisted } = fact;
  const row = {
    pseudonym,
    next_key_hash: nextKeyHash,
    is_assisted: flag(isAssisted),
    last_statement: null,
    grantees: 0,
    grantees_by_others: 0,
  };
  await db.insertInto('patient').values(row).execute();
}

async function keepConsent(db: Database, fact: Extract<PatientFact, { kind: 'consent' }>, place: FactPlace): Promise<void> {
  const { pseudonym, grantee, version, state, isSigned, effects } = fact;
  const before = await consentOf(db, pseudonym, grantee);
  // what only closes may come late: it opens something if it permits, or ends a prohibition or what stood there unsigned or late
  const opens = effects.permits || before?.is_denying === 1 || before?.is_late === 1 || before?.is_signed === 0;
  const row = {
    pseudonym,
    grantee_kind: grantee.kind,
    grantee_msp_id: grantee.mspId,
    grantee_name: grantee.name,
    version,
    state,
    is_signed: flag(isSigned),
    is_late: flag(place.isLate && opens),
    is_denying: flag(effects.denies),
    permissions: spelledPermissions(fact.permissions),
    transaction_id: place.transaction.transactionId,
    block_number: place.blockNumber,
  };
  await db
    .insertInto('consent')
    .values(row)
    .onConflict((conflict) => conflict.columns(['pseudonym', 'grantee_msp_id', 'grantee_kind', 'grantee_name']).doUpdateSet(row))
    .execute();
}

async function keepRelationship(
  db: Database,
  { pseudonym, mspId, said, isSigned, command }: Extract<PatientFact, { kind: 'relationship' }>,
  isLate: boolean,
): Promise<void> {
  const before = await relationshipOf(db, pseudonym, mspId);
  const word = {
    answer: said.answer,
    type: said.type ?? null,
    party_group: said.group ?? null,
    is_suspended: flag(said.isSuspended),
    is_ended: flag(said.isEnded),
  };
  // what only closes may come late, and so may what says nothing new; what the patient says in time takes the place of what came late
  const opens = command === 'opens' && !isWord(before, word);
  const isOpenedLate = command !== undefined && (opens || !isLate) ? isLate : before?.is_late === 1;
  const row = { pseudonym, msp_id: mspId, ...word, is_signed: flag(isSigned), is_late: flag(isOpenedLate) };
  await db
    .insertInto('relationship')
    .values(row)
    .onConflict((conflict) => conflict.columns(['pseudonym', 'msp_id']).doUpdateSet(row))
    .execute();
}

type WordRow = Pick<IndexTables['relationship'], 'answer' | 'type' | 'party_group' | 'is_suspended' | 'is_ended'>;

/** Whether what the patient had said of a relationship was this very word. */
function isWord(before: WordRow | undefined, { answer, type, party_group, is_suspended, is_ended }: WordRow): boolean {
  if (before?.answer !== answer || before.type !== type || before.party_group !== party_group) return false;
  return before.is_suspended === is_suspended && before.is_ended === is_ended;
}

async function keepDelegation(db: Database, fact: Extract<PatientFact, { kind: 'delegation' }>, isLate: boolean): Promise<void> {
  const { pseudonym, delegationId, said } = fact;
  const before = await delegationOf(db, pseudonym, delegationId);
  const row = {
    pseudonym,
    delegation_id: delegationId,
    said: canonicalJson(said),
    is_late: flag(isLateAfter(fact, isLate, before)),
  };
  await db
    .insertInto('delegation')
    .values(row)
    .onConflict((conflict) => conflict.columns(['pseudonym', 'delegation_id']).doUpdateSet(row))
    .execute();
}

async function delegationOf(db: Database, pseudonym: Pseudonym, delegationId: DelegationId): Promise<KnownDelegation | undefined> {
  const row = await db
    .selectFrom('delegation')
    .select(['said', 'is_late'])
    .where('pseudonym', '=', pseudonym)
    .where('delegation_id', '=', delegationId)
    .executeTakeFirst();
  return row && { said: delegationSchema.parse(JSON.parse(row.said)), isLate: row.is_late === 1 };
}

async function keepOwnTicket(db: Database, fact: Extract<PatientFact, { kind: 'ownTicket' }>): Promise<void> {
  const { ticketId, pseudonym, delegationId = null, isAsked } = fact;
  const row = { ticket_id: ticketId, pseudonym, delegation_id: delegationId, is_asked: flag(isAsked) };
  await db
    .insertInto('ticket')
    .values(row)
    .onConflict((conflict) => conflict.column('ticket_id').doUpdateSet(row))
    .execute();
}

/** Who has lost a wallet has lost the tickets with it: what the old key has asked for, the new one has not. */
async function endOwnTickets(db: Database, pseudonym: Pseudonym): Promise<void> {
  await db.updateTable('ticket').set({ is_asked: 0 }).where('pseudonym', '=', pseudonym).where('delegation_id', 'is', null).execute();
}

const flag = (is: boolean): 0 | 1 => (is ? 1 : 0);

function relationshipOf(db: Database, pseudonym: Pseudonym, mspId: MspId) {
  return db.selectFrom('relationship').selectAll().where('pseudonym', '=', pseudonym).where('msp_id', '=', mspId).executeTakeFirst();
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

async function keepCommand(db: Database, fact: Extract<PatientFact, { kind: 'command' }>): Promise<void> {
  if (fact.firstGrantBy !== undefined) await countGrantee(db, fact.pseudonym, fact.firstGrantBy);
  if (fact.transaction === transactions.CompleteRecovery.name) await endOwnTickets(db, fact.pseudonym);
  // of who acts for the patient, the delegation's entry has the key
  if (fact.delegationId !== undefined) return;
  await db
    .updateTable('patient')
    .set({
      next_key_hash: fact.nextKeyHash,
      last_statement: fact.statementHash,
      ...(fact.transaction === transactions.TakeOverPseudonym.name ? { is_assisted: 0 } : {}),
    })
    .where('pseudonym', '=', fact.pseudonym)
    .execute();
}

async function countGrantee(db: Database, pseudonym: Pseudonym, by: FirstGrantBy): Promise<void> {
  const column = by === 'patient' ? 'grantees' : 'grantees_by_others';
  await db
    .updateTable('patient')
    .set((row) => ({ [column]: row(column, '+', 1) }))
    .where('pseudonym', '=', pseudonym)
    .execute();
}

function keyOf(db: Database, pseudonym: Pseudonym): Promise<{ next_key_hash: string } | undefined> {
  return db.selectFrom('patient').select('next_key_hash').where('pseudonym', '=', pseudonym).executeTakeFirst();
}

/** What the blocks so far have told about the own hospital's patients. */
export function patientsKnownIn(db: Database): KnownPatients {
  return {
    keyOf: async (pseudonym): Promise<Sha256 | undefined> => sha256Schema.optional().parse((await keyOf(db, pseudonym))?.next_key_hash),
    versionOf: async (pseudonym, grantee) => (await consentOf(db, pseudonym, grantee))?.version,
    standingOf: async (pseudonym) => {
      const row = await db.selectFrom('patient').selectAll().where('pseudonym', '=', pseudonym).executeTakeFirst();
      const lastStatement = sha256Schema.nullish().parse(row?.last_statement) ?? undefined;
      const grantees = { patient: row?.grantees ?? 0, others: row?.grantees_by_others ?? 0 };
      return { isAssisted: row?.is_assisted === 1, grantees, ...(lastStatement === undefined ? {} : { lastStatement }) };
    },
    isDenying: async (pseudonym, grantee) => {
      const row = await consentOf(db, pseudonym, grantee);
      return row !== undefined && (row.is_denying === 1 || row.is_signed === 0 || row.is_late === 1);
    },
    ...alarmsKnownIn(db),
    ...capacityKnownIn(db),
    ...emergencyChoicesKnownIn(db),
    ...writtenBeforeKnownIn(db),
    ...recoveriesKnownIn(db),
    delegationOf: (pseudonym, delegationId) => delegationOf(db, pseudonym, delegationId),
    relationshipOf: async (pseudonym, mspId): Promise<RelationshipWord | undefined> => {
      const row = await relationshipOf(db, pseudonym, mspId);
      if (row === undefined) return undefined;
      const type = relationshipTypeSchema.safeParse(row.type).data;
      const said = { answer: row.answer, isSuspended: row.is_suspended === 1, isEnded: row.is_ended === 1 };
      const group = groupSchema.safeParse(row.party_group).data;
      return { ...said, ...(type === undefined ? {} : { type }), ...(group === undefined ? {} : { group }) };
    },
  };
}

/** Whether a patient's words are known so far: of an own patient, and in blocks all of which can be read, for one that cannot may hold any of theirs. */
async function isFollowed(db: Database, pseudonym: Pseudonym): Promise<boolean> {
  return (await firstUnreadableBlock(db)) === undefined && (await keyOf(db, pseudonym)) !== undefined;
}

/**
 * Whether a patient's side that has asked for own records still is the patient's: the patient lives, and who acts for them still may.
 * @param asker - who has asked, as the permit has it
 */
export async function ownSidesWord(db: Database, pseudonym: Pseudonym, asker: OwnAsker): Promise<PatientsWord> {
  if (!(await isFollowed(db, pseudonym))) return { kind: 'unproven' };
  const known = patientsKnownIn(db);
  if (isDead(await known.deathOf(pseudonym))) return { kind: 'changed' };
  if (asker.kind === 'patient') return { kind: 'given' };
  const delegation = await known.delegationOf(pseudonym, asker.delegationId);
  if (delegation === undefined) return { kind: 'unproven' };
  const { state, basis } = delegation.said;
  // when its time is over, the ticket's is: it ends no later
  if (state !== 'active' || (basis === 'parent' && !(await known.standingOf(pseudonym)).isAssisted)) return { kind: 'changed' };
  return delegation.isLate ? { kind: 'late' } : { kind: 'given' };
}

/** Whether what a permit of an emergency rests on is the patient's word: that of who has said nothing is that nobody has written anything. Nothing is opened of the dead. */
export async function emergencysWord(db: Database, pseudonym: Pseudonym): Promise<PatientsWord> {
  const known = patientsKnownIn(db);
  if (isDead(await known.deathOf(pseudonym))) return { kind: 'changed' };
  const choice = await known.emergencyChoiceOf(pseudonym);
  if (choice === undefined) return { kind: 'given' };
  if (!choice.isSigned) return { kind: 'unproven' };
  if (choice.stance.stance === 'refused') return { kind: 'changed' };
  return { kind: choice.isLate ? 'late' : 'given' };
}

type Permit = Pick<PermittedTicket, 'pseudonym' | 'custodianMspId' | 'actor' | 'grantVersions'>;

/** What a permit rests on, held against what patients have signed. */
export async function patientsWordFor(db: Database, permit: Permit): Promise<PatientsWord> {
  const { pseudonym, actor, custodianMspId } = permit;
  if (!(await isFollowed(db, pseudonym))) return { kind: 'unproven' };
  const relationship = relationshipsWord(await relationshipOf(db, pseudonym, custodianMspId));
  if (relationship.kind !== 'given') return relationship;
  // a prohibition that was written over stands in no permit: whatever concerns who asks must be the patient's word
  const ofAsker = db.selectFrom('consent').selectAll().where('pseudonym', '=', pseudonym).where('grantee_msp_id', '=', actor.mspId);
  if ((await ofAsker.where('is_signed', '=', 0).executeTakeFirst()) !== undefined) return { kind: 'unproven' };
  const given = await grantsWord(db, permit);
  if (given.kind !== 'given') return given;
  // and a prohibition that was lifted by a command somebody kept back stands in none either
  const late = await ofAsker.where('is_late', '=', 1).executeTakeFirst();
  return late === undefined ? given : { kind: 'late' };
}

/** All reading rests on a relationship that the patient has accepted and does not suspend. */
function relationshipsWord(row: Awaited<ReturnType<typeof relationshipOf>>): PatientsWord {
  if (row?.is_signed !== 1 || row.answer === 'none') return { kind: 'unproven' };
  if (row.answer === 'rejected' || row.is_suspended === 1) return { kind: 'changed' };
  return row.is_late === 1 ? { kind: 'late' } : { kind: 'given' };
}

/** Whether a consent for this grantee can be for who asks; of a group, whether they belong to it is the chaincode's to say. */
function isMeant({ kind, mspId, name }: Grantee, actor: Permit['actor']): boolean {
  if (isOwnAsker(actor) || mspId !== actor.mspId) return false;
  if (kind === 'person') return name === actor.actorTag;
  if (kind === 'department') return name === actor.department;
  return kind !== 'role' || actor.roles.includes(name);
}

async function grantsWord(db: Database, { pseudonym, actor, grantVersions }: Permit): Promise<PatientsWord> {
  for (const { grantee, version } of grantVersions) {
    if (!isMeant(grantee, actor)) return { kind: 'unproven', grantee };
    const consent = await consentOf(db, pseudonym, grantee);
    if (consent === undefined || consent.version < version) return { kind: 'unproven', grantee };
    if (consent.version > version || consent.state !== 'active') return { kind: 'changed', grantee };
    if (consent.is_late === 1) return { kind: 'late', grantee };
  }
  return { kind: 'given' };
}
