import { type FunctionKeyId, type Input, type Output, type transactions } from '@lianyi/domain';
import { supersedeFunctionKey, withAcceptance, withComplaint, withDeal } from '@lianyi/domain/deciding';
import { recordEventUnaudited } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';
import { dealsOf } from './deals-of';

type Deal = typeof transactions.DealFunctionShares;
type Accept = typeof transactions.AcceptFunctionShares;
type Complain = typeof transactions.ComplainOfShare;

/** A holder deals once. What it dealt is checked by the holders' nodes: an endorser could open no share. */
export async function DealFunctionShares(scope: WriteScope, input: Input<Deal>): Promise<Output<Deal>> {
  const { mspId } = asStaff(scope.actor);
  const { keyId, ...dealt } = input;
  const { functionKeys, functionDeals } = scope.ledger;
  const [before, existing] = await Promise.all([functionKeys.get(keyId), functionDeals.find(keyId, mspId)]);
  if (madeBefore(scope, existing) !== undefined) return { keyId, state: before.state };
  const key = withDeal(before, { mspId, ...dealt }, scope.now);
  await functionDeals.insert({ schemaVersion: 1, keyId, mspId, ...dealt, at: scope.now, origin: originOf(scope) });
  await functionKeys.replace(key);
  recordEventUnaudited(scope, { name: 'FunctionSharesIssued', keyId, mspId });
  return { keyId, state: key.state };
}

/** A holder has checked what was dealt; it names all of it, so that all have checked the same. */
export async function AcceptFunctionShares(scope: WriteScope, { keyId, dealsSha256 }: Input<Accept>): Promise<Output<Accept>> {
  const { mspId } = asStaff(scope.actor);
  const before = await scope.ledger.functionKeys.get(keyId);
  const key = withAcceptance(before, { mspId, dealsSha256 }, await dealsOf(scope, before), scope.now);
  if (key === before) return { keyId, state: key.state };
  await scope.ledger.functionKeys.replace(key);
  recordEventUnaudited(scope, { name: 'FunctionSharesAccepted', keyId, mspId });
  if (key.state === 'ready' && key.reshares !== undefined) await supersede(scope, key.reshares.keyId);
  return { keyId, state: key.state };
}

/** From now on nobody answers with the shares that were dealt before. */
async function supersede(scope: WriteScope, keyId: FunctionKeyId): Promise<void> {
  const former = supersedeFunctionKey(await scope.ledger.functionKeys.get(keyId), scope.now);
  await scope.ledger.functionKeys.replace(former);
  recordEventUnaudited(scope, { name: 'FunctionKeySuperseded', keyId, mspId: former.mspId });
}

/** A holder was dealt something wrong: the key is never used. */
export async function ComplainOfShare(scope: WriteScope, { keyId, dealerMspId }: Input<Complain>): Promise<Output<Complain>> {
  const { mspId } = asStaff(scope.actor);
  const key = withComplaint(await scope.ledger.functionKeys.get(keyId), mspId, dealerMspId, scope.now);
  await scope.ledger.functionKeys.replace(key);
  recordEventUnaudited(scope, { name: 'FunctionShareRefused', keyId, mspId, dealerMspId });
  return { keyId, state: key.state };
}
