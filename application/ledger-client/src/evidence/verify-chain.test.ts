import { createHash } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { setCommitMetadata } from '@lianyi/fabric-protocol';
import { FakeBlocks, genesisOf, newOrderers, nextBlock, type Orderers } from '../gateway/ordered-chain.fixture';
import { ValidityFlags } from './validity-flags';
import { ChainVerifier, readGenesis, verifyChain } from './verify-chain';

/** DER of a block header, written independently of the code under test (protoutil/blockutils.go, asn1.Marshal). */
function headerHash(header: common.BlockHeader): Buffer {
  const der = (tag: number, content: Uint8Array): Buffer => Buffer.concat([Buffer.from([tag, content.length]), content]);
  const digits = header.getNumber().toString(16);
  const magnitude = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  const number = (magnitude[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), magnitude]) : magnitude;
  const body = Buffer.concat([der(2, number), der(4, header.getPreviousHash_asU8()), der(4, header.getDataHash_asU8())]);
  return createHash('sha256').update(der(0x30, body)).digest();
}

let orderers: Orderers;
let stranger: Orderers;
beforeAll(async () => {
  orderers = await newOrderers('AMSP');
  stranger = await newOrderers('BMSP');
});

function chain(length: number): common.Block[] {
  const blocks = [genesisOf(orderers)];
  while (blocks.length < length) {
    const number = blocks.length;
    const data = [Buffer.from(`envelope ${number} a`), Buffer.from(`envelope ${number} b`)];
    blocks.push(nextBlock(at(blocks, number - 1), orderers.orderer, data, [0, number === 1 ? 11 : 0]));
  }
  return blocks;
}

function failure(properties: Record<string, unknown>): Error {
  // jest types its asymmetric matchers as any
  return expect.objectContaining(properties) as Error;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error('no such block');
  return item;
}

function verify(blocks: readonly common.Block[], genesis?: string): ChainVerifier {
  const verifier = new ChainVerifier(genesis);
  for (const block of blocks) verifier.add(block);
  return verifier;
}

function flip(bytes: Uint8Array, index = 0): Uint8Array {
  return bytes.map((byte, position) => (position === index ? byte ^ 1 : byte));
}

describe('a chain of blocks', () => {
  it('that holds together is counted and named by its first and last header', () => {
    const blocks = chain(300);
    const last = at(blocks, 299).getHeader();
    const first = at(blocks, 0).getHeader();
    expect(verify(blocks).report()).toEqual({
      blocks: 300,
      transactions: 599,
      invalidTransactions: 1,
      genesis: first === undefined ? '' : headerHash(first).toString('base64url'),
      tipNumber: '299',
      tipHash: last === undefined ? '' : headerHash(last).toString('base64url'),
    });
  });

  const tampered: readonly (readonly [string, (blocks: common.Block[]) => void, string, bigint])[] = [
    [
      'a flipped byte in a transaction',
      (blocks) => {
        const data = at(blocks, 3).getData();
        data?.setDataList(data.getDataList_asU8().map((envelope) => flip(envelope, 5)));
      },
      'data-hash',
      3n,
    ],
    [
      'a flipped byte in a data hash',
      (blocks) => {
        const header = at(blocks, 3).getHeader();
        header?.setDataHash(flip(header.getDataHash_asU8(), 31));
      },
      'data-hash',
      3n,
    ],
    [
      'a flipped byte in a previous hash',
      (blocks) => {
        const header = at(blocks, 3).getHeader();
        header?.setPreviousHash(flip(header.getPreviousHash_asU8(), 9));
      },
      'previous-hash',
      3n,
    ],
    [
      'a transaction left out, its data hash recomputed',
      (blocks) => {
        const block = at(blocks, 3);
        const kept = block.getData()?.getDataList_asU8().slice(0, 1) ?? [];
        block.getData()?.setDataList(kept);
        block.getHeader()?.setDataHash(createHash('sha256').update(Buffer.concat(kept)).digest());
      },
      'orderer-signatures',
      3n,
    ],
    [
      'a block that nobody has signed',
      (blocks) => {
        at(blocks, 3).getMetadata()?.setMetadataList([]);
      },
      'orderer-signatures',
      3n,
    ],
    [
      'a block that a client of the organisation has signed',
      (blocks) => {
        blocks.splice(3, 3, nextBlock(at(blocks, 2), orderers.client, []));
      },
      'orderer-signatures',
      3n,
    ],
    [
      'a block that another network’s orderer has signed',
      (blocks) => {
        blocks.splice(3, 3, nextBlock(at(blocks, 2), stranger.orderer, []));
      },
      'orderer-signatures',
      3n,
    ],
    [
      'a configuration that cannot be read',
      (blocks) => {
        const channelHeader = Buffer.of(0x08, common.HeaderType.CONFIG);
        const header = Buffer.concat([Buffer.of(0x0a, channelHeader.length), channelHeader]);
        const payload = Buffer.concat([Buffer.of(0x0a, header.length), header, Buffer.from('12020a05', 'hex')]);
        blocks.splice(3, 3, nextBlock(at(blocks, 2), orderers.orderer, [Buffer.concat([Buffer.of(0x0a, payload.length), payload])]));
      },
      'unreadable',
      3n,
    ],
    [
      'a block left out',
      (blocks) => {
        blocks.splice(3, 1);
      },
      'number',
      3n,
    ],
    [
      'two blocks exchanged',
      (blocks) => {
        blocks.splice(3, 2, at(blocks, 4), at(blocks, 3));
      },
      'number',
      3n,
    ],
    [
      'a block without header',
      (blocks) => {
        at(blocks, 3).clearHeader();
      },
      'unreadable',
      3n,
    ],
    [
      'a first block that quotes another',
      (blocks) => {
        at(blocks, 0).getHeader()?.setPreviousHash(Buffer.alloc(32));
      },
      'previous-hash',
      0n,
    ],
  ];

  it.each(tampered)('is broken by %s', (_, tamper, fault, blockNumber) => {
    const blocks = chain(6);
    tamper(blocks);
    expect(() => verify(blocks)).toThrow(failure({ name: 'ChainBroken', fault, blockNumber }));
  });

  it('of another network is refused', () => {
    const blocks = chain(2);
    const { genesis } = verify(blocks.slice(0, 1)).report();
    expect(() => verify(blocks, genesis)).not.toThrow();
    expect(() => verify(chain(2), 'A'.repeat(43))).toThrow(failure({ fault: 'genesis' }));
  });
});

