import { appointProxy, assertOwnId, delegationIdOf, DomainError, type Input, type Output, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asPatient } from '../standing';

type Appoint = typeof transactions.AppointDelegate;

/** The patient appoints a proxy; nobody who acts for a patient appoints anybody. */
export async function AppointDelegate(scope: WriteScope, input: Input<Appoint>): Promise<Output<Appoint>> {
  const { pseudonym, delegationId, nonce, nextKeyHash } = input;
  asPatient(scope.actor, pseudonym);
  assertOwnId(delegationId, delegationIdOf({ pseudonym, firstKeyHash: nextKeyHash, nonce }));
  // one first key, one delegation: a wallet that comes back has made a new one
  if ((await scope.ledger.delegations.find(pseudonym, delegationId)) !== undefined) throw new DomainError('ALREADY_EXISTS');
  const delegation = appointProxy(input, scope.now, originOf(scope));
  await scope.ledger.delegations.insert(delegation);
  recordEvent(scope, { name: 'DelegateAppointed', pseudonym, delegationId });
  return { pseudonym, delegationId, state: delegation.state };
}
