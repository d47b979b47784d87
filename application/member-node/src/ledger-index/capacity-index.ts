import type { Kysely } from 'kysely';
import { canonicalJson, deathSchema, incapacitySchema, type Pseudonym } from '@lianyi/domain';
import { type KnownPatients, type PatientFact } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;
type CapacityFact = Extract<PatientFact, { kind: 'incapacity' | 'death' }>;

/** Keeps what staff have said of the capacity, or of the death, of a patient of the own hospital. */
export async function keepCapacityFact(db: Database, { kind, pseudonym, said }: CapacityFact): Promise<void> {
  const row = { pseudonym, kind, said: canonicalJson(said) };
  await db
    .insertInto('capacity')
    .values(row)
    .onConflict((conflict) => conflict.columns(['pseudonym', 'kind']).doUpdateSet(row))
    .execute();
}

/** What the blocks so far have told about it. */
export function capacityKnownIn(db: Database): Pick<KnownPatients, 'incapacityOf' | 'deathOf'> {
  const saidOf = async (pseudonym: Pseudonym, kind: CapacityFact['kind']): Promise<unknown> => {
    const of = db.selectFrom('capacity').select('said').where('pseudonym', '=', pseudonym);
    const row = await of.where('kind', '=', kind).executeTakeFirst();
    return row && JSON.parse(row.said);
  };
  return {
    incapacityOf: async (pseudonym) => incapacitySchema.optional().parse(await saidOf(pseudonym, 'incapacity')),
    deathOf: async (pseudonym) => deathSchema.optional().parse(await saidOf(pseudonym, 'death')),
  };
}
