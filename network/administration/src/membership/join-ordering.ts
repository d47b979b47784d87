import { type common, marshal } from '@lianyi/fabric-protocol';
import { askAction, OperatorError, type OrdererEndpoint, ordersChannel, type Organization } from '@lianyi/network-model';
import { channelAtOrderer, type ChannelInfo, joinOrderer } from '../channel-participation';
import { isConsenter, putConsenter, setEndpoints } from '../channel-update/orderer-change';
import { updateChannel } from '../channel-update/update-channel';
import { type Progress } from '../progress';
import { type Signature } from './membership-updates';
import { type OpenNetwork } from './open-network';
import { type OrderingState, refuseRiskyJoin } from './ordering-risk';
import {
  administered,
  becomes,
  channelNames,
  consenterOf,
  endpointOf,
  groupOf,
  knownTo,
  lookAtOrdering,
  newestConfigBlock,
  ordererOf,
  type OrderingMember,
  peersOn,
  reportOrdering,
} from './ordering-service';

const FOLLOW_MILLIS = 120_000;
const ORDER_MILLIS = 60_000;
/**
 * A follower looks for new blocks every 0.5 s, in the end only every 10 s, and an orderer started anew begins at 0.5 s
 * (orderer/common/follower/options.go HeightPollMinInterval, HeightPollMaxInterval).
 */
const IMPATIENT_MILLIS = 4_000;

/** @throws {@link OperatorError} `QUORUM_AT_RISK` — before anything is changed. */
export async function refuseOrdererAtRisk(network: OpenNetwork, newcomer: Organization): Promise<void> {
  const { consortium } = network.definition;
  const after = { ...consortium, organizations: [...consortium.organizations, newcomer] };
  for (const channel of channelNames(network).filter((name) => ordersChannel(after, name, newcomer))) {
    const state = await lookAtOrdering(network, channel);
    if (state) refuseRiskyJoin(channel, state);
  }
}

/**
 * Lets an organisation's orderer take part in ordering the channels it may: first it follows and draws all blocks while it counts
 * for nothing; then it becomes a consenter, signed by the other orderers' organisations; when it takes part, its organisation
 * itself publishes its address, where that does not stand there yet. What is done already is passed over.
 */
export async function joinOrdering(
  network: OpenNetwork,
  organization: Organization,
  { signers, askAll }: Signature,
  progress: Progress,
): Promise<readonly OrderingMember[]> {
  const node = ordererOf(network, organization);
  const joined: OrderingMember[] = [];
  for (const channel of channelNames(network).filter((name) => ordersChannel(network.definition.consortium, name, organization))) {
    const before = await lookAtOrdering(network, channel);
    if (!before) continue;
    await follow(network, node, channel, progress);
    // the newcomer is an orderer's organisation by now and signs, too: of n + 1 a majority may be one more than of n
    const isLet = await order(network, node, before, { channel, signers: [...signers, organization], askAll }, progress);
    await takePart(network, node, channel, progress);
    const isAnnounced = await announce(network, node, channel, progress);
    joined.push(await reportOrdering(network, { channel, isChanged: isLet || isAnnounced, before }, progress));
  }
  return joined;
}

interface ConsenterUpdate {
  readonly channel: string;
  readonly signers: readonly Organization[];
  readonly askAll: boolean;
}

/** Makes it a consenter; whether it was none. */
async function order(
  network: OpenNetwork,
  node: OrdererEndpoint,
  state: OrderingState,
  { channel, signers, askAll }: ConsenterUpdate,
  progress: Progress,
): Promise<boolean> {
  const consenter = consenterOf(network.dataDir, node);
  const group = await groupOf(network, channel);
  if (isConsenter(group, consenter)) return false;
  refuseRiskyJoin(channel, state);
  const change = (changed: common.ConfigGroup): void => {
    putConsenter(changed, consenter);
  };
  const update = await updateChannel(
    network,
    { channel, witnesses: peersOn(network, channel), signers: knownTo(group, signers), askAll, but: consenter.mspId, change },
    progress,
  );
  return update !== undefined;
}

async function highest(network: OpenNetwork, node: OrdererEndpoint, channel: string): Promise<number> {
  const others = network.orderers.filter(({ name }) => name !== node.name);
  const infos = await Promise.all(others.map((other) => channelAtOrderer(network.dataDir, administered(other), channel)));
  return Math.max(0, ...infos.map((info) => info?.height ?? 0));
}

/** Gives the orderer the newest configuration block and waits until it has drawn all blocks that the others have now. */
async function follow(network: OpenNetwork, node: OrdererEndpoint, channel: string, progress: Progress): Promise<void> {
  if (!(await channelAtOrderer(network.dataDir, administered(node), channel))) {
    const block = await newestConfigBlock(network, channel, node);
    await joinOrderer(network.dataDir, administered(node), marshal(block));
  }
  const height = await highest(network, node, channel);
  if (!(await becomes(network, node, channel, FOLLOW_MILLIS, (info) => info.status === 'active' && info.height >= height)))
    throw new OperatorError(
      'TIMEOUT',
      `${node.name} did not draw the ${height} blocks of ${channel} within ${FOLLOW_MILLIS} ms; run the verb again`,
    );
  progress(`${node.name} follows ${channel} and has its ${height} blocks`);
}

/** Waits until the consenter works. One that has not noticed for a while that it is one is started anew: then it looks at once. */
async function takePart(network: OpenNetwork, node: OrdererEndpoint, channel: string, progress: Progress): Promise<void> {
  const height = await highest(network, node, channel);
  const isPart = (info: ChannelInfo): boolean =>
    info.consensusRelation === 'consenter' && info.status === 'active' && info.height >= height;
  const begun = Date.now();
  if (!(await becomes(network, node, channel, IMPATIENT_MILLIS, isPart))) {
    await askAction(network.dataDir, node.name, 'restart');
    if (!(await becomes(network, node, channel, ORDER_MILLIS, isPart)))
      throw new OperatorError('TIMEOUT', `${node.name} is a consenter of ${channel} and does not take part after ${ORDER_MILLIS} ms`);
  }
  progress(`${node.name} takes part in ordering ${channel} (${Date.now() - begun} ms after it was let)`);
}

/** Publishes its address; whether it was not published. */
async function announce(network: OpenNetwork, node: OrdererEndpoint, channel: string, progress: Progress): Promise<boolean> {
  const { organization } = node;
  const change = (group: common.ConfigGroup): void => {
    setEndpoints(group, organization.mspId, [endpointOf(node)]);
  };
  const update = await updateChannel(network, { channel, witnesses: peersOn(network, channel), signers: [organization], change }, progress);
  return update !== undefined;
}
