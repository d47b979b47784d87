import { type Attack } from '../attack';
import { play } from '../plays';

/**
 * Row A8: an evaluation leaves no trace, so whatever the chaincode answers may be had in silence. Everything in the catalogue is called so, as each role and each
 * kind of caller; a new transaction is called by its own fixture. Texts of private values are looked for in each answer and refusal. Who is told those of their own
 * hospital, the play names: another transaction that tells any makes it succeed.
 */
export const askedByEvaluate: Attack = {
  id: 'A8',
  title: 'somebody evaluates what is to be submitted, and is told secrets without a trace',
  defences: [{ file: 'domain/src/catalogue/authorise.ts', name: 'assertMayCall', body: '' }],
  networks: ['embedded'],
  run: () => play('chaincode', 'askedByEvaluate'),
};
