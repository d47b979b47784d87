import type { Kysely } from 'kysely';
import {
  type ActorTag,
  canonicalJson,
  instantSchema,
  type MspId,
  mspIdSchema,
  organisationKindsSchema,
  type Pseudonym,
  pseudonymSchema,
  type QueryTemplate,
  queryTemplateSchema,
  type RecordId,
  recordSchema,
  type Staff,
  staffSchema,
  type TemplateReference,
  type TicketId,
} from '@lianyi/domain';
import {
  type AlarmFact,
  type CopyFact,
  type DeviceFact,
  type KnownMembers,
  leastCoolingOffBy,
  type MemberFact,
} from '@lianyi/ledger-client';
import { alarmsKnownIn } from './alarms';
import { copiesKnownIn } from './copy-index';
import { deviceIn } from './device-index';
import { keepFunctionKeyFact } from './function-key-index';
import { parametersKnownIn, type ParameterIndexFact } from './parameter-index';
import { type IndexTables } from './tables';
import { keepPermitUses } from './uses-index';

type Database = Kysely<IndexTables>;
const labelsSchema = recordSchema.pick({ class: true, dataLevel: true });

/** Keeps what a transaction says about an organisation, staff, a record, a query template or a permit. */
export async function keepMemberFact(
  db: Database,
  fact: Exclude<MemberFact, AlarmFact | CopyFact | DeviceFact | ParameterIndexFact>,
): Promise<void> {
  switch (fact.kind) {
    case 'organisation':
      return keepOrganisation(db, fact);
    case 'functionKey':
    case 'functionDeal':
    case 'functionAcceptance':
      return keepFunctionKeyFact(db, fact);
    case 'staff':
      return keepStaff(db, fact);
    case 'record':
      return keepRecord(db, fact);
    case 'template':
      return keepTemplate(db, fact);
    case 'ticket':
      return keepTicket(db, fact);
    case 'said':
      await db
        .insertInto('said_statement')
        .values({ statement_hash: fact.statementHash })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return;
  }
}

async function keepTicket(db: Database, fact: Extract<MemberFact, { kind: 'ticket' }>): Promise<void> {
  const { ticketId, isAsked, askedBy } = fact;
  const asked = { is_asked: flag(isAsked), asker_msp_id: askedBy?.mspId ?? null, asked_of: askedBy?.pseudonym ?? null };
  const row = { ticket_id: ticketId, pseudonym: null, delegation_id: null, ...asked };
  await db
    .insertInto('ticket')
    .values(row)
    .onConflict((conflict) => conflict.column('ticket_id').doUpdateSet(row))
    .execute();
  return keepPermitUses(db, fact);
}

async function keepOrganisation(
  db: Database,
  { mspId, kinds, encapsulationKeys, leastCoolingOffMinutes }: Extract<MemberFact, { kind: 'organisation' }>,
): Promise<void> {
  const said = { kinds: canonicalJson(kinds), encapsulation_keys: canonicalJson(encapsulationKeys) };
  const isFirst = (await db.selectFrom('organisation_kinds').select('msp_id').executeTakeFirst()) === undefined;
  const row = { msp_id: mspId, ...said, least_cooling_off: leastCoolingOffMinutes, is_first: flag(isFirst) };
  await db.insertInto('organisation_kinds').values(row).execute();
}

async function keepTemplate(db: Database, { said }: Extract<MemberFact, { kind: 'template' }>): Promise<void> {
  const { mspId, templateId, version } = said;
  const row = { msp_id: mspId, template_id: templateId, version, said: canonicalJson(said) };
  await db
    .insertInto('query_template')
    .values(row)
    .onConflict((conflict) => conflict.columns(['msp_id', 'template_id', 'version']).doUpdateSet(row))
    .execute();
}

async function keepStaff(db: Database, { mspId, actorTag, said, isProven }: Extract<MemberFact, { kind: 'staff' }>): Promise<void> {
  const row = {
    msp_id: mspId,
    actor_tag: actorTag,
    public_key_hash: said?.publicKeyHash ?? null,
    said: said === undefined ? null : canonicalJson(said),
    is_proven: flag(isProven),
  };
  await db
    .insertInto('staff')
    .values(row)
    .onConflict((conflict) => conflict.columns(['msp_id', 'actor_tag']).doUpdateSet(row))
    .execute();
}

async function keepRecord(
  db: Database,
  { pseudonym, recordId, anchoredAt, version, isRetracted, labels, isProven }: Extract<MemberFact, { kind: 'record' }>,
): Promise<void> {
  const said = { anchored_at: anchoredAt ?? null, version: version ?? null, is_retracted: flag(isRetracted) };
  const labelled = { class: labels?.class ?? null, data_level: labels?.dataLevel ?? null };
  const row = { pseudonym, record_id: recordId, ...said, ...labelled, is_proven: flag(isProven) };
  await db
    .insertInto('record')
    .values(row)
    .onConflict((conflict) => conflict.columns(['pseudonym', 'record_id']).doUpdateSet(row))
    .execute();
}

