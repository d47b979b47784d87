import type { Kysely } from 'kysely';
import {
  type AccessParameter,
  accessParameterSchema,
  canonicalJson,
  mspIdSchema,
  type ParameterName,
  type ParameterProposal,
  parameterProposalSchema,
} from '@lianyi/domain';
import { type KnownMembers, type MemberFact } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;

/** Keeps what members have said of a parameter of access, and whether what is written is that. */
export async function keepParameterFact(db: Database, fact: Extract<MemberFact, { kind: 'proposal' | 'parameter' }>): Promise<void> {
  if (fact.kind === 'proposal') {
    const { setting, number } = fact.said;
    const row = { name: setting.name, number, said: canonicalJson(fact.said) };
    await db
      .insertInto('parameter_proposal')
      .values(row)
      .onConflict((conflict) => conflict.columns(['name', 'number']).doUpdateSet(row))
      .execute();
    return;
  }
  const said = fact.said === undefined ? null : canonicalJson(fact.said);
  const row = { name: fact.name, said, is_proven: fact.isProven ? (1 as const) : (0 as const) };
  await db
    .insertInto('access_parameter')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}

async function proposalIn(db: Database, name: ParameterName, number: number): Promise<ParameterProposal | undefined> {
  const ofName = db.selectFrom('parameter_proposal').select('said').where('name', '=', name);
  const row = await ofName.where('number', '=', number).executeTakeFirst();
  return row && parameterProposalSchema.parse(JSON.parse(row.said));
}

async function parameterIn(db: Database, name: ParameterName): Promise<AccessParameter | undefined> {
  const row = await db.selectFrom('access_parameter').select('said').where('name', '=', name).executeTakeFirst();
  return row?.said == null ? undefined : accessParameterSchema.parse(JSON.parse(row.said));
}

/** Whether a parameter stands as a majority has set it; one that nobody has written does. */
export async function isParameterProven(db: Database, name: ParameterName): Promise<boolean> {
  const row = await db.selectFrom('access_parameter').select('is_proven').where('name', '=', name).executeTakeFirst();
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
