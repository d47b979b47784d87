import { createHash } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { type OpenBlocks } from '../gateway/block-source';
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

function chain(length: number): common.Block[] {
  let previous: Uint8Array = new Uint8Array(0);
  return Array.from({ length }, (_, number) => {
    const data = [Buffer.from(`envelope ${number} a`), Buffer.from(`envelope ${number} b`)];
    const block = new common.Block();
    const header = new common.BlockHeader();
    header.setNumber(number);
    header.setPreviousHash(previous);
    header.setDataHash(createHash('sha256').update(Buffer.concat(data)).digest());
    block.setHeader(header);
    const blockData = new common.BlockData();
    blockData.setDataList(data);
    block.setData(blockData);
    const metadata = new common.BlockMetadata();
    metadata.setMetadataList([new Uint8Array(0), new Uint8Array(0), Uint8Array.of(0, number === 1 ? 11 : 0)]);
    block.setMetadata(metadata);
    previous = headerHash(header);
    return block;
  });
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

/** A stream that, like the gateway's, stays open when there is nothing newer, and fails when it is closed. */
function open(blocks: readonly common.Block[]): OpenBlocks {
  const { promise: closed, resolve } = Promise.withResolvers<undefined>();
  const close = (): void => {
    resolve(undefined);
  };
  async function* stream(): AsyncGenerator<common.Block> {
    yield* blocks;
    await closed;
    throw new Error('1 CANCELLED: Cancelled on client');
  }
  const iterator = stream();
  return () => Promise.resolve({ [Symbol.asyncIterator]: () => iterator, close, [Symbol.dispose]: close });
}

describe('a chain of blocks', () => {
  it('that holds together is counted and named by its first and last header', () => {
    const blocks = chain(300);
    const last = at(blocks, 299).getHeader();
    const first = at(blocks, 0).getHeader();
    expect(verify(blocks).report()).toEqual({
      blocks: 300,
      transactions: 600,
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
      'previous-hash',
      4n,
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
    const { genesis } = verify(chain(1)).report();
    expect(() => verify(chain(2), genesis)).not.toThrow();
    expect(() => verify(chain(2), 'A'.repeat(43))).toThrow(failure({ fault: 'genesis' }));
  });
});

describe('reading a peer’s chain', () => {
  it('ends when the peer has nothing newer', async () => {
    await expect(verifyChain(open(chain(5)), { quietMillis: 30 })).resolves.toMatchObject({ blocks: 5 });
  });

  it('rejects at the first fault', async () => {
    const blocks = chain(5);
    at(blocks, 2).getHeader()?.setDataHash(Buffer.alloc(32));
    await expect(verifyChain(open(blocks), { quietMillis: 30 })).rejects.toMatchObject({ fault: 'data-hash', blockNumber: 2n });
  });

  it('does not take a failing stream for its end', async () => {
    const failing: OpenBlocks = () => Promise.reject(new Error('14 UNAVAILABLE'));
    await expect(verifyChain(failing, { quietMillis: 30 })).rejects.toThrow('UNAVAILABLE');
  });

  it('tells the network’s name from block 0 alone', async () => {
    const blocks = chain(3);
    await expect(readGenesis(open(blocks))).resolves.toBe(verify(blocks).report().genesis);
  });
});
