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
  if (service === undefined) throw new OperatorError('UNKNOWN_NAME', `there is no node ${name}`);
  return {
    start: () => service.runtime.start(),
    stop: (atOnce) => service.runtime.halt(atOnce ? 'SIGKILL' : 'SIGTERM'),
  };
}

/** Orderers and peers are no processes of their own: all of them are this one. */
export function statusOf({ dir, channel, channels, orderers, peers, chaincodes }: NetworkNodes): NetworkStatus {
  const names = channels.list().map(({ name }) => name);
  const heightsBy = (heightOf: (name: string) => number | undefined): Pick<NodeStatus, 'height' | 'heights'> => {
    const heights = Object.fromEntries(
      names.flatMap((name) => {
        const height = heightOf(name);
        return height === undefined ? [] : [[name, height] as const];
      }),
    );
    const own = heights[channel];
    return { heights, ...(own !== undefined && { height: own }) };
  };
  const nodes: NodeStatus[] = [
    ...orderers.list().map((orderer) => ({
      name: orderer.name,
      kind: 'orderer' as const,
      restarts: 0,
      stopped: !orderer.isRunning,
      ...(orderer.isRunning && { pid: process.pid }),
      ...heightsBy((id) => orderer.heightOf(id)),
    })),
    ...peers.list().map((peer) => ({
      name: peer.name,
      kind: 'peer' as const,
      restarts: 0,
      stopped: !peer.isRunning,
      ...(peer.isRunning && { pid: process.pid }),
      ...heightsBy((id) => peer.channels.find(id)?.state.height),
    })),
    ...chaincodes.list().map(({ name, runtime: { pid, restarts, isStopped } }) => ({
      name,
      kind: 'chaincode' as const,
      restarts,
      stopped: isStopped,
      ...(pid !== undefined && { pid }),
    })),
  ];
  return { dir, channel, channels: names, nodes };
}
