import { type BlockSink, followBlocks } from './block-follower';
import { FakeBlocks, genesisOf, newOrderers, type Orderers } from './ordered-chain.fixture';

let own: Orderers;
beforeAll(async () => {
  own = await newOrderers('AMSP');
});

/** A peer with so many blocks, and what keeps account of its streams and of what was applied. */
function following(stop: AbortController, blocks: 0 | 1) {
  const peer = new FakeBlocks(blocks === 0 ? [] : [genesisOf(own)]);
  const done = { closed: 0, applied: 0 };
  const open = peer.open.bind(peer);
  peer.open = async (startBlock) => {
    const stream = await open(startBlock);
    const close = (): void => {
      done.closed += 1;
      stream.close();
    };
    return { [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](), close, [Symbol.dispose]: close };
  };
  const sink: BlockSink = {
    checkpoint: () => Promise.resolve({ nextBlock: 0n, previousHash: undefined, configuration: undefined }),
    apply: () => {
      done.applied += 1;
      return Promise.resolve();
    },
  };
  const interrupted = jest.fn();
  return { peer, sink, done, interrupted, run: () => followBlocks(peer, sink, stop.signal, { interrupted }) };
}

describe('a follower that is stopped', () => {
  // a peer that has nothing newer says nothing: what waits for a block here waits for ever
  it.each<readonly [string, (on: ReturnType<typeof following>, stop: AbortController) => void, number]>([
    [
      'before it begins',
      (_on, stop) => {
        stop.abort();
      },
      0,
    ],
    [
      'while it looks how far it was',
      ({ sink }, stop) => {
        const checkpoint = sink.checkpoint.bind(sink);
        sink.checkpoint = () => {
          stop.abort();
          return checkpoint();
        };
      },
      1,
    ],
    [
      'while its stream opens',
      ({ peer }, stop) => {
        const open = peer.open.bind(peer);
        peer.open = async (startBlock) => {
          const stream = await open(startBlock);
          stop.abort();
          return stream;
        };
      },
      1,
    ],
    [
      'while its stream opens in vain',
      ({ peer }, stop) => {
        peer.open = () => {
          stop.abort();
          return Promise.reject(new Error('14 UNAVAILABLE'));
        };
      },
      0,
    ],
    [
      'while the peer is asked for its newest block',
      ({ peer }, stop) => {
        const newest = peer.newest.bind(peer);
        peer.newest = (withinMillis) => {
          stop.abort();
          return newest(withinMillis);
        };
      },
      1,
    ],
  ])('%s ends, leaves no stream open, applies nothing and calls it no interruption', async (_when, stopping, opened) => {
    const stop = new AbortController();
    const on = following(stop, 0);
    stopping(on, stop);
    await on.run();
    expect(on.done.applied).toBe(0);
    expect(on.done.closed).toBeGreaterThanOrEqual(opened);
    expect(on.interrupted).not.toHaveBeenCalled();
  });

  it('while it waits for the next block ends with it', async () => {
    const stop = new AbortController();
    const on = following(stop, 1);
    const ended = on.run();
    while (on.done.applied === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await ended;
    expect(on.done.closed).toBeGreaterThan(0);
    expect(on.interrupted).not.toHaveBeenCalled();
  });
});
