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

/**
 * Looks at block 0 of the peers that a changed connection profile names, before anything is asked of them; closes their connections.
 * @throws {@link DomainError} `GENESIS_MISMATCH` — it is another network's; Error — none of them gives its block 0 now.
 */
export async function assertPeersOfNetwork(
  genesis: string,
  own: Pick<BlockSource, 'open'> & { readonly count: number; close(): void },
): Promise<void> {
  try {
    let failure: unknown;
    // each opening asks the next peer
    for (let turn = 0; turn < own.count; turn += 1) {
      try {
        const present = await readGenesis((startBlock) => own.open(startBlock));
        if (present === genesis) return;
        failure = new DomainError('GENESIS_MISMATCH', 'the peers that the connection profile names now are of another network', {
          present,
        });
        break;
      } catch (error) {
        failure = new Error('no own peer that it names gives its block 0', { cause: error });
      }
    }
    throw failure;
  } finally {
    own.close();
  }
}
