import { type common } from '@hyperledger/fabric-protos';
import { Unavailable } from '@lianyi/domain';
import { parseBlock } from '../gateway/block';
import { type OpenBlocks } from '../gateway/block-source';

/** Where and how a peer's chain fails to hold together. */
export class ChainBroken extends Error {
  override readonly name = 'ChainBroken';

  constructor(
    readonly blockNumber: bigint,
    readonly fault: 'number' | 'previous-hash' | 'data-hash' | 'genesis' | 'unreadable',
    options?: ErrorOptions,
  ) {
    super(`block ${blockNumber}: ${fault}`, options);
  }
}

/** What a verified chain amounts to. Comparing `tipHash` with other members' peers shows that all tell the same story. */
export interface ChainReport {
  readonly blocks: number;
  readonly transactions: number;
  /** Transactions that stand in a block but had no effect (conflicts and the like). */
  readonly invalidTransactions: number;
  /** base64url of block 0's header hash, as profiles and the ledger state it. */
  readonly genesis: string;
  readonly tipNumber: string;
  readonly tipHash: string;
}

/**
 * Checks blocks one after another from block 0: numbers without gaps, each header quoting the hash of the one before,
 * each header's data hash over the transactions delivered.
 * @remarks Source: Fabric protoutil/blockutils.go BlockHeaderHash and ComputeBlockDataHash.
 */
export class ChainVerifier {
  #next = 0n;
  #previousHash: Buffer = Buffer.alloc(0);
  #genesis = '';
  #transactions = 0;
  #invalidTransactions = 0;

  /** @param expectedGenesis what the profile says the network is; another block 0 is another network. */
  constructor(private readonly expectedGenesis?: string) {}

  /** @throws {@link ChainBroken} at the first block that does not fit; nothing after it is to be trusted. */
  add(raw: common.Block): void {
    const block = this.#read(raw);
    if (block.blockNumber !== this.#next) throw new ChainBroken(this.#next, 'number');
    if (!block.previousHash.equals(this.#previousHash)) throw new ChainBroken(block.blockNumber, 'previous-hash');
    if (!block.dataHashMatches) throw new ChainBroken(block.blockNumber, 'data-hash');
    if (this.#next === 0n) this.#acceptGenesis(block.headerHash);
    this.#transactions += block.transactions.length;
    this.#invalidTransactions += block.transactions.filter(({ validationCode }) => validationCode !== 0).length;
    this.#previousHash = block.headerHash;
    this.#next += 1n;
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

  #read(raw: common.Block): ReturnType<typeof parseBlock> {
    try {
      return parseBlock(raw);
    } catch (cause) {
      throw new ChainBroken(this.#next, 'unreadable', { cause });
    }
  }

  #acceptGenesis(headerHash: Buffer): void {
    this.#genesis = headerHash.toString('base64url');
    if (this.expectedGenesis !== undefined && this.#genesis !== this.expectedGenesis) throw new ChainBroken(0n, 'genesis');
  }
}

/**
 * Reads a peer's blocks from the first until it has had none newer for `quietMillis`, and verifies them.
 * A block stream of the gateway has no end of its own, and asking for the height would need a system chaincode that not every network offers.
 * @throws {@link ChainBroken} at the first fault; {@link Unavailable} when the peer delivers nothing.
 */
export async function verifyChain(
  open: OpenBlocks,
  options: { readonly expectedGenesis?: string; readonly quietMillis?: number } = {},
): Promise<ChainReport> {
  const verifier = new ChainVerifier(options.expectedGenesis);
  await readUntilQuiet(open, options.quietMillis ?? 1_000, (block) => {
    verifier.add(block);
    return true;
  });
  return verifier.report();
}

/** base64url of block 0's header hash: how everybody names this network. */
export async function readGenesis(open: OpenBlocks): Promise<string> {
  let genesis = '';
  await readUntilQuiet(open, 0, (block) => {
    genesis = parseBlock(block).headerHash.toString('base64url');
    return false;
  });
  return genesis;
}

/** The first block may take the peer a connection to deliver; from then on silence means the end. */
const FIRST_BLOCK_MILLIS = 10_000;

async function readUntilQuiet(open: OpenBlocks, quietMillis: number, take: (block: common.Block) => boolean): Promise<void> {
  const stream = await open(0n);
  let received = 0;
  const quiet = new AbortController();
  const stop = (): void => {
    quiet.abort();
    stream.close();
  };
  let timer = setTimeout(stop, FIRST_BLOCK_MILLIS);
  try {
    for await (const block of stream) {
      clearTimeout(timer);
      received += 1;
      if (!take(block)) return;
      timer = setTimeout(stop, quietMillis);
    }
  } catch (error) {
    // closing a gRPC stream ends its iteration with CANCELLED
    if (!quiet.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    stream.close();
  }
  if (received === 0) throw new Unavailable('the peer delivered no block');
}
