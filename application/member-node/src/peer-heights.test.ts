import { type MspId, mspIdSchema } from '@lianyi/domain';
import { type AskedPeer, PeerHeights } from './peer-heights';

const [A, B, C] = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'].map((id) => mspIdSchema.parse(id)) as [MspId, MspId, MspId]; // three go in
const INTERVALS = { patienceMillis: 60, everyMillis: 1, answerMillis: 50 };

const inTurn = (wait: () => Promise<void>): Promise<void> => wait();

/** A peer with each of these heights in turn, the last for good. */
const peer = (mspId: MspId, ...heights: readonly (bigint | Error)[]): AskedPeer & { asked: number } => ({
  mspId,
  asked: 0,
  newest(): Promise<bigint> {
    const height = heights[Math.min(this.asked, heights.length - 1)] ?? 0n;
    this.asked += 1;
    return height instanceof Error ? Promise.reject(height) : Promise.resolve(height);
  },
});

describe('how far peers are', () => {
  it('is told of the own first, and of whoever is silent, why', async () => {
    const silent = Object.assign(new Error('…'), { code: 14 });
    expect(await new PeerHeights(peer(A, 12n), [peer(B, silent), peer(C, 11n)]).all()).toEqual([
      { mspId: A, newestBlock: '12' },
      { mspId: B, silent: 'UNAVAILABLE' },
      { mspId: C, newestBlock: '11' },
    ]);
  });

  it('is asked once for all who want to know at the same time', async () => {
    const own = peer(A, 12n);
    const heights = new PeerHeights(own, []);
    await Promise.all([heights.all(), heights.all(), heights.untilSeen(12n, inTurn)]);
    expect(own.asked).toBe(1);
  });

  it('is waited for, as long as somebody has seen more', async () => {
    const [own, other] = [peer(A, 10n, 11n, new Error('away'), 12n), peer(B, 99n)];
    await new PeerHeights(own, [other], { ...INTERVALS, patienceMillis: 10_000 }).untilSeen(12n, inTurn);
    expect([own.asked, other.asked]).toEqual([4, 0]);
  });

  it.each<readonly [what: string, own: AskedPeer, newestBlock: string]>([
    ['has not the block', peer(A, 11n), '11'],
    ['does not answer', peer(A, Object.assign(new Error('…'), { code: 14 })), 'UNAVAILABLE'],
  ])('ends in PEER_BEHIND where the own peer %s, whatever others have', async (_what, own, newestBlock) => {
    const heights = new PeerHeights(own, [peer(B, 99n)], INTERVALS);
    await expect(heights.untilSeen(12n, inTurn)).rejects.toMatchObject({ code: 'PEER_BEHIND', details: { seenBlock: '12', newestBlock } });
  });

  it('is waited for in the place of whoever asks, and by nobody who has none', async () => {
    const own = peer(A, 1n, 2n);
    await expect(new PeerHeights(own, []).untilSeen(2n, () => Promise.reject(new Error('no place')))).rejects.toThrow('no place');
    expect(own.asked).toBe(1);
  });

  it('is waited for by nobody who has seen what no peer has for long', async () => {
    const own = peer(A, 1n);
    const wait = jest.fn(inTurn);
    await expect(new PeerHeights(own, [], INTERVALS).untilSeen(1002n, wait)).rejects.toMatchObject({ code: 'PEER_BEHIND' });
    expect([own.asked, wait.mock.calls]).toEqual([1, []]);
    await expect(new PeerHeights(own, [], INTERVALS).untilSeen(1001n, wait)).rejects.toMatchObject({ code: 'PEER_BEHIND' });
    expect(wait.mock.calls).toHaveLength(1);
  });
});
