import { type RunningNetwork } from '@lianyi/network-model';

/** Number of blocks of the consortium's own channel, where a node has most. */
export async function heightOfNetwork(network: RunningNetwork): Promise<number> {
  const { nodes } = await network.status();
  return Math.max(...nodes.map(({ height = 0 }) => height));
}

/** Process ids of the chaincode services that run. */
export async function chaincodePids(network: RunningNetwork): Promise<readonly number[]> {
  const { nodes } = await network.status();
  return nodes.flatMap(({ kind, pid }) => (kind === 'chaincode' && pid !== undefined ? [pid] : []));
}
