import { functionKeyIdSchema, functionKeySchema, type MspId } from '@lianyi/domain';
import { hashOfDeals } from '@lianyi/domain/deciding';
import { blindInput, commitmentsOf, polynomialFrom, publicKeyOfFunction } from '@lianyi/domain/oblivious';
import { A, B, C, keyId as first } from './matching-world.fixture';
import { D, ResharingWorld } from './resharing-world.fixture';

/** A key in use. */
async function inUse(): Promise<ResharingWorld> {
  const world = new ResharingWorld();
  await world.ready();
  return world;
}
const publicKey = (world: ResharingWorld, keyId: typeof first, dealers: readonly MspId[]): string | undefined =>
  publicKeyOfFunction(dealers.map((mspId) => world.dealOf(keyId, mspId).commitments));

describe('a key whose shares are dealt anew', () => {
  it.each<[string, MspId[], MspId[], number, MspId[]]>([
    ['another hospital joins', [A, B], [A, B, C, D], 3, [D, A, C]],
    ['one leaves', [A, B], [A, B], 2, [B, A]],
    ['one takes another’s place', [B, C], [D, B, C], 2, [C, D]],
    ['all stay', [C, A], [A, B, C], 2, [B, C]],
    ['the places change', [A, C], [C, B, A], 2, [A, B]],
    ['others hold it than have dealt it', [A, B], [C, D], 2, [C, D]],
  ])('is the same key, where %s', async (_what, dealers, holders, threshold, answering) => {
    const world = await inUse();
    const before = await world.evaluate(first, [A, C]);
    const keyId = world.reshare(dealers, holders, threshold);
    await world.ready(keyId);
    expect(world.key(keyId).state).toBe('ready');
    expect(await world.evaluate(keyId, answering)).toBe(before);
    expect(publicKey(world, keyId, dealers)).toBe(publicKey(world, first, [A, B, C]));
  });

  it('is answered with by nobody under the former one, and the former shares fit none of the new', async () => {
    const world = await inUse();
    const before = await world.evaluate(first, [A, B]);
    const keyId = world.reshare([A, B], [A, B, D]);
    await world.ready(keyId);
    expect(world.key().state).toBe('superseded');
    const { key, deals } = await world.node(C).dealtKey(first);
    await expect(world.node(C).partOf({ key, deals }, [])).rejects.toMatchObject({ code: 'ILLEGAL_STATE' });
    // as many as it takes, some of them from before: C has left with its share
    expect(await world.evaluate(keyId, [A, C], [keyId, first])).not.toBe(before);
    expect(await world.evaluate(keyId, [D, B], [keyId, first])).not.toBe(before);
  });

  it('is dealt anew again and again', async () => {
    const world = await inUse();
    const before = await world.evaluate(first, [A, B]);
    const second = world.reshare([A, B], [A, C, D]);
    await world.ready(second);
    const third = world.reshare([D, C], [D, A], 2, second);
    await world.ready(third);
    expect(await world.evaluate(third, [A, D])).toBe(before);
    expect([world.key().state, world.key(second).state, world.key(third).state]).toEqual(['superseded', 'superseded', 'ready']);
  });

  it('stays in use as it was until the last new holder has accepted', async () => {
    const world = await inUse();
    const keyId = world.reshare([A, B], [A, B, D]);
    for (const mspId of [A, B, A, B]) await world.node(mspId).takePart(keyId);
    expect([world.key().state, world.key(keyId).state]).toEqual(['ready', 'accepting']);
    expect(await world.node(C).dealtKey(first)).toMatchObject({ key: { state: 'ready' } });
    await world.node(D).takePart(keyId);
    expect([world.key().state, world.key(keyId).state]).toEqual(['superseded', 'ready']);
  });

  it('fails where a dealer has hidden something else than its share, which every holder sees, and the former one stays in use', async () => {
    const world = await inUse();
    const keyId = world.reshare([A, B], [A, C, D]);
    for (const mspId of [A, B]) await world.node(mspId).takePart(keyId);
    world.change(keyId, B, (deal) => ({ ...deal, commitments: [...commitmentsOf(polynomialFrom(new Uint8Array(32).fill(5), 2))] }));
    expect(await world.node(D).takePart(keyId)).toMatchObject({ done: 'complained', dealerMspId: B, state: 'failed' });
    expect(world.key().state).toBe('ready');
  });

  it('is not answered by a holder who has not accepted it, though the state says that it is ready', async () => {
    const world = await inUse();
    const keyId = world.reshare([A, B], [A, B, C]);
    for (const mspId of [A, B]) await world.node(mspId).takePart(keyId);
    await expect(world.evaluate(keyId, [C, A])).rejects.toMatchObject({ code: 'SHARE_WRONG', details: { keyId, mspId: C } });
  });

  it('is answered by nobody where deals stand that nobody has signed, of it or of the former one', async () => {
    const world = await inUse();
    const keyId = world.reshare([A, B], [A, B, C]);
    await world.ready(keyId);
    world.words.nobodySaysMore();
    const forged = [...commitmentsOf(polynomialFrom(new Uint8Array(32).fill(5), 2))];
    world.change(first, B, (deal) => ({ ...deal, commitments: forged }));
    await expect(world.evaluate(keyId, [C, A])).rejects.toMatchObject({ code: 'SHARE_WRONG', details: { keyId: first, mspId: B } });
    world.change(keyId, B, (deal) => ({ ...deal, commitments: forged }));
    await expect(world.evaluate(keyId, [C, A])).rejects.toMatchObject({ code: 'SHARE_WRONG', details: { keyId, mspId: B } });
  });

  it.each<[string, object]>([
    ['fewer are enough', { threshold: 2 }],
    ['more are needed', { threshold: 4 }],
    ['one holds no share any more', { holders: [A, B, C] }],
    ['the last two have changed places', { holders: [A, B, D, C] }],
    ['another one has opened it', { mspId: D }],
    ['others have dealt it anew', { reshares: { keyId: first, dealers: [B, A], nonce: 'A'.repeat(22) } }],
  ])('is answered no more by a node that has answered before, where the state says that %s', async (_what, changes) => {
    const world = await inUse();
    const keyId = world.reshare([A, B], [A, B, C, D], 3);
    await world.ready(keyId);
    world.words.nobodySaysMore();
    const node = world.node(A);
    const { key, deals } = await node.dealtKey(keyId);
    const asked = [blindInput(new Uint8Array(8)).blinded];
    expect((await node.partOf({ key, deals }, asked)).evaluated).toHaveLength(1);
    const written = functionKeySchema.parse({ ...key, ...changes });
    await expect(node.partOf({ key: written, deals }, asked)).rejects.toMatchObject({ code: 'SHARE_WRONG' });
    expect((await node.partOf({ key, deals }, asked)).evaluated).toHaveLength(1);
  });

  it('is neither dealt nor accepted where nobody has opened it, or its opener for others', async () => {
    const world = await inUse();
    world.words.nobodySaysMore();
    const keyId = world.reshare([A, B], [A, B, C]);
    await expect(world.node(A).takePart(keyId)).rejects.toMatchObject({ code: 'SHARE_WRONG', details: { keyId, mspId: A } });
  });

  it('is not accepted by a holder of another key: it must be the one that this hospital has shares of', async () => {
    const world = await inUse();
    const others = functionKeyIdSchema.parse('f-others');
    const { key } = await world.node(A).dealtKey(first);
    world.keys.set(others, { ...key, keyId: others, holders: [A, D], state: 'dealing', dealt: [], accepted: [] });
    await world.ready(others);
    const keyId = world.reshare([A, D], [A, C, D], 2, others);
    for (const mspId of [A, D]) await world.node(mspId).takePart(keyId);
    expect(await world.node(D).takePart(keyId)).toMatchObject({ done: 'accepted' });
    await expect(world.node(C).takePart(keyId)).rejects.toMatchObject({ code: 'SHARE_WRONG', details: { keyId } });
  });

  it('is accepted though a key was accepted, by an earlier build, of which not all have dealt', async () => {
    const world = await inUse();
    const others = functionKeyIdSchema.parse('f-others');
    const { key } = await world.node(A).dealtKey(first);
    world.keys.set(others, { ...key, keyId: others, state: 'dealing', dealt: [], accepted: [] });
    for (const mspId of [A, B]) await world.node(mspId).takePart(others);
    for (const mspId of [A, B, C]) world.words.accepted(others, mspId, hashOfDeals([world.dealOf(others, A), world.dealOf(others, B)]));
    const keyId = world.reshare([A, B], [A, C, D]);
    await world.ready(keyId);
    expect(world.key(keyId).state).toBe('ready');
    expect(await world.evaluate(keyId, [A, D])).toBe(await world.evaluate(keyId, [C, D]));
  });

  it('is neither accepted nor complained of before all have dealt who are to, though the state says that it is time to', async () => {
    const world = await inUse();
    const keyId = world.reshare([A, B], [A, B, D]);
    await world.node(A).takePart(keyId);
    world.keys.set(keyId, { ...world.key(keyId), state: 'accepting' });
    for (const mspId of [A, D])
      await expect(world.node(mspId).takePart(keyId)).rejects.toMatchObject({ code: 'SHARE_WRONG', details: { keyId, mspId: B } });
    expect(world.key(keyId)).toMatchObject({ state: 'accepting', accepted: [] });
  });

  it('has no part for who only held a share before', async () => {
    const world = await inUse();
    const keyId = world.reshare([A, B], [A, B, D]);
    await expect(world.node(C).takePart(keyId)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
  });

  it.each<[string, Partial<ReturnType<ResharingWorld['key']>>]>([
    ['other holders', { holders: [A, C, D] }],
    ['fewer that are enough', { threshold: 3 }],
    ['somebody else who opened it', { mspId: D }],
  ])('is dealt for nothing but what its id says: %s were written by a majority', async (_what, changes) => {
    const world = await inUse();
    const keyId = world.reshare([A, B], [A, B, C]);
    world.keys.set(keyId, { ...world.key(keyId), ...changes });
    await expect(world.node(B).takePart(keyId)).rejects.toMatchObject({ code: 'SHARE_WRONG' });
  });
});
