import { polynomialFrom, shareFor } from '@lianyi/domain/oblivious';
import { type Attack, type AttackOutcome } from '../attack';
import { FunctionKeyInMemory, sharedKeyId } from '../function-key-in-memory';
import { hospitals } from '../registrar-in-memory';

const [A, B, C] = hospitals;

/** B gives A a share of another polynomial than it has committed to: A could never answer, and B and C would hold the key alone. */
async function run(): Promise<AttackOutcome> {
  const world = new FunctionKeyInMemory();
  for (const mspId of [A, C]) await world.node(mspId).takePart(sharedKeyId);
  const [shown, hidden] = [31, 32].map((seed) => polynomialFrom(new Uint8Array(32).fill(seed), 2));
  if (shown === undefined || hidden === undefined) throw new Error('there are two');
  await world.writeDeal(B, shown, new Map([[A, shareFor(hidden, 1)]]));
  const { done } = await world.node(A).takePart(sharedKeyId);
  const { state, complaint } = world.key();
  return {
    succeeded: done === 'accepted',
    seen: `A has ${done}; the key is ${state}${complaint === undefined ? '' : `, by ${complaint.dealer}`}`,
  };
}

export const shareThatFitsNothing: Attack = {
  id: 'F2',
  title: 'a hospital deals another one a share that fits no commitment, and the key comes into use without it',
  defences: [
    {
      file: 'application/member-node/src/matching/function-shares.ts',
      name: 'FunctionShares.#isRight',
      body: 'return Promise.resolve(true);',
    },
  ],
  networks: ['embedded'],
  run,
};
