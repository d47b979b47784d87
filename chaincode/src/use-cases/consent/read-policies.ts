import { type Input, type Output, type transactions } from '@lianyi/domain';
import { type ReadScope } from '../scope';
import { asPatientSide, assertConcerns } from '../standing';
import { keyOfGrant } from './grant-key';

type GetPolicy = typeof transactions.GetPolicy;
type ListPolicyVersions = typeof transactions.ListPolicyVersions;
type ListPolicies = typeof transactions.ListPolicies;

/** Reads a policy, for the patient or staff of the hospital that keeps the pseudonym. */
export async function GetPolicy(scope: ReadScope, input: Input<GetPolicy>): Promise<Output<GetPolicy>> {
  await assertConcerns(scope, input.pseudonym);
  return scope.ledger.grants.get(...keyOfGrant(input));
}

/** Lists what a policy has said before; what it says now, {@link GetPolicy} reads. */
export async function ListPolicyVersions(scope: ReadScope, input: Input<ListPolicyVersions>): Promise<Output<ListPolicyVersions>> {
  await assertConcerns(scope, input.pseudonym);
  return scope.ledger.replacedGrants.list(keyOfGrant(input), input);
}

export async function ListPolicies(scope: ReadScope, input: Input<ListPolicies>): Promise<Output<ListPolicies>> {
  asPatientSide(scope.actor, input.pseudonym);
  return scope.ledger.grants.list([input.pseudonym], input);
}
