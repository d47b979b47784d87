import { common } from '@hyperledger/fabric-protos';
import { waitUntil } from '@lianyi/test/wait-until';
import { followBlocks, type FollowedBlock } from './block-follower';
import { FakeBlocks, genesisOf, newOrderers, nextBlock, type Orderers, sinkOf } from './ordered-chain.fixture';

let own: Orderers;
beforeAll(async () => {
  own = await newOrderers('AMSP');
});

function chainOf(length: number): common.Block[] {
  const blocks = [genesisOf(own)];
  while (blocks.length < length) blocks.push(nextBlock(blocks.at(-1) ?? new common.Block(), own.orderer, []));
  return blocks;
}

/** Follows a peer that has two blocks so far, until as many are applied as are asked for. */
function following(peer: FakeBlocks, upTo: number) {
  const stop = new AbortController();
  const sink = sinkOf(upTo, stop);
  return { stop, applied: sink.applied, ended: followBlocks(peer, sink, stop.signal, {}, { silenceMillis: 20, answerMillis: 20 }) };
}

const numbers = (blocks: readonly FollowedBlock[]): readonly number[] => blocks.map(({ blockNumber }) => Number(blockNumber));

/** A firewall that drops a connection says so to nobody. */
describe('a stream of blocks that has gone silent', () => {
  const refusing = (error: Error) => (peer: FakeBlocks) => {
    const [newest, giveUp] = [peer.newest.bind(peer), peer.giveUpConnection.bind(peer)];
    peer.longestStream = 0;
    peer.newest = () => Promise.reject(error);
    peer.giveUpConnection = () => {
      Object.assign(peer, { newest, longestStream: Infinity });
      giveUp();
    };
  };
  it.each<readonly [string, (peer: FakeBlocks) => void]>([
    ['whose connection is dead', (peer) => (peer.isSilent = true)],
    ['that holds back a block its peer has', (peer) => (peer.longestStream = 99)],
    ['whose peer is cut off while it is asked', refusing(new Error('14 UNAVAILABLE: read ECONNRESET'))],
    ['whose peer has left the channel', refusing(new Error('5 NOT_FOUND: channel emr not found'))],
    [
      'whose connection is dead, and the next one too',
      (peer) => {
        const giveUp = peer.giveUpConnection.bind(peer);
        peer.isSilent = true;
        peer.giveUpConnection = () => {
          giveUp();
          peer.isSilent = peer.connectionsGivenUp < 2;
        };
      },
    ],
    [
      'whose peer says at first that it has no more',
      (peer) => {
        peer.isSilent = true;
        const newest = peer.newest.bind(peer);
        let asked = 0;
        peer.newest = (within) => ((asked += 1) < 3 ? Promise.resolve(1n) : newest(within));
      },
    ],
  ])('%s is opened anew by another connection, and nothing is lost', async (_what, spoil) => {
    const chain = chainOf(3);
    const peer = new FakeBlocks(chain.slice(0, 2));
    const { applied, ended } = following(peer, 3);
    await waitUntil('it has what there is', () => applied.length === 2);
    spoil(peer);
    peer.blocks.push(...chain.slice(2));
    await ended;
    expect(peer.connectionsGivenUp).toBeGreaterThan(0);
    expect(numbers(applied)).toEqual([0, 1, 2]);
  });

  it('from its beginning is opened anew, too', async () => {
    const peer = new FakeBlocks(chainOf(2));
    peer.isSilent = true;
    const { applied, ended } = following(peer, 2);
    await ended;
    expect([peer.connectionsGivenUp, numbers(applied)]).toEqual([1, [0, 1]]);
  });

  it('because it has nothing to say is left alone', async () => {
    const peer = new FakeBlocks(chainOf(2));
    let asked = 0;
    const newest = peer.newest.bind(peer);
    peer.newest = (within) => ((asked += 1), newest(within));
    const { stop, ended } = following(peer, 99);
    await waitUntil('it was asked for some time', () => asked > 3);
    expect([peer.connectionsGivenUp, peer.opened]).toEqual([0, [0n]]);
    stop.abort();
    await ended;
  });
});
