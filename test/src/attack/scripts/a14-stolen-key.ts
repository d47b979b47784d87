import { type Attack } from '../attack';
import { play } from '../plays';

/**
 * Row A14: whoever has copied somebody’s key says everything with it that its owner might, from another hospital’s node and after the revocation, and opens by
 * permits that the owner had; the same with a wallet’s key after the patient has rotated it. What was endorsed before a revocation and is ordered after it, A16 tries.
 */
export const stolenKeys: Attack = {
  id: 'A14',
  title: 'a stolen key goes on working after its owner’s revocation',
  defences: [{ file: 'domain/src/directory/staff.ts', name: 'assertMayAct', body: '' }],
  networks: ['embedded'],
  run: () => play('chaincode', 'stolenKeys'),
};
