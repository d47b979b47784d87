import { type Delegation, DomainError, endDelegation, type Input, type Output, speaksFor, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';
import { ownPseudonym } from '../standing';

type End = typeof transactions.EndDelegation;

/** Either side ends a delegation; whoever acts for the patient, their own and no other. */
export async function EndDelegation(scope: WriteScope, { pseudonym, delegationId }: Input<End>): Promise<Output<End>> {
  const delegation = await scope.ledger.delegations.get(pseudonym, delegationId);
  await assertMayEnd(scope, delegation);
  const ended = endDelegation(delegation, scope.now);
  await scope.ledger.delegations.replace(ended);
  recordEvent(scope, { name: 'DelegationEnded', pseudonym, delegationId });
  return { pseudonym, delegationId, state: ended.state };
}

/** @throws {@link DomainError} `NOT_PERMITTED` — whom the patient has chosen, only the patient dismisses; another delegate; another hospital */
async function assertMayEnd(scope: WriteScope, { pseudonym, delegationId, basis }: Delegation): Promise<void> {
  const { actor } = scope;
  if (actor.kind === 'staff') {
    await ownPseudonym(scope, pseudonym);
    if (basis !== 'proxy') return;
  } else if (
    speaksFor(actor, pseudonym) &&
    (actor.kind === 'patient' || (actor.kind === 'delegate' && actor.delegationId === delegationId))
  )
    return;
  throw new DomainError('NOT_PERMITTED', 'neither side of this delegation');
}
