import type { Kysely } from 'kysely';
import {
  type AccessParameter,
  accessParameterSchema,
  type ActorTag,
  canonicalJson,
  type MspId,
  mspIdSchema,
  type ParameterName,
  type ParameterProposal,
  parameterProposalSchema,
  type PermittedTicket,
  type Pseudonym,
} from '@lianyi/domain';
import { initialSetting, type ComparedOpening, opensNoMore } from '@lianyi/domain/deciding';
import { type KnownMembers, type MemberFact } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;

/** What is kept here. */
export type ParameterIndexFact = Extract<MemberFact, { kind: 'proposal' | 'parameter' | 'approval' | 'signature' }>;

/** Keeps what members have said of a parameter of access, or a patient's hospital of who reads, and whether what is written is that. */
export async function keepParameterFact(db: Database, fact: ParameterIndexFact): Promise<void> {
  switch (fact.kind) {
    case 'proposal': {
      const { setting, number } = fact.said;
      const row = { name: setting.name, number, said: canonicalJson(fact.said) };
      await db
        .insertInto('parameter_proposal')
        .values(row)
        .onConflict((conflict) => conflict.columns(['name', 'number']).doUpdateSet(row))
        .execute();
      return;
    }
    case 'parameter': {
      const said = fact.said === undefined ? null : canonicalJson(fact.said);
      const before = canonicalJson(initialSetting(fact.name)); // as long as nobody has written it
      const written = fact.written === undefined ? null : canonicalJson(fact.written);
      const changed = { said, ...('written' in fact && { written }) };
      await db
        .insertInto('access_parameter')
        .values({ name: fact.name, written: before, ...changed })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(changed))
        .execute();
      return;
    }
    case 'approval': {
      const { pseudonym, mspId, actorTag, isProven } = fact;
      const row = { pseudonym, msp_id: mspId, actor_tag: actorTag, is_proven: flag(isProven) };
      await db
        .insertInto('access_approval')
        .values(row)
        .onConflict((conflict) => conflict.columns(['pseudonym', 'msp_id', 'actor_tag']).doUpdateSet(row))
        .execute();
      return;
    }
    case 'signature':
      return keepSignature(db, fact);
  }
}

async function keepSignature(
  db: Database,
  { ticketId, signer, mspId, until }: Extract<ParameterIndexFact, { kind: 'signature' }>,
): Promise<void> {
  const row = { ticket_id: ticketId, signer, msp_id: mspId ?? null, counts_until: until ?? null };
  await db
    .insertInto('emergency_signature')
    .values(row)
    .onConflict((conflict) => conflict.columns(['ticket_id', 'signer']).doUpdateSet(row))
    .execute();
}

/**
 * Whether what is written of a countersignature is what somebody of this hospital has said, and the emergency was asked for while it counted: the own
 * chaincode, which decides again, does not look at that end any more. Of which records it is, it does, in what is written.
 */
export async function isSignatureProven(
  db: Database,
  { ticketId, requestedAt }: Pick<PermittedTicket, 'ticketId' | 'requestedAt'>,
  signer: { mspId: MspId; actorTag: ActorTag },
): Promise<boolean> {
  const ofTicket = db.selectFrom('emergency_signature').select(['msp_id', 'counts_until']).where('ticket_id', '=', ticketId);
  const row = await ofTicket.where('signer', '=', signer.actorTag).executeTakeFirst();
  return row?.msp_id === signer.mspId && row.counts_until !== null && requestedAt < row.counts_until;
}

const flag = (is: boolean): 0 | 1 => (is ? 1 : 0);

async function proposalIn(db: Database, name: ParameterName, number: number): Promise<ParameterProposal | undefined> {
  const ofName = db.selectFrom('parameter_proposal').select('said').where('name', '=', name);
  const row = await ofName.where('number', '=', number).executeTakeFirst();
  return row && parameterProposalSchema.parse(JSON.parse(row.said));
}

async function parameterIn(db: Database, name: ParameterName): Promise<AccessParameter | undefined> {
  const row = await db.selectFrom('access_parameter').select('said').where('name', '=', name).executeTakeFirst();
  const said = row?.said ?? undefined;
  return said === undefined ? undefined : accessParameterSchema.parse(JSON.parse(said));
}

/**
 * Whether what is written of a parameter opens nothing of some classes or levels that it does not open as a majority has set it last: so what the own
 * chaincode permits of them by the one it permits by both. One that nobody has written does not.
 */
export async function opensAsSaid(
  db: Database,
  name: ParameterName,
  of: readonly string[],
  to: ComparedOpening['to'] = 'reading',
): Promise<boolean> {
  const row = await db.selectFrom('access_parameter').select(['said', 'written']).where('name', '=', name).executeTakeFirst();
  if (row === undefined) return true;
  if (row.written === null) return false;
  const said = (await parameterIn(db, name))?.setting ?? initialSetting(name);
  return opensNoMore(accessParameterSchema.shape.setting.parse(JSON.parse(row.written)), said, { to, of });
}

/** Whether what is written of an approval for somebody is what an officer of the patient's hospital has said; where nothing is, it is. */
export async function isApprovalProven(
  db: Database,
  { pseudonym, mspId, actorTag }: { readonly pseudonym: Pseudonym; readonly mspId: MspId; readonly actorTag: ActorTag },
): Promise<boolean> {
  const ofPatient = db.selectFrom('access_approval').select('is_proven').where('pseudonym', '=', pseudonym);
  const row = await ofPatient.where('msp_id', '=', mspId).where('actor_tag', '=', actorTag).executeTakeFirst();
  return row?.is_proven !== 0;
}

/** What the blocks so far have told about parameters of access, and who decides on them. */
export function parametersKnownIn(db: Database): Pick<KnownMembers, 'proposalOf' | 'parameterOf' | 'registeredMspIds'> {
  return {
    proposalOf: (name, number) => proposalIn(db, name, number),
    parameterOf: (name) => parameterIn(db, name),
    registeredMspIds: async () => {
      const rows = await db.selectFrom('organisation_kinds').select('msp_id').execute();
      return rows.map(({ msp_id }) => mspIdSchema.parse(msp_id));
    },
  };
}
