import { type Input, type Output, type transactions } from '@lianyi/domain';
import { type ReadScope } from '../scope';
import { asPatientSide } from '../standing';
import { decide } from './decide';
import { belongingsOf } from './belongings-of';

type Entry = typeof transactions.Simulate;

/** Tells the patient how a request would be decided: the same reads and the same rule as a request's. */
export async function Simulate(scope: ReadScope, input: Input<Entry>): Promise<Output<Entry>> {
  asPatientSide(scope.actor, input.pseudonym);
  const { recordId, actor, at = scope.now, ...question } = input.question;
  const asker = { ...actor, ...(await belongingsOf(scope.ledger, actor)) };
  const isSupposed = input.question.at !== undefined;
  const recordIds = [recordId];
  const { decisions } = await decide(scope.ledger, { pseudonym: input.pseudonym, recordIds, ...question, at, actor: asker, isSupposed });
  const [decision] = decisions;
  if (decision === undefined) throw new Error('nothing was decided of the one record asked about');
  return decision;
}
