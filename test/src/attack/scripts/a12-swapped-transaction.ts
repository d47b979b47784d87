import { type Attack } from '../attack';
import { play } from '../plays';

/**
 * Row A12: the gateway peer of a client hands back another transaction to sign than the client has proposed, in each way in which one can be swapped. A transaction that
 * the client signs is the client’s word.
 */
export const swappedTransaction: Attack = {
  id: 'A12',
  title: 'a gateway peer swaps the prepared transaction, and its client signs it',
  defences: [{ file: 'application/ledger-client/src/gateway/prepared-transaction.ts', name: 'verifyPreparedTransaction', body: '' }],
  networks: ['embedded'],
  run: () => play('gateway', 'swappedTransaction'),
};
