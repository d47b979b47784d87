import { evaluateTogether } from './shared-evaluation.fixture';
import { newPrivateKey } from '@lianyi/client';
import { commitmentsOf, polynomialFrom } from '@lianyi/domain/oblivious';
import { functionKeyIdSchema, functionKeySchema, groupElementSchema, type MspId, mspIdSchema } from '@lianyi/domain';
import { A, B, C, hospitals, keyId, MatchingWorld } from './matching-world.fixture';

describe('a node that takes part in a key', () => {
  it('deals once and accepts once, whatever it is asked, and others’ nodes come to one function', async () => {
    const world = new MatchingWorld();
    const rounds = [];
    for (let round = 0; round < 3; round += 1) for (const mspId of hospitals) rounds.push((await world.node(mspId).takePart(keyId)).done);
    expect(rounds).toEqual([...Array<string>(3).fill('dealt'), ...Array<string>(3).fill('accepted'), ...Array<string>(3).fill('nothing')]);
    expect(world.key.state).toBe('ready');
    expect(await evaluateTogether(world, [A, B])).toEqual(await evaluateTogether(world, [C, B]));
  });

  it('waits while others have not dealt', async () => {
    const world = new MatchingWorld();
    expect(await world.node(B).takePart(keyId)).toEqual({ keyId, state: 'dealing', done: 'dealt' });
    expect(await world.node(B).takePart(keyId)).toEqual({ keyId, state: 'dealing', done: 'nothing' });
    expect(world.submitted).toEqual([`${B} DealFunctionShares`]);
  });

  it.each<[string, (world: MatchingWorld) => void]>([
    [
      'a share that is another holder’s',
      (world) => {
        swapShares(world, B, A, C);
      },
    ],
    [
      'a byte of the sealed share changed',
      (world) => {
        change(world, B, ({ shares, ...deal }) => ({
          ...deal,
          shares: shares.map((share) => ({ ...share, sealed: flipped(share.sealed) })),
        }));
      },
    ],
    [
      'commitments that are another polynomial’s',
      (world) => {
        change(world, B, (deal) => ({ ...deal, commitments: [...commitmentsOf(polynomialFrom(new Uint8Array(32).fill(9), 2))] }));
      },
    ],
    [
      'a commitment that is no element',
      (world) => {
        change(world, B, ({ commitments, ...deal }) => ({ ...deal, commitments: [commitments[0] ?? notAnElement, notAnElement] }));
      },
    ],
    [
      'a proof of another commitment',
      (world) => {
        change(world, B, (deal) => ({ ...deal, possession: world.deals.get(C)?.possession ?? deal.possession }));
      },
    ],
  ])('complains of %s, names the dealer, and the key fails', async (_what, spoil) => {
    const world = new MatchingWorld();
    for (const mspId of hospitals) await world.node(mspId).takePart(keyId);
    spoil(world);
    expect(await world.node(A).takePart(keyId)).toEqual({ keyId, state: 'failed', done: 'complained', dealerMspId: B });
    expect(world.key.complaint).toEqual({ by: A, dealer: B });
    expect(await world.node(C).takePart(keyId)).toMatchObject({ state: 'failed', done: 'nothing' });
  });

  it.each<[string, MspId[], MspId]>([
    ['one has not dealt', [A, B], C],
    ['only it has', [A], B],
    ['nobody has', [], A],
    ['the first has not', [B, C], A],
  ])('accepts nothing where the state says that it is time to, and %s', async (_what, dealt, missing) => {
    const world = new MatchingWorld();
    for (const mspId of dealt) await world.node(mspId).takePart(keyId);
    world.key = functionKeySchema.parse({ ...world.key, state: 'accepting' });
    await expect(world.node(A).takePart(keyId)).rejects.toMatchObject({ code: 'SHARE_WRONG', details: { keyId, mspId: missing } });
    expect(world.submitted.filter((each) => !each.endsWith('DealFunctionShares'))).toEqual([]);
  });

  it('takes no part in a key with a deal in its name that it has not made', async () => {
    const world = new MatchingWorld();
    await world.node(A, newPrivateKey()).takePart(keyId);
    for (const mspId of [B, C]) await world.node(mspId).takePart(keyId);
    await expect(world.node(A).takePart(keyId)).rejects.toMatchObject({ code: 'SHARE_WRONG', details: { keyId, mspId: A } });
    expect(world.key.accepted).toEqual([]);
  });

  it.each<[string, MspId[]]>([
    ['the last first', [C, A, B]],
    ['two changed', [B, A, C]],
    ['the first last', [B, C, A]],
    ['all turned', [C, B, A]],
  ])('deals another polynomial to the same holders in other places: %s', async (_what, holders) => {
    const world = new MatchingWorld();
    await world.node(A).takePart(keyId);
    const before = world.deals.get(A)?.commitments;
    // as a majority could write it
    world.deals.clear();
    world.key = functionKeySchema.parse({ ...world.key, holders, dealt: [] });
    await world.node(A).takePart(keyId);
    const after = world.deals.get(A)?.commitments ?? [];
    expect(after).toHaveLength(2);
    expect(after.filter((commitment) => before?.includes(commitment))).toEqual([]);
  });

  it('takes no part in a key that it holds no share of, or that is not there', async () => {
    const world = new MatchingWorld();
    const stranger = mspIdSchema.parse('DeltaMSP');
    world.privateKeys.set(stranger, newPrivateKey());
    await expect(world.node(stranger).takePart(keyId)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    await expect(world.node(A).takePart(functionKeyIdSchema.parse('f-2'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(world.submitted).toEqual([]);
  });

  it('answers with no key that is not ready, and for no element that is none', async () => {
    const world = new MatchingWorld();
    for (const mspId of hospitals) await world.node(mspId).takePart(keyId);
    const asked = [commitmentsOf([5n])[0] ?? notAnElement];
    const early = { key: world.key, deals: world.dealsInOrder };
    await expect(world.node(A).partOf(early, asked)).rejects.toMatchObject({ code: 'ILLEGAL_STATE' });
    for (const mspId of hospitals) await world.node(mspId).takePart(keyId);
    const dealt = { key: world.key, deals: world.dealsInOrder };
    await expect(world.node(A).partOf(dealt, [notAnElement])).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    await expect(world.node(A, newPrivateKey()).partOf(dealt, asked)).rejects.toMatchObject({ code: 'SHARE_WRONG' });
    expect((await world.node(A).partOf(dealt, asked)).evaluated).toHaveLength(1);
  });
});

const notAnElement = groupElementSchema.parse(Buffer.alloc(32, 0xff).toString('base64url'));
type Deal = NonNullable<ReturnType<MatchingWorld['deals']['get']>>;

function change(world: MatchingWorld, dealer: typeof A, to: (deal: Deal) => Deal): void {
  const deal = world.deals.get(dealer);
  if (deal === undefined) throw new Error('no deal');
  world.deals.set(dealer, to(deal));
}

function swapShares(world: MatchingWorld, dealer: typeof A, one: typeof A, other: typeof A): void {
  change(world, dealer, ({ shares, ...deal }) => {
    const sealedOf = (mspId: typeof A): string => shares.find((share) => share.mspId === mspId)?.sealed ?? '';
    const swapped = new Map([
      [one, sealedOf(other)],
      [other, sealedOf(one)],
    ]);
    return { ...deal, shares: shares.map((share) => ({ ...share, sealed: swapped.get(share.mspId) ?? share.sealed })) };
  });
}

function flipped(sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  bytes[80] = (bytes[80] ?? 0) ^ 1;
  return bytes.toString('base64url');
}
