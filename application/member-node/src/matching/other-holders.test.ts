import { DomainError, type EvaluatedPart, evaluationIdSchema, type GroupElement, type MspId } from '@lianyi/domain';
import { hashOfDealtKey } from '@lianyi/domain/deciding';
import { blindInput } from '@lianyi/domain/oblivious';
import { A, B, C, MatchingWorld } from './matching-world.fixture';
import { OtherHolders } from './other-holders';

const evaluationId = evaluationIdSchema.parse('e-1');

/** The node of A, whose own answer may be bent, and the nodes of the others. */
async function holdersOfA(own: (right: () => Promise<EvaluatedPart>) => Promise<EvaluatedPart>) {
  const world = new MatchingWorld();
  await world.ready();
  const blinded: GroupElement[] = [blindInput(new Uint8Array([1])).blinded];
  const dealt = { key: world.key, deals: world.dealsInOrder };
  const partOf = (mspId: MspId): Promise<EvaluatedPart> => world.node(mspId).partOf(dealt, blinded);
  const asked: MspId[] = [];
  return {
    asked,
    dealt,
    partOf,
    holders: new OtherHolders({
      mspId: A,
      directory: { endpoints: (mspId: MspId) => Promise.resolve([{ kind: 'keys', mspId }] as never) }, // what finds the node
      memberKeys: {
        ask: (async ({ mspId }: { mspId: MspId }) => {
          asked.push(mspId);
          return partOf(mspId);
        }) as never, // the one operation of this test
      },
      ownAnswer: async () => ({ dealt, blinded, part: await own(() => partOf(A)) }),
    }),
  };
}

describe('a node that collects an evaluation', () => {
  it('has its own part, and others’ until they are enough', async () => {
    const { holders, dealt } = await holdersOfA((right) => right());
    const { answers, dealtKeySha256 } = await holders.collect(evaluationId);
    expect(answers).toHaveLength(2);
    expect(answers[0]?.mspId).toBe(A);
    expect(dealtKeySha256).toBe(hashOfDealtKey(dealt));
  });

  it.each(['SHARE_WRONG', 'ILLEGAL_STATE', 'NOT_PERMITTED', 'LIMIT_REACHED'] as const)(
    'asks nobody for a key that it takes no part in itself (%s), though the others are enough',
    async (code) => {
      const { holders, asked } = await holdersOfA(() => Promise.reject(new DomainError(code)));
      await expect(holders.collect(evaluationId)).rejects.toMatchObject({ code });
      expect(asked).toEqual([]);
    },
  );

  it.each([B, C])('asks nobody where its own part is not its share’s but that of %s', async (mspId) => {
    const made = await holdersOfA((right) => right());
    const { holders, asked } = await holdersOfA(() => made.partOf(mspId));
    await expect(holders.collect(evaluationId)).rejects.toMatchObject({ code: 'SHARE_WRONG', details: { mspId: A } });
    expect(asked).toEqual([]);
  });
});