const flag = (is: boolean): 0 | 1 => (is ? 1 : 0);

export function staffIn(db: Database, mspId: MspId, actorTag: ActorTag): Promise<IndexTables['staff'] | undefined> {
  return db.selectFrom('staff').selectAll().where('msp_id', '=', mspId).where('actor_tag', '=', actorTag).executeTakeFirst();
}

export function recordIn(db: Database, pseudonym: Pseudonym, recordId: RecordId): Promise<IndexTables['record'] | undefined> {
  return db.selectFrom('record').selectAll().where('pseudonym', '=', pseudonym).where('record_id', '=', recordId).executeTakeFirst();
}

export function ticketIn(
  db: Database,
  ticketId: TicketId,
): Promise<Pick<IndexTables['ticket'], 'is_asked' | 'asker_msp_id' | 'asked_of'> | undefined> {
  return db.selectFrom('ticket').select(['is_asked', 'asker_msp_id', 'asked_of']).where('ticket_id', '=', ticketId).executeTakeFirst();
}

function saidIn(said: string | null): Staff | undefined {
  return said === null ? undefined : staffSchema.parse(JSON.parse(said));
}

async function templateIn(db: Database, { mspId, templateId, version }: TemplateReference): Promise<QueryTemplate | undefined> {
  const ofId = db.selectFrom('query_template').select('said').where('msp_id', '=', mspId).where('template_id', '=', templateId);
  const row = await ofId.where('version', '=', version).executeTakeFirst();
  return row && queryTemplateSchema.parse(JSON.parse(row.said));
}

async function leastCoolingOffIn(db: Database, mspId: MspId): Promise<number> {
  const said = db.selectFrom('organisation_kinds').select('least_cooling_off');
  const first = await said.where('is_first', '=', 1).executeTakeFirst();
  const own = await said.where('msp_id', '=', mspId).executeTakeFirst();
  return leastCoolingOffBy(first?.least_cooling_off, own?.least_cooling_off);
}

async function recordKnownIn(
  db: Database,
  ...[pseudonym, recordId]: Parameters<KnownMembers['recordOf']>
): ReturnType<KnownMembers['recordOf']> {
  const row = await recordIn(db, pseudonym, recordId);
  if (row === undefined) return undefined;
  const anchoredAt = instantSchema.optional().parse(row.anchored_at ?? undefined);
  const labels = labelsSchema.safeParse({ class: row.class, dataLevel: row.data_level }).data;
  return { anchoredAt, version: row.version ?? undefined, isRetracted: row.is_retracted === 1, labels };
}

/** What the blocks so far have told about members; a pseudonym has a custodian here if it is one of the own hospital's. */
export function membersKnownIn(db: Database, ownMspId: string): KnownMembers {
  return {
    ...alarmsKnownIn(db),
    ...parametersKnownIn(db),
    ...copiesKnownIn(db),
    kindsOf: async (mspId) => {
      const row = await db.selectFrom('organisation_kinds').select('kinds').where('msp_id', '=', mspId).executeTakeFirst();
      return row && organisationKindsSchema.parse(JSON.parse(row.kinds));
    },
    leastCoolingOffOf: (mspId) => leastCoolingOffIn(db, mspId),
    staffOf: async (mspId, actorTag) => {
      const row = await staffIn(db, mspId, actorTag);
      return row && { said: saidIn(row.said), isProven: row.is_proven === 1 };
    },
    staffWithKey: async (mspId, publicKeyHash) => {
      const ofKey = db.selectFrom('staff').selectAll().where('msp_id', '=', mspId).where('public_key_hash', '=', publicKeyHash);
      return saidIn((await ofKey.where('is_proven', '=', 1).executeTakeFirst())?.said ?? null);
    },
    deviceOf: (mspId, deviceId) => deviceIn(db, mspId, deviceId),
    recordOf: (pseudonym, recordId) => recordKnownIn(db, pseudonym, recordId),
    templateOf: (reference) => templateIn(db, reference),
    isSaid: async (statementHash) => {
      const said = db.selectFrom('said_statement').select('statement_hash').where('statement_hash', '=', statementHash);
      return (await said.executeTakeFirst()) !== undefined;
    },
    ticketOf: async (ticketId) => {
      const row = await ticketIn(db, ticketId);
      const mspId = mspIdSchema.safeParse(row?.asker_msp_id).data;
      const pseudonym = pseudonymSchema.safeParse(row?.asked_of).data;
      const askedBy = mspId === undefined || pseudonym === undefined ? {} : { askedBy: { mspId, pseudonym } };
      return row && { isAsked: row.is_asked === 1, ...askedBy };
    },
    custodianOf: async (pseudonym) => {
      const row = await db.selectFrom('patient').select('pseudonym').where('pseudonym', '=', pseudonym).executeTakeFirst();
      return row && mspIdSchema.parse(ownMspId);
    },
  };
}
