import { createHash } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';
import { envelopesOf } from '@lianyi/fabric-protocol';
import { hashBlockHeader, parseBlock } from './block';
import { type BlockSink, BrokenChain, followBlocks, type FollowedBlock, PeerBehind } from './block-follower';
import { payloadOf } from './fake-gateway.fixture';
import { FakeBlocks, genesisOf, newOrderers, nextBlock, type Orderers } from './ordered-chain.fixture';

function envelopeWithEvent(transactionId: string, eventName: string, payload: string): Uint8Array {
  const event = new peer.ChaincodeEvent();
  event.setChaincodeId('emr');
  event.setEventName(eventName);
  event.setPayload(Buffer.from(payload));
  const action = new peer.ChaincodeAction();
  action.setEvents(event.serializeBinary());
  const response = new peer.ProposalResponsePayload();
  response.setExtension$(action.serializeBinary());
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.setTxId(transactionId);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(
    payloadOf({
      header: header.serializeBinary(),
      actionHeader: new Uint8Array(0),
      chaincodePayload: new Uint8Array(0),
      responsePayload: response.serializeBinary(),
      endorsements: 1,
      actions: 1,
    }),
  );
  return envelope.serializeBinary();
}

function blockOf(number: number, previousHash: Uint8Array, envelopes: readonly Uint8Array[], codes: readonly number[]): common.Block {
  const data = new common.BlockData();
  data.setDataList([...envelopes]);
  const dataHash = createHash('sha256');
  for (const envelope of envelopes) dataHash.update(envelope);
  const header = new common.BlockHeader();
  header.setNumber(number);
  header.setPreviousHash(previousHash);
  header.setDataHash(dataHash.digest());
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList([new Uint8Array(0), new Uint8Array(0), Uint8Array.from(codes)]);
  const block = new common.Block();
  block.setHeader(header);
  block.setData(data);
  block.setMetadata(metadata);
  return block;
}

/** A sink in memory that keeps its checkpoint as a database would. */
function memorySink(upTo: number, stop: AbortController): BlockSink & { applied: FollowedBlock[]; news: boolean[] } {
  const applied: FollowedBlock[] = [];
  const news: boolean[] = [];
  return {
    applied,
    news,
    checkpoint: () =>
      Promise.resolve({
        nextBlock: BigInt(applied.length),
        previousHash: applied.at(-1)?.headerHash,
        configuration: applied.findLast(({ configuration }) => configuration !== undefined)?.configuration,
      }),
    apply: (block, isNew) => {
      applied.push(block);
      news.push(isNew);
      if (applied.length === upTo) stop.abort();
      return Promise.resolve();
    },
  };
}

const numbers = ({ applied }: { readonly applied: readonly FollowedBlock[] }): number[] =>
  applied.map(({ blockNumber }) => Number(blockNumber));

describe('parseBlock', () => {
  it('reads transaction ids, validation codes and events', () => {
    const block = parseBlock(
      blockOf(3, Buffer.alloc(32), [envelopeWithEvent('a', 'LianyiEvents', '{}'), envelopeWithEvent('b', 'x', '')], [0, 11]),
    );
    expect(block.blockNumber).toBe(3n);
    expect(block.dataHashMatches).toBe(true);
    expect(block.transactions).toMatchObject([
      { transactionId: 'a', validationCode: 0, event: { chaincode: 'emr', name: 'LianyiEvents' } },
      { transactionId: 'b', validationCode: 11 },
    ]);
  });

  it('takes a missing flag for not validated and garbage for a transaction without effect', () => {
    const block = parseBlock(blockOf(1, Buffer.alloc(32), [Buffer.from('ffff', 'hex'), envelopeWithEvent('b', 'x', '')], [2]));
    expect(block.transactions).toMatchObject([
      { transactionId: '', validationCode: 2, event: undefined },
      { transactionId: 'b', validationCode: 254 },
    ]);
  });

  it('notices transactions that are not those of the header', () => {
    const block = blockOf(1, Buffer.alloc(32), [envelopeWithEvent('b', 'x', '')], [0]);
    block.getData()?.setDataList([Buffer.from('other')]);
    expect(parseBlock(block).dataHashMatches).toBe(false);
  });

  it('hashes a header as Fabric does, with a sign byte for numbers above 127', () => {
    const expected = createHash('sha256')
      .update(Buffer.from(`3048020200800420${'11'.repeat(32)}0420${'22'.repeat(32)}`, 'hex'))
      .digest('hex');
    expect(hashBlockHeader(128n, Buffer.alloc(32, 0x11), Buffer.alloc(32, 0x22)).toString('hex')).toBe(expected);
  });
});

