import { createHash } from 'node:crypto';
import type { CloseableAsyncIterable } from '@hyperledger/fabric-gateway';
import { common, peer } from '@hyperledger/fabric-protos';
import { hashBlockHeader, parseBlock, type ParsedBlock } from './block';
import { type BlockSink, BrokenChain, followBlocks } from './block-follower';
import { payloadOf } from './fake-gateway.fixture';

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

function chainOf(length: number): common.Block[] {
  const blocks: common.Block[] = [];
  let previous: Uint8Array = new Uint8Array(0);
  for (let number = 0; number < length; number += 1) {
    const block = blockOf(number, previous, [envelopeWithEvent(`tx${number}`, 'LianyiEvents', '{"events":[]}')], [0]);
    blocks.push(block);
    previous = parseBlock(block).headerHash;
  }
  return blocks;
}

/** A sink in memory that keeps its checkpoint as a database would. */
function memorySink(): BlockSink & { applied: ParsedBlock[] } {
  const applied: ParsedBlock[] = [];
  return {
    applied,
    checkpoint: () => Promise.resolve({ nextBlock: BigInt(applied.length), previousHash: applied.at(-1)?.headerHash }),
    apply: (block) => {
      applied.push(block);
      return Promise.resolve();
    },
  };
}

function streamOf(blocks: readonly common.Block[], fail?: Error): CloseableAsyncIterable<common.Block> {
  async function* generate(): AsyncGenerator<common.Block> {
    for (const block of blocks) yield await Promise.resolve(block);
    if (fail !== undefined) throw fail;
  }
  const close = (): void => undefined;
  return Object.assign(generate(), { close, [Symbol.dispose]: close });
}

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
  it('applies each block once and in order through interruptions and refused connections', async () => {
    const chain = chainOf(9);
    const applied = memorySink();
    const stop = new AbortController();
    const sink: BlockSink = {
      checkpoint: () => applied.checkpoint(),
      apply: async (block) => {
        await applied.apply(block);
        if (block.blockNumber === 8n) stop.abort();
      },
    };
    let opened = 0;
    const open = (start: bigint): Promise<CloseableAsyncIterable<common.Block>> => {
      opened += 1;
      if (opened === 2) return Promise.reject(new Error('connection refused'));
      const rest = chain.slice(Number(start), Number(start) + 3);
      return Promise.resolve(streamOf(rest, opened === 1 ? new Error('stream broke') : undefined));
    };
    await followBlocks(open, sink, stop.signal);
    expect(applied.applied.map(({ blockNumber }) => Number(blockNumber))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(opened).toBe(4);
  });

  it('asks again for a block whose effect failed', async () => {
    const sink = memorySink();
    const apply = sink.apply.bind(sink);
    let failures = 1;
    const stop = new AbortController();
    const flaky: BlockSink = {
      checkpoint: () => sink.checkpoint(),
      apply: (block) => {
        if (block.blockNumber === 1n && failures-- > 0) return Promise.reject(new Error('disk full'));
        if (block.blockNumber === 2n) stop.abort();
        return apply(block);
      },
    };
    const chain = chainOf(3);
    await followBlocks((start) => Promise.resolve(streamOf(chain.slice(Number(start)))), flaky, stop.signal);
    expect(sink.applied.map(({ blockNumber }) => Number(blockNumber))).toEqual([0, 1, 2]);
  });

  it.each<readonly [string, (chain: common.Block[]) => common.Block[]]>([
    ['another predecessor', (chain) => [...chain.slice(0, 2), blockOf(2, Buffer.alloc(32, 1), [], [])]],
    ['a block left out', (chain) => [...chain.slice(0, 1), ...chain.slice(2)]],
    ['a block twice', (chain) => [...chain.slice(0, 2), ...chain.slice(1, 2)]],
    [
      'swapped transactions',
      (chain) => {
        chain[1]?.getData()?.setDataList([Buffer.from('other')]);
        return chain;
      },
    ],
  ])('stops at %s', async (_what, tamper) => {
    const sink = memorySink();
    const blocks = tamper(chainOf(3));
    const following = followBlocks(() => Promise.resolve(streamOf(blocks)), sink, new AbortController().signal);
    await expect(following).rejects.toBeInstanceOf(BrokenChain);
    expect(sink.applied.length).toBeLessThan(3);
  });
});
