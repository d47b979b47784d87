import { join } from 'node:path';
import { digestOfIndex, type IndexDigest } from './ledger-index/index-digest';
import { type NodeConfig } from './node-config';

/** Where a node keeps what it has followed. */
export function indexFileOf({ dataDir }: Pick<NodeConfig, 'dataDir'>): string {
  return join(dataDir, 'index.sqlite');
}

/**
 * A digest of what a node's database holds, at the height that it names; the node may be running.
 * @throws {@link DomainError} `DATABASE_UNUSABLE` — it has none yet, or none that can be read
 */
export function digestOfNode(config: Pick<NodeConfig, 'dataDir' | 'mspId'>): IndexDigest {
  return digestOfIndex(indexFileOf(config), config.mspId);
}
