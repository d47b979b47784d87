import {
  assertNoWallet,
  assertOwnId,
  confirmDelegation,
  delegationIdOf,
  type Input,
  type Output,
  proposeDelegation,
  referenceTo,
  type transactions,
} from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { assertOfHospital, madeBefore, ownActivePseudonym } from '../standing';

type Propose = typeof transactions.ProposeDelegation;
type Confirm = typeof transactions.ConfirmDelegation;

/** A registrar proposes that a parent act for a minor of the own hospital, or whom a court has named for anybody; nobody acts by it yet. */
export async function ProposeDelegation(scope: WriteScope, input: Input<Propose>): Promise<Output<Propose>> {
  const { pseudonym, delegationId, nonce, nextKeyHash, evidence, basis = 'parent' } = input;
  assertOwnId(delegationId, delegationIdOf({ pseudonym, firstKeyHash: nextKeyHash, nonce }));
  const [existing, entry] = await Promise.all([
    scope.ledger.delegations.find(pseudonym, delegationId),
    ownActivePseudonym(scope, pseudonym),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return { pseudonym, delegationId, state: repeated.state };
  }
  if (basis === 'parent') assertNoWallet(entry);
  const delegation = proposeDelegation(input, { basis, evidence }, scope.now, originOf(scope));
  await scope.ledger.delegations.insert(delegation);
  recordEvent(scope, { name: 'DelegationProposed', pseudonym, delegationId });
  return { pseudonym, delegationId, state: delegation.state };
}

/** Another registrar confirms it, a court's one of another hospital. A child who has taken the pseudonym over meanwhile is asked by nobody but themselves. */
export async function ConfirmDelegation(scope: WriteScope, input: Input<Confirm>): Promise<Output<Confirm>> {
  const { pseudonym, delegationId, basis = 'parent' } = input;
  const delegation = await scope.ledger.delegations.get(pseudonym, delegationId);
  if (delegation.basis === 'court') await assertOfHospital(scope);
  else assertNoWallet(await ownActivePseudonym(scope, pseudonym));
  const confirmed = confirmDelegation(delegation, referenceTo(scope.actor), { ...input, basis }, scope.now);
  await scope.ledger.delegations.replace(confirmed);
  recordEvent(scope, { name: 'DelegationConfirmed', pseudonym, delegationId });
  return { pseudonym, delegationId, state: confirmed.state };
}
