import { polynomialFrom } from '@lianyi/domain/oblivious';
import { type Attack, type AttackOutcome } from '../attack';
import { FunctionKeyInMemory, sharedKeyId } from '../function-key-in-memory';
import { hospitals } from '../registrar-in-memory';
import { refusedWith } from '../staff';

const [A, B, C] = hospitals;

/** Hospitals B and C write a deal in A's name, right in all of its parts, whose polynomial they know, and deal themselves: the whole key is theirs. */
async function run(): Promise<AttackOutcome> {
  const world = new FunctionKeyInMemory();
  await world.writeDeal(A, polynomialFrom(new Uint8Array(32).fill(101), 2));
  for (const mspId of [B, C]) await world.node(mspId).takePart(sharedKeyId);
  const refused = await refusedWith(world.node(A).takePart(sharedKeyId));
  const isAccepted = world.key().accepted.includes(A);
  return {
    succeeded: isAccepted,
    seen: isAccepted ? 'A has accepted a key that B and C know whole' : `A takes no part: ${refused ?? 'nothing'}`,
  };
}

export const dealOfOthers: Attack = {
  id: 'F1',
  title: 'two hospitals deal shares of a function key in the name of the third one, which accepts them',
  defences: [
    {
      file: 'application/member-node/src/matching/function-shares.ts',
      name: 'FunctionShares.#assertOwnDeal',
      body: 'return Promise.resolve(void [key, deals]);',
    },
  ],
  networks: ['embedded'],
  run,
};
