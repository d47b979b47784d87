import { DomainError } from '@lianyi/domain';
import fc from 'fast-check';
import { combineShares, splitSeed } from './guardian-shares';

const seed = Uint8Array.from({ length: 32 }, (_none, index) => index * 7);
const refusal = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'combined',
    (error: unknown) => (error instanceof DomainError && error.code === 'SHARES_INVALID' ? error.details : error),
  );

describe('shares of a seed', () => {
  it('bring it back, any as many as it takes, in any order', async () => {
    const shares = await splitSeed(seed, 5, 3);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...shares], { minLength: 3 }), async (some) => {
        expect(await combineShares(some)).toEqual(seed);
      }),
      { numRuns: 30 },
    );
  });
  it('are refused if they are fewer, though one is there twice', async () => {
    const [one = '', two = ''] = await splitSeed(seed, 3, 3);
    expect(await refusal(combineShares([one, two]))).toEqual({ obstacle: 'count', needed: 3, given: 2 });
    expect(await refusal(combineShares([one, two, two]))).toEqual({ obstacle: 'count', needed: 3, given: 2 });
  });
  it('are refused if they are of two splits', async () => {
    const [one = ''] = await splitSeed(seed, 2, 2);
    const [, other = ''] = await splitSeed(seed, 2, 2);
    expect(await refusal(combineShares([one, other]))).toEqual({ obstacle: 'check' });
  });
  it('are refused if fewer than it takes claim to be enough', async () => {
    const shares = await splitSeed(seed, 4, 3);
    const lying = shares.slice(0, 2).map((share) => share.replace('"threshold":3', '"threshold":2'));
    expect(await refusal(combineShares(lying))).toEqual({ obstacle: 'check' });
  });
  it.each<readonly [string, (share: string) => string]>([
    ['states that it takes 255', (share) => share.replace('"threshold":2', '"threshold":255')],
    ['is another one', (share) => share.replace(/"share":"./, (start) => (start.endsWith('A') ? '"share":"B' : '"share":"A'))],
    ['is shorter', (share) => share.replace(/"share":"..../, '"share":"')],
  ])('bring it back although one of them %s', async (_what, bent) => {
    const [one = '', two = '', three = ''] = await splitSeed(seed, 3, 2);
    for (const shares of [
      [bent(one), two, three],
      [one, bent(two), three],
      [one, two, bent(three)],
    ])
      expect(await combineShares(shares)).toEqual(seed);
  });
  it('bring nothing back, in bounded time, if most of very many are wrong', async () => {
    const others = await Promise.all(Array.from({ length: 40 }, () => splitSeed(seed, 20, 20)));
    const mixed = others.map(([share = '']) => share);
    expect(await refusal(combineShares(mixed))).toEqual({ obstacle: 'check' });
  });
  it.each([
    '',
    'null',
    '{}',
    '[]',
    '{"t":"lianyi/guardian-share/v1","threshold":1,"share":"AAAA"}',
    '{"t":"other","threshold":2,"share":"AAAA"}',
  ])('are refused if one of them is %s, and the place is named', async (text) => {
    const [one = ''] = await splitSeed(seed, 2, 2);
    expect(await refusal(combineShares([one, text]))).toEqual({ obstacle: 'form', share: 2 });
  });
  it('are refused with any character changed, or cut off anywhere', async () => {
    const [one = '', other = ''] = await splitSeed(seed, 2, 2);
    for (let at = 0; at < one.length; at += 1) {
      const changed = `${one.slice(0, at)}${one[at] === 'A' ? 'B' : 'A'}${one.slice(at + 1)}`;
      expect(await refusal(combineShares([changed, other]))).not.toBe('combined');
      expect(await refusal(combineShares([one.slice(0, at), other]))).toMatchObject({ obstacle: 'form' });
    }
  });
  it('say nothing alone: of two seeds, each share of one may as well be of the other', async () => {
    const counts = [0, 0];
    for (let round = 0; round < 64; round += 1) {
      const [share = ''] = await splitSeed(seed, 2, 2);
      const { share: text } = JSON.parse(share) as { share: string };
      counts[(Buffer.from(text, 'base64url')[0] ?? 0) & 1] = (counts[(Buffer.from(text, 'base64url')[0] ?? 0) & 1] ?? 0) + 1;
    }
    // the first byte of the seed is 0, that of a share is any
    expect(Math.min(...counts)).toBeGreaterThan(8);
  });
  it.each([
    [3, 1],
    [2, 3],
    [3, 0],
  ])('are not made %d of which %d are enough', async (shares, threshold) => {
    await expect(splitSeed(seed, shares, threshold)).rejects.toMatchObject({ code: 'GUARDIAN_THRESHOLD' });
  });
});
