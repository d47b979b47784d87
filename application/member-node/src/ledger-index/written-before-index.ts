import type { Kysely } from 'kysely';
import { type KnownPatients, type PatientFact } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;

/** Keeps that something was written under a pseudonym that is none of the own hospital's, or not yet. */
export async function keepWrittenBefore(db: Database, { pseudonym }: Extract<PatientFact, { kind: 'writtenBefore' }>): Promise<void> {
  await db
    .insertInto('written_before')
    .values({ pseudonym })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** What the blocks so far have told about it. */
export function writtenBeforeKnownIn(db: Database): Pick<KnownPatients, 'isWrittenBefore'> {
  return {
    isWrittenBefore: async (pseudonym) => {
      const of = db.selectFrom('written_before').select('pseudonym').where('pseudonym', '=', pseudonym);
      return (await of.executeTakeFirst()) !== undefined;
    },
  };
}
