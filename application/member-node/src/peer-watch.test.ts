import { setTimeout } from 'node:timers/promises';
import { PeerWatch, type WatchedPeer } from './peer-watch';

const intervals = { everyMillis: 10, answerMillis: 100, behindMillis: 80 };

describe('the watch over peers', () => {
  let heights: Record<string, number>;
  let newest: Record<string, bigint | object>;
  let watch: PeerWatch | undefined;
  const peer = (mspId: string): WatchedPeer => ({
    mspId,
    newest: () => {
      const answer = newest[mspId];
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever a gRPC client may fail with
      return typeof answer === 'bigint' ? Promise.resolve(answer) : Promise.reject(answer);
    },
  });
  const start = async (): Promise<PeerWatch> => {
    watch = await PeerWatch.start([peer('AlphaMSP'), peer('BetaMSP')], { heights: () => Promise.resolve(heights) }, intervals);
    return watch;
  };
  const becomes = async (faults: readonly string[]): Promise<void> => {
    const until = Date.now() + 3_000;
    while (JSON.stringify(watch?.faults) !== JSON.stringify(faults) && Date.now() < until) await setTimeout(10);
    expect(watch?.faults).toEqual(faults);
  };

  beforeEach(() => {
    heights = { AlphaMSP: 8, BetaMSP: 8 };
    newest = { AlphaMSP: 7n, BetaMSP: 7n };
  });
  afterEach(async () => {
    await watch?.stop();
  });

  it('finds nothing wrong while peers answer and their blocks arrive', async () => {
    expect((await start()).faults).toEqual([]);
    heights = { AlphaMSP: 9, BetaMSP: 8 };
    newest = { AlphaMSP: 8n, BetaMSP: 7n };
    await setTimeout(50);
    expect(watch?.faults).toEqual([]);
  });

  it.each<readonly [string, object, string]>([
    ['a peer that is gone', { code: 14 }, 'UNAVAILABLE'],
    ['a peer that is silent', { code: 4 }, 'DEADLINE_EXCEEDED'],
    ['a channel that the peer has left', { code: 5 }, 'NOT_FOUND'],
    ['a peer that delivers no block', Object.assign(new Error('with an address'), { name: 'Unavailable' }), 'Unavailable'],
  ])('names %s, and is well again when it is', async (_what, failure, cause) => {
    await start();
    newest['BetaMSP'] = failure;
    await becomes([`BetaMSP: its peer does not answer (${cause})`]);
    newest['BetaMSP'] = 7n;
    await becomes([]);
  });

  it('knows at once, of a node that starts without a network although it followed one before', async () => {
    newest = { AlphaMSP: { code: 14 }, BetaMSP: { code: 14 } };
    expect((await start()).faults).toEqual([
      'AlphaMSP: its peer does not answer (UNAVAILABLE)',
      'BetaMSP: its peer does not answer (UNAVAILABLE)',
    ]);
  });

  it('knows at once of an index that has nothing yet', async () => {
    heights = { BetaMSP: 8 };
    expect((await start()).faults).toEqual(['AlphaMSP: its blocks do not arrive: the peer has block 7, the index waits for block 0']);
  });

  it('names a stream that brings nothing though the peer answers, and not one that is a moment behind', async () => {
    await start();
    newest['AlphaMSP'] = 8n;
    await setTimeout(30);
    expect(watch?.faults).toEqual([]);
    await becomes(['AlphaMSP: its blocks do not arrive: the peer has block 8, the index waits for block 8']);
    heights['AlphaMSP'] = 9;
    await becomes([]);
  });
});
