import { assertOwnId, functionKeyIdOf, type Input, type Output, resharedKeyIdOf, type transactions } from '@lianyi/domain';
import { openFunctionKey, reshareFunctionKey } from '@lianyi/domain/deciding';
import { recordEventUnaudited } from '../record-event';
import { mspOf, originOf, type WriteScope } from '../scope';
import { assertActiveMember, madeBefore } from '../standing';

type Open = typeof transactions.OpenFunctionKey;
type Reshare = typeof transactions.ReshareFunctionKey;

/** Opens a key that nobody has yet; each holder deals when its own people have agreed. */
export async function OpenFunctionKey(scope: WriteScope, input: Input<Open>): Promise<Output<Open>> {
  const mspId = mspOf(scope.actor);
  const { keyId, nonce, holders, threshold } = input;
  assertOwnId(keyId, functionKeyIdOf({ mspId, nonce }));
  const repeated = madeBefore(scope, await scope.ledger.functionKeys.find(keyId));
  if (repeated !== undefined) return { keyId, state: repeated.state };
  await Promise.all(holders.map((holder) => assertActiveMember(scope, holder)));
  const key = openFunctionKey({ keyId, mspId, holders, threshold }, scope.now, originOf(scope));
  await scope.ledger.functionKeys.insert(key);
  recordEventUnaudited(scope, { name: 'FunctionKeyOpened', keyId, mspId });
  return { keyId, state: key.state };
}

/** Opens a key whose shares are dealt anew; each who deals, and each who is to hold one, takes part when its own people have agreed. */
export async function ReshareFunctionKey(scope: WriteScope, input: Input<Reshare>): Promise<Output<Reshare>> {
  const mspId = mspOf(scope.actor);
  const { keyId, nonce, formerKeyId, dealers, holders, threshold } = input;
  assertOwnId(keyId, resharedKeyIdOf({ mspId, nonce, formerKeyId, dealers, holders, threshold }));
  const { functionKeys } = scope.ledger;
  const repeated = madeBefore(scope, await functionKeys.find(keyId));
  if (repeated !== undefined) return { keyId, state: repeated.state };
  await Promise.all(holders.map((holder) => assertActiveMember(scope, holder)));
  const former = await functionKeys.get(formerKeyId);
  const key = reshareFunctionKey(former, { keyId, mspId, holders, threshold, dealers, nonce }, scope.now, originOf(scope));
  await functionKeys.insert(key);
  recordEventUnaudited(scope, { name: 'FunctionKeyReshared', keyId, mspId, formerKeyId });
  return { keyId, state: key.state };
}
