import { common } from '@hyperledger/fabric-protos';
import { type BlockSource, parseBlock } from '@lianyi/ledger-client';
import { assertPeersOfNetwork, assertSameNetwork } from './same-network';

const file = '/data/index.sqlite';

/** Block 0 of a network whose first transaction is this text. */
function blockZero(text: string): common.Block {
  const block = new common.Block();
  const header = new common.BlockHeader();
  header.setDataHash(Buffer.from(text));
  block.setHeader(header);
  return block;
}
const genesisOf = (text: string): string => parseBlock(blockZero(text)).headerHash.toString('base64url');

type Own = Pick<BlockSource, 'open'>;
function delivering(text: string): Own {
  const stream = {
    close: () => undefined,
    async *[Symbol.asyncIterator](): AsyncGenerator<common.Block> {
      yield await Promise.resolve(blockZero(text));
    },
  };
  return { open: () => Promise.resolve(stream) } as unknown as Own; // as much of a peer as is asked
}
const silent: Own = { open: () => Promise.reject(new Error('UNAVAILABLE')) };
const following = (text: string | undefined): Parameters<typeof assertSameNetwork>[0] => ({
  genesis: () => Promise.resolve(text === undefined ? undefined : genesisOf(text)),
}); // brands

describe('the index of a node', () => {
  it.each([
    ['a former network', 'former', 'present'],
    ['the present network, before a network of long ago', 'present', 'long ago'],
    ['another channel', 'channel other', 'channel emr'],
    ['a network that was made anew from the same definition', 'emr 1', 'emr 2'],
  ])('of %s is refused by its file’s name, with both block hashes', async (_what, followed, present) => {
    await expect(assertSameNetwork(following(followed), file, delivering(present))).rejects.toMatchObject({
      code: 'INDEX_OF_ANOTHER_NETWORK',
      details: { file, followed: genesisOf(followed), present: genesisOf(present) },
    });
  });

  it.each<readonly [string, string | undefined, Own]>([
    ['of this network', 'present', delivering('present')],
    ['that is new', undefined, delivering('present')],
    ['whose peer cannot be asked now: the follower asks again', 'former', silent],
  ])('%s is taken', async (_what, followed, own) => {
    await expect(assertSameNetwork(following(followed), file, own)).resolves.toBeUndefined();
  });
});

describe('the peers that a changed connection profile names', () => {
  /** As many peers as sources; each opening asks the next. */
  const peersOf = (...sources: readonly Own[]) => {
    let opened = -1;
    const close = jest.fn();
    const open: Own['open'] = (startBlock) => {
      opened += 1;
      return sources[opened % sources.length]?.open(startBlock) ?? Promise.reject(new Error('no such peer'));
    };
    return { peers: { count: sources.length, open, close }, close };
  };

  it.each<readonly [string, readonly Own[]]>([
    ['are of this network', [delivering('present')]],
    ['are of this network, the first of them silent', [silent, delivering('present')]],
    ['are of this network, all but the last silent', [silent, silent, delivering('present')]],
    ['are of this network, the last of them silent', [delivering('present'), silent]],
  ])('are taken where they %s', async (_what, sources) => {
    const { peers, close } = peersOf(...sources);
    await expect(assertPeersOfNetwork(genesisOf('present'), peers)).resolves.toBeUndefined();
    expect(close).toHaveBeenCalledTimes(1);
  });

  it.each<readonly [string, string, readonly Own[]]>([
    ['a network that was made anew', 'anew', [delivering('anew')]],
    ['another channel', 'channel other', [delivering('channel other')]],
    ['another network, the first of them silent', 'anew', [silent, delivering('anew')]],
    ['another network, and none is asked after it', 'anew', [delivering('anew'), delivering('present')]],
  ])('are refused where they are of %s', async (_what, other, sources) => {
    const { peers, close } = peersOf(...sources);
    const present = genesisOf(other);
    await expect(assertPeersOfNetwork(genesisOf('present'), peers)).rejects.toMatchObject({
      code: 'GENESIS_MISMATCH',
      details: { present },
    });
    expect(close).toHaveBeenCalledTimes(1);
  });

  it.each([1, 2, 5])('are not taken unseen where none of %d gives its first block', async (count) => {
    const { peers, close } = peersOf(...Array.from({ length: count }, () => silent));
    await expect(assertPeersOfNetwork(genesisOf('present'), peers)).rejects.toThrow('no own peer that it names gives its block 0');
    expect(close).toHaveBeenCalledTimes(1);
  });
});
