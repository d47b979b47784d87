import { type Input, type Output, type transactions } from '@lianyi/domain';
import { type ReadScope } from '../scope';
import { asPatient } from '../standing';
import { decide } from './decide';

type Entry = typeof transactions.Simulate;

/** Tells the patient how a request would be decided: the same reads and the same rule as a request's. */
export async function Simulate(scope: ReadScope, input: Input<Entry>): Promise<Output<Entry>> {
  asPatient(scope.actor, input.pseudonym);
  const { recordId, at = scope.now, ...question } = input.question;
  const isSupposed = input.question.at !== undefined;
  const { decision } = await decide(scope.ledger, { pseudonym: input.pseudonym, recordIds: [recordId], ...question, at, isSupposed });
  return decision;
}
