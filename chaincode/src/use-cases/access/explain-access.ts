import {
  addMilliseconds,
  type AskingActor,
  DomainError,
  type Input,
  type Instant,
  isPatientSide,
  type Output,
  transactions,
} from '@lianyi/domain';
import { type EmergencyFacts, owed, refusalOfAsker } from '@lianyi/domain/deciding';
import { type ReadScope } from '../scope';
import { assertConcerns } from '../standing';
import { belongingsIn } from './belongings-of';
import { debtsOf } from './debts-of';
import { decideAndExplain } from './decide';
import { emergencyKnown } from './emergency-known';

type Entry = typeof transactions.ExplainAccess;
type Question = Input<Entry>['question'];

/** As long as an emergency is asked for at most. */
const LONGEST_MS = 4 * 60 * 60_000;

/**
 * Tells how a request would be decided, and what of it comes from which provision: the same reads and the same rule as a request's.
 *
 * What somebody is who would ask stands in their staff entry, as when they ask. Only the patient's side supposes another instant than now.
 */
export async function ExplainAccess(scope: ReadScope, { pseudonym, question }: Input<Entry>): Promise<Output<Entry>> {
  await assertConcerns(scope, pseudonym);
  if (question.at !== undefined && !isPatientSide(scope.actor))
    throw new DomainError('NOT_PERMITTED', 'only the patient supposes another instant', { path: 'input.question.at' });
  const { recordId, purpose, asker, at = scope.now, emergency } = question;
  if (emergency !== undefined && purpose !== 'ETREAT')
    throw new DomainError('INVALID_REQUEST', 'the glass is broken for ETREAT alone', { path: 'input.question.purpose' });
  const { mspId, actorTag, department } = asker;
  const [staff, organisation, broken] = await Promise.all([
    scope.ledger.staff.get(mspId, actorTag),
    scope.ledger.organisations.find(mspId),
    emergency && supposedEmergency(scope, { pseudonym, asker, ...emergency }),
  ]);
  const code = refusalOfAsker({ staff, organisation, department }, at, emergency && transactions.BreakGlass);
  if (code !== undefined) return { outcome: 'refused', code };
  const belongings = belongingsIn(staff);
  const actor = { mspId, actorTag, roles: staff.roles, department, ...belongings };
  const inquiry = { pseudonym, recordId, purpose, at, actor, isSupposed: question.at !== undefined };
  const supposed = broken === undefined ? {} : { emergency: broken(belongings, at) };
  return { outcome: 'decided', ...(await decideAndExplain(scope.ledger, { ...inquiry, ...supposed })) };
}

/** What would be known besides if somebody broke the glass, without a second person. */
async function supposedEmergency(
  { ledger }: ReadScope,
  { pseudonym, asker, scope }: Pick<Input<Entry>, 'pseudonym'> & Pick<Question, 'asker'> & NonNullable<Question['emergency']>,
): Promise<(belongings: Pick<AskingActor, 'departments'>, at: Instant) => EmergencyFacts> {
  const [known, debts] = await Promise.all([emergencyKnown(ledger, { pseudonym, asker }), debtsOf({ ledger }, asker)]);
  return (belongings, at) => ({ scope, until: addMilliseconds(at, LONGEST_MS), ...owed(debts, at), ...known(belongings) });
}
