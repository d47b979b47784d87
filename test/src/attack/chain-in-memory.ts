import { type BlockSource, parseBlock } from '@lianyi/ledger-client';
import { common, newBlock, setCommitMetadata, signBlock } from '@lianyi/fabric-protocol';
import { type Consortium, newConsortium } from '../support/ledger-fixture';

/** The blocks of a channel in memory: those its orderers have signed, and those somebody has made up. */
export class ChainInMemory {
  private constructor(
    readonly consortium: Consortium,
    readonly genesis: common.Block,
  ) {}

  static async make(): Promise<ChainInMemory> {
    const consortium = await newConsortium();
    const genesis = common.Block.deserializeBinary(consortium.genesis);
    setCommitMetadata(genesis, [0], undefined);
    return new ChainInMemory(consortium, genesis);
  }

  /** A block after `previous`, right in number, previous hash and data hash. */
  after(previous: common.Block, envelopes: readonly Buffer[], isOrdered: boolean): common.Block {
    const { blockNumber, headerHash } = parseBlock(previous);
    const block = newBlock(Number(blockNumber) + 1, headerHash, envelopes);
    if (isOrdered) signBlock(block, this.consortium.a.orderer, 0);
    setCommitMetadata(
      block,
      envelopes.map(() => 0),
      undefined,
    );
    return block;
  }
}

/** A peer that delivers these blocks, and those that are added, as a block stream does. */
export class PeerInMemory implements BlockSource {
  constructor(
    readonly mspId: string,
    readonly blocks: common.Block[],
  ) {}

  open(startBlock: bigint): ReturnType<BlockSource['open']> {
    const { blocks } = this;
    let isClosed = false;
    const close = (): void => {
      isClosed = true;
    };
    async function* stream(): AsyncGenerator<common.Block> {
      for (let next = Number(startBlock); !isClosed;) {
        const block = blocks[next];
        if (block === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
        else {
          next += 1;
          yield block;
        }
      }
    }
    const iterator = stream();
    return Promise.resolve({ [Symbol.asyncIterator]: () => iterator, close, [Symbol.dispose]: close });
  }

  newest(): Promise<bigint> {
    return Promise.resolve(BigInt(this.blocks.length - 1));
  }

  giveUpConnection(): void {
    // there is none
  }
}
