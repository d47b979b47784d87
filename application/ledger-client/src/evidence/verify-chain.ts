import { type common } from '@hyperledger/fabric-protos';
import { BlockAuthority, BuriedSignatures, ConfigurationUnread } from '@lianyi/fabric-protocol';
import { Unavailable } from '@lianyi/domain';
import { parseBlock, type ParsedBlock } from '../gateway/block';
import { type FollowedBlock } from '../gateway/block-follower';
import { type BlockSource, type OpenBlocks } from '../gateway/block-source';

/** Where and how a peer's chain fails to hold together. */
export class ChainBroken extends Error {
  override readonly name = 'ChainBroken';

  constructor(
    readonly blockNumber: bigint,
    readonly fault: 'number' | 'previous-hash' | 'data-hash' | 'orderer-signatures' | 'genesis' | 'unreadable' | 'cut-off',
    options?: ErrorOptions,
  ) {
    super(`block ${blockNumber}: ${fault}`, options);
  }
}

/** What a verified chain amounts to. Comparing `tipHash` with other members' peers shows that all tell the same story. */
export interface ChainReport {
  readonly blocks: number;
  readonly transactions: number;
  /** Transactions that stand in a block but had no effect (conflicts and the like), as this peer says: nobody signs that. */
  readonly invalidTransactions: number;
  /** base64url of block 0's header hash, as profiles and the ledger state it. */
  readonly genesis: string;
  readonly tipNumber: string;
  readonly tipHash: string;
}

/**
 * Checks blocks one after another from block 0: numbers without gaps, each header quoting the hash of the one before,
 * each header's data hash over the transactions delivered, and the signatures that the channel's policy BlockValidation asks for.
 * @remarks Source: Fabric protoutil/blockutils.go BlockHeaderHash, ComputeBlockDataHash, BlockSignatureVerifier.
 */
export class ChainVerifier {
  #next = 0n;
  #previousHash: Buffer = Buffer.alloc(0);
  #genesis = '';
  #authority: BlockAuthority | undefined;
  #transactions = 0;
  #invalidTransactions = 0;

  /** @param expectedGenesis what the profile says the network is; another block 0 is another network. */
  constructor(private readonly expectedGenesis?: string) {}

  /** @throws {@link ChainBroken} at the first block that does not fit; nothing after it is to be trusted. */
  add(raw: common.Block): FollowedBlock {
    const block = this.#read(raw);
    if (block.blockNumber !== this.#next) throw new ChainBroken(this.#next, 'number');
    if (!block.previousHash.equals(this.#previousHash)) throw new ChainBroken(block.blockNumber, 'previous-hash');
    if (!block.dataHashMatches) throw new ChainBroken(block.blockNumber, 'data-hash');
    const isConfigured = this.#next === 0n ? this.#acceptGenesis(raw, block.headerHash) : this.#assertOrdered(raw, block.blockNumber);
    this.#transactions += block.transactions.length;
    this.#invalidTransactions += block.transactions.filter(({ validationCode }) => validationCode !== 0).length;
    this.#previousHash = block.headerHash;
    this.#next += 1n;
    return { ...block, configuration: isConfigured ? this.#authority?.configuration : undefined };
  }

  report(): ChainReport {
    return {
      blocks: Number(this.#next),
      transactions: this.#transactions,
      invalidTransactions: this.#invalidTransactions,
      genesis: this.#genesis,
      tipNumber: String(this.#next - 1n),
      tipHash: this.#previousHash.toString('base64url'),
    };
  }

  #read(raw: common.Block): ParsedBlock {
    try {
      return parseBlock(raw);
    } catch (cause) {
      throw new ChainBroken(this.#next, 'unreadable', { cause });
    }
  }

  #acceptGenesis(raw: common.Block, headerHash: Buffer): true {
    this.#genesis = headerHash.toString('base64url');
    if (this.expectedGenesis !== undefined && this.#genesis !== this.expectedGenesis) throw new ChainBroken(0n, 'genesis');
    try {
      this.#authority = BlockAuthority.ofGenesis(raw);
    } catch (cause) {
      throw new ChainBroken(0n, 'unreadable', { cause });
    }
    return true;
  }

  /** @returns whether the block changes the configuration */
  #assertOrdered(raw: common.Block, blockNumber: bigint): boolean {
    try {
      if (this.#refusalOf(raw) !== undefined) throw new ChainBroken(blockNumber, 'orderer-signatures');
      return this.#authority?.follow(raw) === true;
    } catch (cause) {
      if (cause instanceof ConfigurationUnread) throw new ChainBroken(blockNumber, 'unreadable', { cause });
      throw cause;
    }
  }

  #refusalOf(raw: common.Block): string | undefined {
    try {
      return this.#authority?.refusalOf(raw);
    } catch (error) {
      if (error instanceof BuriedSignatures) return error.message;
      throw error;
    }
  }
}

/** How long a peer may take for the next of the blocks that it says it has. */
const NEXT_BLOCK_MILLIS = 20_000;

/** Sees each block that holds, in order. */
export type ChainVisitor = (block: FollowedBlock) => void | Promise<void>;

export interface ChainCheck {
  readonly expectedGenesis?: string;
  readonly visit?: ChainVisitor;
  /** The last block to be checked; left out, the peer's newest. */
  readonly upTo?: bigint;
}

/**
 * Reads a peer's blocks from the first to its newest, whose number it is asked for first, and verifies them.
 * @throws {@link ChainBroken} at the first fault, `cut-off` where a block that the peer says it has does not come.
 */
export async function verifyChain(source: BlockSource, check: ChainCheck = {}): Promise<ChainReport> {
  const verifier = new ChainVerifier(check.expectedGenesis);
  const newest = await source.newest(NEXT_BLOCK_MILLIS);
  const last = check.upTo !== undefined && check.upTo < newest ? check.upTo : newest;
  let read = -1n;
  await readBlocks(
    (start) => source.open(start),
    async (raw) => {
      const block = verifier.add(raw);
      await check.visit?.(block);
      read = block.blockNumber;
      return read < last;
    },
  );
  if (read < last) throw new ChainBroken(read + 1n, 'cut-off');
  return verifier.report();
}

/** base64url of block 0's header hash: how everybody names this network. */
export async function readGenesis(open: OpenBlocks): Promise<string> {
  let genesis = '';
  await readBlocks(open, (block) => {
    genesis = parseBlock(block).headerHash.toString('base64url');
    return Promise.resolve(false);
  });
  if (genesis === '') throw new Unavailable('the peer delivered no block');
  return genesis;
}

/** Reads from block 0 until `take` has enough or none has come for a while. */
async function readBlocks(open: OpenBlocks, take: (block: common.Block) => Promise<boolean>): Promise<void> {
  const stream = await open(0n);
  const quiet = new AbortController();
  const stop = (): void => {
    quiet.abort();
    stream.close();
  };
  let timer = setTimeout(stop, NEXT_BLOCK_MILLIS);
  try {
    for await (const block of stream) {
      clearTimeout(timer);
      if (!(await take(block))) return;
      timer = setTimeout(stop, NEXT_BLOCK_MILLIS);
    }
  } catch (error) {
    // closing a gRPC stream ends its iteration with CANCELLED
    if (!quiet.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    stream.close();
  }
}
