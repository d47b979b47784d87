import type { Kysely } from 'kysely';
import { canonicalJson, type Copy, copiesArea } from '@lianyi/domain';
import { type CopyFact, type KnownMembers } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;
const { schema } = copiesArea.entities.copies;

/** Keeps what was said of a copy: of an own patient's record, or of the own hospital's. */
export async function keepCopyFact(db: Database, { holderMspId, pseudonym, ticketId, recordId, said }: CopyFact): Promise<void> {
  const of = { holder_msp_id: holderMspId, pseudonym, ticket_id: ticketId, record_id: recordId };
  const row = { ...of, said: said === undefined ? null : canonicalJson(said) };
  await db
    .insertInto('copy')
    .values(row)
    .onConflict((conflict) => conflict.columns(['holder_msp_id', 'pseudonym', 'ticket_id', 'record_id']).doUpdateSet(row))
    .execute();
}

/** What the blocks so far have told about it. */
export function copiesKnownIn(db: Database): Pick<KnownMembers, 'copyOf'> {
  return {
    copyOf: async ({ holderMspId, pseudonym, ticketId, recordId }): Promise<Copy | undefined> => {
      const ofHolder = db.selectFrom('copy').select('said').where('holder_msp_id', '=', holderMspId).where('pseudonym', '=', pseudonym);
      const row = await ofHolder.where('ticket_id', '=', ticketId).where('record_id', '=', recordId).executeTakeFirst();
      const said = row?.said ?? undefined;
      return said === undefined ? undefined : schema.parse(JSON.parse(said));
    },
  };
}
