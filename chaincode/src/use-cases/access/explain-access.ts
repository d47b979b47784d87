import { DomainError, type Input, isPatientSide, type Output, type transactions } from '@lianyi/domain';
import { refusalOfAsker } from '@lianyi/domain/deciding';
import { type ReadScope } from '../scope';
import { assertConcerns } from '../standing';
import { belongingsIn } from './belongings-of';
import { decideAndExplain } from './decide';

type Entry = typeof transactions.ExplainAccess;

/**
 * Tells how a request would be decided, and what of it comes from which provision: the same reads and the same rule as a request's.
 *
 * What somebody is who would ask stands in their staff entry, as when they ask. Only the patient's side supposes another instant than now.
 */
export async function ExplainAccess(scope: ReadScope, { pseudonym, question }: Input<Entry>): Promise<Output<Entry>> {
  await assertConcerns(scope, pseudonym);
  if (question.at !== undefined && !isPatientSide(scope.actor))
    throw new DomainError('NOT_PERMITTED', 'only the patient supposes another instant', { path: 'input.question.at' });
  const { recordId, purpose, asker, at = scope.now } = question;
  const { mspId, actorTag, department } = asker;
  const [staff, organisation] = await Promise.all([scope.ledger.staff.get(mspId, actorTag), scope.ledger.organisations.find(mspId)]);
  const code = refusalOfAsker({ staff, organisation, department }, at);
  if (code !== undefined) return { outcome: 'refused', code };
  const actor = { mspId, actorTag, roles: staff.roles, department, ...belongingsIn(staff) };
  const isSupposed = question.at !== undefined;
  return { outcome: 'decided', ...(await decideAndExplain(scope.ledger, { pseudonym, recordId, purpose, at, actor, isSupposed })) };
}
