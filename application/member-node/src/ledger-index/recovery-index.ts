import type { Kysely } from 'kysely';
import { canonicalJson, guardianSetSchema, isOver, recoveryCaseSchema } from '@lianyi/domain';
import { type KnownPatients, type PatientFact } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;

/** Keeps whom a patient of the own hospital has named to vouch for them, and how far the recoveries are. */
export async function keepRecoveryFact(
  db: Database,
  fact: Extract<PatientFact, { kind: 'guardians' | 'recovery' }>,
  isLate: boolean,
): Promise<void> {
  const { pseudonym } = fact;
  const said = canonicalJson(fact.said);
  if (fact.kind === 'guardians') {
    const row = { pseudonym, said, is_late: isLate ? (1 as const) : (0 as const) };
    await db
      .insertInto('guardian_set')
      .values(row)
      .onConflict((conflict) => conflict.column('pseudonym').doUpdateSet(row))
      .execute();
    return;
  }
  const row = { pseudonym, case_id: fact.caseId, said };
  await db
    .insertInto('recovery')
    .values(row)
    .onConflict((conflict) => conflict.columns(['pseudonym', 'case_id']).doUpdateSet(row))
    .execute();
}

/** What the blocks so far have told about recoveries of the own hospital's patients. */
export function recoveriesKnownIn(db: Database): Pick<KnownPatients, 'guardiansOf' | 'recoveryOf' | 'openRecoveriesOf'> {
  return {
    guardiansOf: async (pseudonym) => {
      const row = await db.selectFrom('guardian_set').selectAll().where('pseudonym', '=', pseudonym).executeTakeFirst();
      return row && { said: guardianSetSchema.parse(JSON.parse(row.said)), isLate: row.is_late === 1 };
    },
    recoveryOf: async (pseudonym, caseId) => {
      const row = await db
        .selectFrom('recovery')
        .select('said')
        .where('pseudonym', '=', pseudonym)
        .where('case_id', '=', caseId)
        .executeTakeFirst();
      return row && recoveryCaseSchema.parse(JSON.parse(row.said));
    },
    openRecoveriesOf: async (pseudonym) => {
      const rows = await db.selectFrom('recovery').select('said').where('pseudonym', '=', pseudonym).execute();
      return rows.map(({ said }) => recoveryCaseSchema.parse(JSON.parse(said))).filter((each) => !isOver(each));
    },
  };
}