describe('reading a peer’s chain', () => {
  it('ends with the block that the peer says is its newest, and waits for nothing after it', async () => {
    await expect(verifyChain(new FakeBlocks(chain(5)))).resolves.toMatchObject({ blocks: 5 });
  });

  it('rejects at the first fault', async () => {
    const blocks = chain(5);
    at(blocks, 2).getHeader()?.setDataHash(Buffer.alloc(32));
    await expect(verifyChain(new FakeBlocks(blocks))).rejects.toMatchObject({ fault: 'data-hash', blockNumber: 2n });
  });

  it('is cut off where a block that the peer says it has does not come', async () => {
    const peer = new FakeBlocks(chain(5));
    peer.longestStream = 3;
    await expect(verifyChain(peer)).rejects.toMatchObject({ fault: 'cut-off', blockNumber: 3n });
  });

  it('does not take a failing stream for its end', async () => {
    const peer = new FakeBlocks(chain(2));
    peer.open = () => Promise.reject(new Error('14 UNAVAILABLE'));
    await expect(verifyChain(peer)).rejects.toThrow('UNAVAILABLE');
  });

  it('tells the network’s name from block 0 alone', async () => {
    const blocks = chain(3);
    const peer = new FakeBlocks(blocks);
    await expect(readGenesis((start) => peer.open(start))).resolves.toBe(verify(blocks).report().genesis);
  });
});

describe('what two peers say of transactions', () => {
  async function compared(change: (blocks: common.Block[]) => common.Block[]): ReturnType<ValidityFlags['compareWith']> {
    const blocks = chain(6);
    const flags = new ValidityFlags();
    const { genesis } = await verifyChain(new FakeBlocks(blocks), { visit: flags.visit });
    const others = change(blocks.map((block) => common.Block.deserializeBinary(block.serializeBinary())));
    return flags.compareWith(new FakeBlocks(others), genesis);
  }
  const withCodes =
    (number: number, codes: readonly number[]) =>
    (blocks: common.Block[]): common.Block[] => {
      setCommitMetadata(at(blocks, number), codes, undefined);
      return blocks;
    };

  it('is the same of the same blocks', async () => {
    await expect(compared((blocks) => blocks)).resolves.toEqual({ blocks: 6 });
  });

  it('is compared as far as the other peer has come', async () => {
    await expect(compared((blocks) => blocks.slice(0, 4))).resolves.toEqual({ blocks: 4 });
  });

  it.each<readonly [string, readonly number[], number, readonly [number, number]]>([
    ['takes an invalid transaction for valid', [0, 0], 1, [11, 0]],
    ['takes a valid transaction for invalid', [10, 11], 0, [0, 10]],
    ['gives another reason', [0, 12], 1, [11, 12]],
    ['says nothing of one', [0], 1, [11, 254]],
  ])('differs where one %s', async (_what, codes, transactionIndex, said) => {
    await expect(compared(withCodes(1, codes))).resolves.toMatchObject({ difference: { blockNumber: '1', transactionIndex, codes: said } });
  });

  it('is not compared with a chain that does not hold', async () => {
    await expect(compared((blocks) => [...blocks.slice(0, 5), nextBlock(at(blocks, 4), undefined, [])])).rejects.toMatchObject({
      fault: 'orderer-signatures',
    });
  });
});
