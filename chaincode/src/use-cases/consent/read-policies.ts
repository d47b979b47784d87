import { type CountedGrant, type Grant, type Input, type Output, type transactions } from '@lianyi/domain';
import { isCounted, withUses } from '@lianyi/domain/deciding';
import { ledTo } from '../led-to';
import { type ReadScope } from '../scope';
import { asPatientSide, assertConcerns } from '../standing';
import { keyOfGrant } from './grant-key';

type GetPolicy = typeof transactions.GetPolicy;
type ListPolicyVersions = typeof transactions.ListPolicyVersions;
type ListPolicies = typeof transactions.ListPolicies;

/** Reads a policy and what was taken of its uses, for the patient or staff of the hospital that keeps the pseudonym. */
export async function GetPolicy(scope: ReadScope, input: Input<GetPolicy>): Promise<Output<GetPolicy>> {
  await assertConcerns(scope, input.pseudonym);
  return counted(scope, await scope.ledger.grants.get(...keyOfGrant(input)));
}

/** Lists what a policy has said before; what it says now, {@link GetPolicy} reads. */
export async function ListPolicyVersions(scope: ReadScope, input: Input<ListPolicyVersions>): Promise<Output<ListPolicyVersions>> {
  await assertConcerns(scope, input.pseudonym);
  return scope.ledger.replacedGrants.list(keyOfGrant(input), input);
}

export async function ListPolicies(scope: ReadScope, input: Input<ListPolicies>): Promise<Output<ListPolicies>> {
  asPatientSide(scope.actor, input.pseudonym);
  const grants = await scope.ledger.grants.list([input.pseudonym], input);
  return ledTo(
    grants,
    (grant) => counted(scope, grant),
    ({ pseudonym }) => pseudonym === input.pseudonym,
  );
}

async function counted({ ledger }: ReadScope, grant: Grant): Promise<CountedGrant> {
  return isCounted(grant) ? withUses(grant, await ledger.grantUses.find(...keyOfGrant(grant))) : grant;
}
