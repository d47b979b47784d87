import { type Input, type Output, type transactions } from '@lianyi/domain';
import { type ReadScope } from '../scope';
import { asPatient, assertConcerns } from '../standing';
import { decide } from '../access/decide';
import { keyOfGrant } from './grant-key';

type GetPolicy = typeof transactions.GetPolicy;
type ListPolicies = typeof transactions.ListPolicies;
type Simulate = typeof transactions.Simulate;

/** Reads a policy, for the patient or staff of the hospital that keeps the pseudonym. */
export async function GetPolicy(scope: ReadScope, input: Input<GetPolicy>): Promise<Output<GetPolicy>> {
  await assertConcerns(scope, input.pseudonym);
  return scope.ledger.grants.get(...keyOfGrant(input));
}

export async function ListPolicies(scope: ReadScope, input: Input<ListPolicies>): Promise<Output<ListPolicies>> {
  asPatient(scope.actor, input.pseudonym);
  return scope.ledger.grants.list([input.pseudonym], input);
}

/** Tells the patient how a request would be decided: the same reads and the same rule as a request's. */
export async function Simulate(scope: ReadScope, input: Input<Simulate>): Promise<Output<Simulate>> {
  asPatient(scope.actor, input.pseudonym);
  const { recordId, ...question } = input.question;
  const { decision } = await decide(scope.ledger, { pseudonym: input.pseudonym, recordIds: [recordId], ...question });
  return decision;
}
