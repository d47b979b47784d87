import type { Kysely } from 'kysely';
import { canonicalJson, emergencyStanceSchema, type Pseudonym } from '@lianyi/domain';
import { type KnownEmergencyChoice, type KnownPatients, type PatientFact } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;
type EmergencyChoiceFact = Extract<PatientFact, { kind: 'emergencyChoice' }>;

/** Keeps what a patient of the own hospital says of emergencies. */
export async function keepEmergencyChoice(db: Database, { pseudonym, said }: EmergencyChoiceFact): Promise<void> {
  const { stance, isSigned, isLate } = said;
  const row = { pseudonym, stance: canonicalJson(stance), is_signed: isSigned ? 1 : 0, is_late: isLate ? 1 : 0 } as const;
  await db
    .insertInto('emergency_choice')
    .values(row)
    .onConflict((conflict) => conflict.column('pseudonym').doUpdateSet(row))
    .execute();
}

/** What the blocks so far have told about it. */
export function emergencyChoicesKnownIn(db: Database): Pick<KnownPatients, 'emergencyChoiceOf'> {
  return {
    emergencyChoiceOf: async (pseudonym: Pseudonym): Promise<KnownEmergencyChoice | undefined> => {
      const row = await db.selectFrom('emergency_choice').selectAll().where('pseudonym', '=', pseudonym).executeTakeFirst();
      if (row === undefined) return undefined;
      return { stance: emergencyStanceSchema.parse(JSON.parse(row.stance)), isSigned: row.is_signed === 1, isLate: row.is_late === 1 };
    },
  };
}
