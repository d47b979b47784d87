import { marshal } from '@lianyi/fabric-protocol';
import { askAction, OperatorError, ordersChannel, type Organization } from '@lianyi/network-model';
import { channelAtOrderer, type ChannelInfo, joinOrderer } from '../channel-participation';
import { isConsenter, withConsenter, withEndpoints } from '../channel-update/orderer-change';
import { type Progress } from '../progress';
import { type AdminSession } from '../session/admin-session';
import { type Agreement } from '../session/signed-edit';
import { type OrderingState, refuseRiskyJoin } from './ordering-risk';
import {
  administered,
  type ChannelOrderer,
  consenterOf,
  endpointOf,
  lookAtOrdering,
  newestConfigBlock,
  type OrderingMember,
  reportOrdering,
  waitForParticipation,
} from './ordering-service';

const FOLLOW_MILLIS = 120_000;
const PARTICIPATION_MILLIS = 60_000;
/**
 * A follower looks for new blocks every 0.5 s, in the end only every 10 s, and an orderer started anew begins at 0.5 s
 * (orderer/common/follower/options.go HeightPollMinInterval, HeightPollMaxInterval).
 */
const RESTART_AFTER_MILLIS = 4_000;

/** @throws {@link OperatorError} `QUORUM_AT_RISK` — before anything is changed. */
export async function refuseOrdererAtRisk(session: AdminSession, newcomer: Organization): Promise<void> {
  const { consortium } = session.network;
  const after = { ...consortium, organizations: [...consortium.organizations, newcomer] };
  for (const channel of session.channels.filter(({ name }) => ordersChannel(after, name, newcomer))) {
    const state = await lookAtOrdering(channel);
    if (state) refuseRiskyJoin(channel.name, state);
  }
}

/**
 * Has an organisation's orderer join the ordering of the channels it may order: it follows and draws all blocks while it does
 * not count; then it becomes a consenter, signed by the other orderers' organisations; when it takes part, its own organisation
 * publishes its address, unless it is published. What is done already is passed over.
 */
export async function joinOrdering(
  session: AdminSession,
  organization: Organization,
  about: Agreement,
  progress: Progress,
): Promise<readonly OrderingMember[]> {
  const node = session.ordererOf(organization);
  // the newcomer is an orderer's organisation by now and signs, too: of n + 1 a majority may be one more than of n
  const agreement = { ...about, signers: [...about.signers, organization] };
  const joined: OrderingMember[] = [];
  for (const channel of session.channels.filter(({ name }) => ordersChannel(session.network.consortium, name, organization))) {
    const before = await lookAtOrdering(channel);
    if (!before) continue;
    const member = { channel, node };
    await follow(member, progress);
    const isAdded = await becomeConsenter(member, before, agreement, progress);
    await takePart(member, progress);
    const isAnnounced = await announce(member, progress);
    joined.push(await reportOrdering(channel, { isChanged: isAdded || isAnnounced, before }, progress));
  }
  return joined;
}

/** Makes the orderer a consenter; answers whether it was none. */
async function becomeConsenter(
  { channel, node }: ChannelOrderer,
  state: OrderingState,
  agreement: Agreement,
  progress: Progress,
): Promise<boolean> {
  const consenter = consenterOf(channel.dataDir, node);
  if (isConsenter(await channel.config(), consenter)) return false;
  refuseRiskyJoin(channel.name, state);
  return (await channel.change(agreement, withConsenter(consenter), progress)) !== undefined;
}

/** Number of blocks that the furthest of the other orderers has. */
async function highestOfOthers({ channel, node }: ChannelOrderer): Promise<number> {
  const others = channel.session.orderers.filter(({ name }) => name !== node.name);
  const infos = await Promise.all(others.map((other) => channelAtOrderer(channel.dataDir, administered(other), channel.name)));
  return Math.max(0, ...infos.map((info) => info?.height ?? 0));
}

/** Gives the orderer the newest configuration block and waits until it has drawn all blocks that the others have now. */
async function follow(member: ChannelOrderer, progress: Progress): Promise<void> {
  const { channel, node } = member;
  if (!(await channelAtOrderer(channel.dataDir, administered(node), channel.name))) {
    const block = await newestConfigBlock(channel, node);
    await joinOrderer(channel.dataDir, administered(node), marshal(block));
  }
  const height = await highestOfOthers(member);
  const isLevel = (info: ChannelInfo): boolean => info.status === 'active' && info.height >= height;
  if (!(await waitForParticipation(member, FOLLOW_MILLIS, isLevel)))
    throw new OperatorError('TIMEOUT', {
      en: `${node.name} did not draw the ${height} blocks of ${channel.name} within ${FOLLOW_MILLIS} ms; run the verb again`,
      zh: `${node.name} 没有在 ${FOLLOW_MILLIS} 毫秒内取得 ${channel.name} 的 ${height} 个区块；请再运行一次`,
    });
  progress({
    en: `${node.name} follows ${channel.name} and has its ${height} blocks`,
    zh: `${node.name} 跟随 ${channel.name}，已有其 ${height} 个区块`,
  });
}

/** Waits until the consenter takes part. One that has not noticed for a while that it is one is restarted: then it looks at once. */
async function takePart(member: ChannelOrderer, progress: Progress): Promise<void> {
  const { channel, node } = member;
  const height = await highestOfOthers(member);
  const isPart = (info: ChannelInfo): boolean =>
    info.consensusRelation === 'consenter' && info.status === 'active' && info.height >= height;
  const begun = Date.now();
  if (!(await waitForParticipation(member, RESTART_AFTER_MILLIS, isPart))) {
    await askAction(channel.dataDir, node.name, 'restart');
    if (!(await waitForParticipation(member, PARTICIPATION_MILLIS, isPart)))
      throw new OperatorError('TIMEOUT', {
        en: `${node.name} is a consenter of ${channel.name} and does not take part after ${PARTICIPATION_MILLIS} ms`,
        zh: `${node.name} 是 ${channel.name} 的共识节点，${PARTICIPATION_MILLIS} 毫秒后仍未参与`,
      });
  }
  const millis = Date.now() - begun;
  progress({
    en: `${node.name} takes part in ordering ${channel.name} (${millis} ms after it was let)`,
    zh: `${node.name} 参与 ${channel.name} 的排序（获准后 ${millis} 毫秒）`,
  });
}

/** Publishes the orderer's address; answers whether it was not published. */
async function announce({ channel, node }: ChannelOrderer, progress: Progress): Promise<boolean> {
  const { organization } = node;
  const update = await channel.change({ signers: [organization] }, withEndpoints(organization.mspId, [endpointOf(node)]), progress);
  return update !== undefined;
}
