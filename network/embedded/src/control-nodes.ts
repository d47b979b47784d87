import { type NetworkStatus, type NodeStatus, OperatorError } from '@lianyi/network-model';
import { type ChannelRegistrar } from './channel-registrar';
import { type Orderers } from './orderers';
import { type OrganizationChaincodes } from './organization-chaincodes';
import { type Peers } from './peers';

/** The parts of a network that verbs look at and act on. */
interface NetworkNodes {
  readonly dir: string;
  readonly channel: string;
  readonly channels: ChannelRegistrar;
  readonly orderers: Orderers;
  readonly peers: Peers;
  readonly chaincodes: OrganizationChaincodes;
}

interface ControllableNode {
  start(): Promise<void>;
  stop(atOnce: boolean): Promise<void>;
}

/** @throws {@link OperatorError} `UNKNOWN_NAME`. */
export function controllableNode({ orderers, peers, chaincodes }: NetworkNodes, name: string): ControllableNode {
  const orderer = orderers.list().find((node) => node.name === name);
  if (orderer !== undefined) {
    return {
      start: () => orderer.start(),
      stop: () => {
        orderer.stop();
        return Promise.resolve();
      },
    };
  }
  if (peers.list().some((node) => node.name === name)) {
    return {
      start: () => peers.start(name),
      stop: () => {
        peers.stop(name);
        return Promise.resolve();
      },
    };
  }
  const service = chaincodes.list().find((each) => each.name === name);
  if (service === undefined) throw new OperatorError('UNKNOWN_NAME', { en: `there is no node ${name}`, zh: `没有节点 ${name}` });
  return {
    start: () => service.runtime.start(),
    stop: (atOnce) => service.runtime.halt(atOnce ? 'SIGKILL' : 'SIGTERM'),
  };
}

type Heights = Pick<NodeStatus, 'height' | 'heights'>;

/** Of each channel that the node has. */
function heightsBy(names: readonly string[], own: string, heightOf: (name: string) => number | undefined): Heights {
  const heights = Object.fromEntries(
    names.flatMap((name) => {
      const height = heightOf(name);
      return height === undefined ? [] : [[name, height] as const];
    }),
  );
  const height = heights[own];
  return { heights, ...(height !== undefined && { height }) };
}

/** Orderers and peers are no processes of their own: all of them are this one. */
export function statusOf({ dir, channel, channels, orderers, peers, chaincodes }: NetworkNodes): NetworkStatus {
  const names = channels.list().map(({ name }) => name);
  const inProcess = ({ name, port, isRunning }: InProcess, kind: 'orderer' | 'peer', heights: Heights): NodeStatus => ({
    name,
    kind,
    port,
    restarts: 0,
    stopped: !isRunning,
    ...(isRunning && { pid: process.pid }),
    ...heights,
  });
  const nodes: NodeStatus[] = [
    ...orderers.list().map((node) =>
      inProcess(
        node,
        'orderer',
        heightsBy(names, channel, (id) => node.heightOf(id)),
      ),
    ),
    ...peers.list().map((node) =>
      inProcess(
        node,
        'peer',
        heightsBy(names, channel, (id) => node.channels.find(id)?.state.height),
      ),
    ),
    ...chaincodes.list().map(({ name, runtime: { pid, port, restarts, isStopped } }) => ({
      name,
      kind: 'chaincode' as const,
      port,
      restarts,
      stopped: isStopped,
      ...(pid !== undefined && { pid }),
    })),
  ];
  return { dir, channel, channels: names, nodes };
}

/** What an orderer and a peer have in common here. */
interface InProcess {
  readonly name: string;
  readonly port: number;
  readonly isRunning: boolean;
}
