import type { Kysely } from 'kysely';
import {
  canonicalJson,
  guardianSetSchema,
  isConfirmedByNobody,
  isOver,
  type RecoveryCase,
  recoveryCaseIdSchema,
  recoveryCaseSchema,
  type RecoveryState,
} from '@lianyi/domain';
import { type KnownPatients, type PatientFact } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;

/** Keeps whom a patient of the own hospital has named to vouch for them, and how far the recoveries are. */
export async function keepRecoveryFact(
  db: Database,
  fact: Extract<PatientFact, { kind: 'guardians' | 'recovery' | 'writtenRecovery' }>,
  isLate: boolean,
): Promise<void> {
  const { pseudonym } = fact;
  if (fact.kind === 'writtenRecovery') return keepWritten(db, fact);
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

async function keepWritten(db: Database, { pseudonym, caseId, isOpen }: Extract<PatientFact, { kind: 'writtenRecovery' }>): Promise<void> {
  const row = { pseudonym, case_id: caseId, is_open: isOpen ? (1 as const) : (0 as const) };
  await db
    .insertInto('written_recovery')
    .values(row)
    .onConflict((conflict) => conflict.columns(['pseudonym', 'case_id']).doUpdateSet(row))
    .execute();
}

/** How a recovery stands by the word of those whose it is. */
export interface FollowedRecovery {
  /** Whether the pseudonym is of a patient of the own hospital. */
  readonly isFollowed: boolean;
  /** Absent where nobody whose word it is has said anything of it. */
  readonly state?: RecoveryState;
  /** It is shown as cooling off, and nobody who is believed has confirmed it. */
  readonly isConfirmedByNobody?: true;
}

export async function followedRecoveryIn(
  db: Database,
  { pseudonym, caseId }: Pick<RecoveryCase, 'pseudonym' | 'caseId'>,
): Promise<FollowedRecovery> {
  const patient = await db.selectFrom('patient').select('pseudonym').where('pseudonym', '=', pseudonym).executeTakeFirst();
  const said = await recoveriesKnownIn(db).recoveryOf(pseudonym, caseId);
  const waits = said !== undefined && isConfirmedByNobody(said) ? { isConfirmedByNobody: true as const } : {};
  return { isFollowed: patient !== undefined, ...(said === undefined ? {} : { state: said.state }), ...waits };
}

/** What the blocks so far have told about recoveries of the own hospital's patients. */
export function recoveriesKnownIn(db: Database): Pick<KnownPatients, 'guardiansOf' | 'recoveryOf' | 'openRecoveriesOf' | 'writtenOpenOf'> {
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
    writtenOpenOf: async (pseudonym) => {
      const rows = await db
        .selectFrom('written_recovery')
        .select('case_id')
        .where('pseudonym', '=', pseudonym)
        .where('is_open', '=', 1)
        .execute();
      return rows.map(({ case_id }) => recoveryCaseIdSchema.parse(case_id));
    },
    openRecoveriesOf: async (pseudonym) => {
      const rows = await db.selectFrom('recovery').select('said').where('pseudonym', '=', pseudonym).execute();
      return rows.map(({ said }) => recoveryCaseSchema.parse(JSON.parse(said))).filter((each) => !isOver(each));
    },
  };
}
