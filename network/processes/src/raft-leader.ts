import { callNode, nodeIdentity, orderingOf, organizationPaths, waitUntil } from '@lianyi/network-model';
import { type FabricPlan, type PlannedOrderer } from './plan';

const ELECTION = { timeoutMillis: 30_000, everyMillis: 50 };

/**
 * Channels of which this orderer's metrics say that it leads them.
 * @remarks Source: fabric orderer/consensus/etcdraft/metrics.go (isLeaderOpts); set when it has been elected and takes requests.
 */
export function channelsLed(metrics: string): readonly string[] {
  return [...metrics.matchAll(/^consensus_etcdraft_is_leader\{channel="([^"]+)"\} 1$/gm)].flatMap(([, channel]) => channel ?? []);
}

async function ledBy(dataDir: string, node: PlannedOrderer): Promise<readonly string[]> {
  const identity = nodeIdentity(organizationPaths(dataDir, node.organization).node('orderer').tls);
  try {
    const { status, body } = await callNode({ port: node.ports.operations, path: '/metrics', identity, timeoutMillis: 2_000 });
    return status === 200 ? channelsLed(body) : [];
  } catch {
    return []; // one that is down leads nothing
  }
}

/**
 * Returns when each of these channels has a leader: without one an orderer refuses every transaction ("no Raft leader"). SmartBFT
 * begins with a leader that needs no election.
 * @throws {@link OperatorError} `TIMEOUT` naming the channel.
 */
export async function leadersElected(plan: FabricPlan, channels: readonly string[]): Promise<void> {
  if (orderingOf(plan.consortium) === 'bft') return;
  let waiting = channels;
  const areElected = async (): Promise<boolean> => {
    const led = new Set((await Promise.all(plan.orderers.map((node) => ledBy(plan.folders.dataDir, node)))).flat());
    waiting = channels.filter((channel) => !led.has(channel));
    return waiting.length === 0;
  };
  await waitUntil(
    () => ({ en: `the orderers elected no leader for ${waiting.join(', ')}`, zh: `排序节点没有为 ${waiting.join('、')} 选出主节点` }),
    areElected,
    ELECTION,
  );
}
