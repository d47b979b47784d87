import {
  assertNoWallet,
  assertOwnId,
  confirmDelegation,
  delegationIdOf,
  type Input,
  type Output,
  proposeParent,
  referenceTo,
  type transactions,
} from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { madeBefore, ownActivePseudonym } from '../standing';

type Propose = typeof transactions.ProposeDelegation;
type Confirm = typeof transactions.ConfirmDelegation;

/** A registrar proposes that a parent act for a minor of the own hospital; nobody acts by it yet. */
export async function ProposeDelegation(scope: WriteScope, input: Input<Propose>): Promise<Output<Propose>> {
  const { pseudonym, delegationId, nonce, nextKeyHash, evidence } = input;
  assertOwnId(delegationId, delegationIdOf({ pseudonym, firstKeyHash: nextKeyHash, nonce }));
  const [existing, entry] = await Promise.all([
    scope.ledger.delegations.find(pseudonym, delegationId),
    ownActivePseudonym(scope, pseudonym),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return { pseudonym, delegationId, state: repeated.state };
  }
  assertNoWallet(entry);
  const delegation = proposeParent(input, evidence, scope.now, originOf(scope));
  await scope.ledger.delegations.insert(delegation);
  recordEvent(scope, { name: 'DelegationProposed', pseudonym, delegationId });
  return { pseudonym, delegationId, state: delegation.state };
}

/** Another registrar confirms it. A patient who has taken the pseudonym over meanwhile is asked by nobody but themselves. */
export async function ConfirmDelegation(scope: WriteScope, input: Input<Confirm>): Promise<Output<Confirm>> {
  const { pseudonym, delegationId, evidence } = input;
  const [delegation, entry] = await Promise.all([
    scope.ledger.delegations.get(pseudonym, delegationId),
    ownActivePseudonym(scope, pseudonym),
  ]);
  assertNoWallet(entry);
  const confirmed = confirmDelegation(delegation, referenceTo(scope.actor), evidence, scope.now);
  await scope.ledger.delegations.replace(confirmed);
  recordEvent(scope, { name: 'DelegationConfirmed', pseudonym, delegationId });
  return { pseudonym, delegationId, state: confirmed.state };
}
