import { assertOwnId, functionKeyIdOf, type Input, type Output, type transactions } from '@lianyi/domain';
import { openFunctionKey } from '@lianyi/domain/deciding';
import { recordEventUnaudited } from '../record-event';
import { mspOf, originOf, type WriteScope } from '../scope';
import { assertActiveMember, madeBefore } from '../standing';

type Open = typeof transactions.OpenFunctionKey;

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
