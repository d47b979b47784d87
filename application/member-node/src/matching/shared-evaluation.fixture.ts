import { blindInput, finishEvaluation } from '@lianyi/domain/oblivious';
import { placeOfHolder } from '@lianyi/client/matching';
import { type MspId } from '@lianyi/domain';
import { type MatchingWorld } from './matching-world.fixture';

/** What the nodes of some hospitals make of one input together. */
export async function evaluateTogether(world: MatchingWorld, mspIds: readonly MspId[]): Promise<Uint8Array> {
  const input = new TextEncoder().encode('input');
  const blinded = blindInput(input);
  const dealt = { key: world.key, deals: world.dealsInOrder };
  const parts = await Promise.all(
    mspIds.map(async (mspId) => {
      const part = await world.node(mspId).partOf(dealt, [blinded.blinded]);
      return { place: placeOfHolder(world.key, mspId), evaluated: part.evaluated[0] ?? blinded.blinded };
    }),
  );
  return finishEvaluation(input, blinded, parts);
}
