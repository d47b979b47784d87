import { type BlockSource } from '../gateway/block-source';
import { type ParsedBlock } from '../gateway/block';
import { verifyChain } from './verify-chain';

/** A transaction of which two peers say different things. */
export interface FlagDifference {
  readonly blockNumber: string;
  readonly transactionIndex: number;
  readonly transactionId: string;
  readonly codes: readonly [one: number, other: number];
}

/**
 * Collects what a peer says of each transaction: nobody signs these flags, every peer works them out for itself, so that two
 * members' peers are held against each other.
 */
export class ValidityFlags {
  readonly #codes: (readonly number[])[] = [];

  readonly visit = ({ transactions }: ParsedBlock): void => {
    this.#codes.push(transactions.map(({ validationCode }) => validationCode));
  };

  /**
   * Verifies another peer's chain as far as this one was visited, and compares.
   * @returns how many blocks were compared, and the first transaction on which the two differ
   * @throws {@link ChainBroken} — of the other peer's chain.
   */
  async compareWith(
    other: BlockSource,
    expectedGenesis: string,
  ): Promise<{ readonly blocks: number; readonly difference?: FlagDifference }> {
    let difference: FlagDifference | undefined;
    const report = await verifyChain(other, {
      expectedGenesis,
      upTo: BigInt(this.#codes.length - 1),
      visit: (block) => {
        difference ??= this.#differenceIn(block);
      },
    });
    return { blocks: report.blocks, ...(difference === undefined ? {} : { difference }) };
  }

  #differenceIn({ blockNumber, transactions }: ParsedBlock): FlagDifference | undefined {
    const own = this.#codes[Number(blockNumber)] ?? [];
    const differing = transactions.find(({ validationCode, transactionIndex }) => own[transactionIndex] !== validationCode);
    if (differing === undefined) return undefined;
    const { transactionIndex, transactionId, validationCode } = differing;
    return { blockNumber: String(blockNumber), transactionIndex, transactionId, codes: [own[transactionIndex] ?? -1, validationCode] };
  }
}
