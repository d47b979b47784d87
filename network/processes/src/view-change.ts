import { callNode, nodeIdentity, organizationPaths } from '@lianyi/network-model';
import { type PlannedOrderer } from './plan';

const LOOK_MILLIS = 2_000;

function gauge(metrics: string, name: string): ReadonlyMap<string, number> {
  const lines = metrics.matchAll(new RegExp(`^consensus_smartbft_viewchange_${name}\\{channel="([^"]+)"\\} (\\S+)$`, 'gm'));
  return new Map([...lines].map(([, channel = '', value = '']) => [channel, Number(value)]));
}

/**
 * Channels of which a SmartBFT orderer's metrics say that it wants another leader and has not got one. If it is the only one, it
 * no longer votes: it draws the blocks of the others every few seconds, so that its height goes on and its status says `active`,
 * and the channel stands still as soon as its vote is needed. Seen where a newcomer missed its leader's heartbeats on a busy
 * machine.
 * @remarks Source: SmartBFT internal/bft/viewchanger.go startViewChange, informNewView.
 */
export function viewChangesIn(metrics: string): readonly string[] {
  const current = gauge(metrics, 'current_view');
  return [...gauge(metrics, 'next_view')].filter(([channel, next]) => next > (current.get(channel) ?? next)).map(([channel]) => channel);
}

/** None where the orderer gives no answer, or orders by Raft. */
export async function viewChangesAt(dataDir: string, node: PlannedOrderer): Promise<readonly string[]> {
  const identity = nodeIdentity(organizationPaths(dataDir, node.organization).node('orderer').tls);
  try {
    const { status, body } = await callNode({ port: node.ports.operations, path: '/metrics', identity, timeoutMillis: LOOK_MILLIS });
    return status === 200 ? viewChangesIn(body) : [];
  } catch {
    return [];
  }
}
