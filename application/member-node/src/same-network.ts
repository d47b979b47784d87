import { DomainError } from '@lianyi/domain';
import { type BlockSource, readGenesis } from '@lianyi/ledger-client';
import { type LedgerIndex } from './ledger-index/ledger-index';

/**
 * Compares block 0 of the own organisation's peer with the one that the index was made from. A peer that cannot be asked now is asked
 * again by the follower, which begins with the last block it has followed.
 * @param file - the index's file, for whoever has to delete it
 * @throws {@link DomainError} `INDEX_OF_ANOTHER_NETWORK`
 */
export async function assertSameNetwork(index: Pick<LedgerIndex, 'genesis'>, file: string, own: Pick<BlockSource, 'open'>): Promise<void> {
  const followed = await index.genesis();
  if (followed === undefined) return;
  const present = await readGenesis((startBlock) => own.open(startBlock)).catch(() => undefined);
  if (present !== undefined && present !== followed)
    throw new DomainError('INDEX_OF_ANOTHER_NETWORK', undefined, { file, followed, present });
}
