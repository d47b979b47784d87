import { type Ticket } from '@lianyi/domain';
import { type AskedAgain } from '@lianyi/domain/deciding';
import { type ReadScope } from '../scope';
import { belongingsOf } from './belongings-of';
import { decide, type Decided } from './decide';

/**
 * Asks the question of a ticket again, now. Everything it reads stands in the read set, so that what commits first makes a transaction that rests
 * on the answer fail (MVCC): a revocation, and the end of the staff entry or of the organisation of who asked.
 */
export async function askAgain({ ledger, now }: ReadScope, ticket: Ticket): Promise<AskedAgain & Pick<Decided, 'records'>> {
  const { actor, pseudonym, purpose, recordIds } = ticket;
  const asker = { ...actor, ...(await belongingsOf(ledger, actor)) };
  const [{ decision, records }, staff, organisation] = await Promise.all([
    decide(ledger, { pseudonym, purpose, recordIds, at: now, actor: asker }),
    ledger.staff.find(actor.mspId, actor.actorTag),
    ledger.organisations.find(actor.mspId),
  ]);
  return { decisionNow: decision, records, isAskerActive: staff?.state === 'active' && organisation?.status === 'active' };
}