describe('followBlocks', () => {
  let own: Orderers;
  let stranger: Orderers;
  let stop: AbortController;
  const envelope = (number: number): Uint8Array => envelopeWithEvent(`tx${number}`, 'LianyiEvents', '{"events":[]}');

  function chainOf(length: number): common.Block[] {
    const blocks = [genesisOf(own)];
    while (blocks.length < length) blocks.push(nextBlock(last(blocks), own.orderer, [envelope(blocks.length)]));
    return blocks;
  }
  function last(blocks: readonly common.Block[]): common.Block {
    const block = blocks.at(-1);
    if (block === undefined) throw new Error('no block');
    return block;
  }

  beforeAll(async () => {
    own = await newOrderers('AMSP');
    stranger = await newOrderers('BMSP');
  });
  beforeEach(() => {
    stop = new AbortController();
  });

  it('applies each block once and in order through interruptions and refused connections', async () => {
    const sink = memorySink(9, stop);
    const blocks = new FakeBlocks(chainOf(9));
    blocks.longestStream = 4;
    const open = blocks.open.bind(blocks);
    blocks.open = (start) =>
      blocks.opened.length === 1 ? (blocks.opened.push(start), Promise.reject(new Error('connection refused'))) : open(start);
    await followBlocks(blocks, sink, stop.signal);
    expect(numbers(sink)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    // each stream begins with the last block followed, which must be the same
    expect(blocks.opened).toEqual([0n, 3n, 3n, 6n]);
  });

  it('asks again for a block whose effect failed', async () => {
    const sink = memorySink(3, stop);
    const apply = sink.apply.bind(sink);
    let failures = 1;
    sink.apply = (block, isNew) =>
      block.blockNumber === 1n && failures-- > 0 ? Promise.reject(new Error('disk full')) : apply(block, isNew);
    await followBlocks(new FakeBlocks(chainOf(3)), sink, stop.signal);
    expect(numbers(sink)).toEqual([0, 1, 2]);
  });

  it('asks again, of another peer, for a block whose signatures somebody has buried', async () => {
    const sink = memorySink(3, stop);
    const chain = chainOf(3);
    const [clean] = chain.slice(1, 2);
    const entries = clean?.getMetadata()?.getMetadataList_asU8() ?? [];
    const signatures = common.Metadata.deserializeBinary(entries[common.BlockMetadataIndex.SIGNATURES] ?? new Uint8Array(0));
    const junk = Array.from({ length: 100 }, () => new common.MetadataSignature());
    signatures.setSignaturesList([...junk, ...signatures.getSignaturesList()]);
    const buried = common.Block.deserializeBinary(clean?.serializeBinary() ?? new Uint8Array(0));
    buried.getMetadata()?.setMetadataList([signatures.serializeBinary(), ...entries.slice(1)]);
    const blocks = new FakeBlocks(chain.with(1, buried));
    const failures: unknown[] = [];
    const interrupted = (error: unknown): void => {
      failures.push(error);
      blocks.blocks[1] = clean ?? buried;
    };
    await followBlocks(blocks, sink, stop.signal, { interrupted });
    expect(failures).toMatchObject([{ name: 'BuriedSignatures' }]);
    expect(numbers(sink)).toEqual([0, 1, 2]);
  });

  it('says of each block whether the peer had it before the stream was opened', async () => {
    const sink = memorySink(4, stop);
    const blocks = new FakeBlocks(chainOf(4));
    blocks.claimed = 1n;
    await followBlocks(blocks, sink, stop.signal);
    expect(sink.news).toEqual([false, false, true, true]);
  });

  it.each<readonly [string, (chain: common.Block[]) => common.Block[], string]>([
    [
      'another predecessor',
      (chain) => [...chain.slice(0, 2), nextBlock(nextBlock(last(chain.slice(0, 1)), own.orderer, []), own.orderer, [])],
      'predecessor',
    ],
    ['a block left out', (chain) => [...chain.slice(0, 1), ...chain.slice(2)], 'block 1 was expected'],
    ['a block twice', (chain) => [...chain.slice(0, 2), ...chain.slice(1, 2)], 'block 2 was expected'],
    ['swapped transactions', (chain) => (chain[1]?.getData()?.setDataList([Buffer.from('other')]), chain), 'its transactions'],
    [
      'a block that nobody signed',
      (chain) => [...chain.slice(0, 2), nextBlock(last(chain.slice(0, 2)), undefined, [envelope(2)])],
      'did not sign it',
    ],
    [
      'a block that a client of the organisation signed',
      (chain) => [...chain.slice(0, 1), nextBlock(last(chain.slice(0, 1)), own.client, [])],
      'did not sign it',
    ],
    [
      'a block that another network’s orderer signed',
      (chain) => [...chain.slice(0, 1), nextBlock(last(chain.slice(0, 1)), stranger.orderer, [])],
      'did not sign it',
    ],
    [
      'a signature over another block',
      (chain) => [...chain.slice(0, 2), withSignaturesOf(nextBlock(last(chain.slice(0, 2)), undefined, []), last(chain.slice(0, 2)))],
      'did not sign it',
    ],
    ['a first block without configuration', () => [blockOf(0, Buffer.alloc(0), [envelope(0)], [0])], 'holds its configuration'],
  ])('stops at %s', async (_what, tamper, reason) => {
    const sink = memorySink(99, stop);
    const following = followBlocks(new FakeBlocks(tamper(chainOf(3))), sink, stop.signal);
    await expect(following).rejects.toThrow(reason);
    await expect(following).rejects.toBeInstanceOf(BrokenChain);
    expect(sink.applied.length).toBeLessThan(3);
  });

  it('stops at the chain of another network, when it begins and when it goes on', async () => {
    const sink = memorySink(2, stop);
    await followBlocks(new FakeBlocks(chainOf(2)), sink, stop.signal);
    const other = [genesisOf(stranger)];
    while (other.length < 5) other.push(nextBlock(last(other), stranger.orderer, []));
    await expect(followBlocks(new FakeBlocks(other), sink, new AbortController().signal)).rejects.toThrow('another network, or a fork');
  });

  it('judges blocks by the configuration that the newest configuration block brought', async () => {
    const [genesis] = chainOf(1);
    const changed = envelopesOf(genesisOf(stranger));
    const config = nextBlock(genesis ?? new common.Block(), own.orderer, changed);
    const bySuccessor = nextBlock(config, stranger.orderer, [envelope(2)]);
    const sink = memorySink(3, stop);
    await followBlocks(new FakeBlocks([genesis ?? new common.Block(), config, bySuccessor]), sink, stop.signal);
    expect(numbers(sink)).toEqual([0, 1, 2]);
    // and after a restart still
    const goesOn = new FakeBlocks([genesis ?? new common.Block(), config, bySuccessor, nextBlock(bySuccessor, own.orderer, [])]);
    await expect(followBlocks(goesOn, sink, new AbortController().signal)).rejects.toThrow('did not sign it');
  });

  it('names a peer that has fewer blocks than were followed, and goes on asking', async () => {
    const sink = memorySink(3, stop);
    const chain = chainOf(4);
    await followBlocks(new FakeBlocks(chain.slice(0, 3)), sink, stop.signal);
    const interrupted = jest.fn<unknown, [unknown]>();
    const again = new AbortController();
    const peer = new FakeBlocks(chain);
    peer.claimed = 1n;
    const events = {
      interrupted: (error: unknown): void => {
        interrupted(error);
        peer.claimed = undefined;
      },
    };
    sink.apply = (block) => {
      sink.applied.push(block);
      again.abort();
      return Promise.resolve();
    };
    await followBlocks(peer, sink, again.signal, events);
    expect(interrupted.mock.calls[0]?.[0]).toEqual(new PeerBehind(3n, 1n));
    expect(numbers(sink)).toEqual([0, 1, 2, 3]);
  });
});

function withSignaturesOf(block: common.Block, signed: common.Block): common.Block {
  block.setMetadata(signed.getMetadata());
  return block;
}
