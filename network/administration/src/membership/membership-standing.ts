import { type Organization, type Sentence } from '@lianyi/network-model';
import { isMember } from '../channel-update/membership-change';
import { isConsenter, isOrdererOrganization } from '../channel-update/orderer-change';
import { joinedChannels } from '../lifecycle';
import { type AdminSession } from '../session/admin-session';
import { type ChannelHandle } from '../session/channel-handle';
import { consenterOf } from './ordering-service';
import { listed, onEveryChannel, type Standing } from '../session/standing';

/** What a channel has of an organisation; `undefined`: nothing, and it is not to have anything. */
async function standingOn(session: AdminSession, channel: ChannelHandle, organization: Organization): Promise<Sentence | undefined> {
  const { mspId } = organization;
  const config = await channel.newestConfig();
  const group = config.getChannelGroup();
  if (!group) return undefined;
  const [member, orders] = [isMember(group, mspId), isOrdererOrganization(group, mspId)];
  if (!member && !orders && !channel.isOwn) return undefined;
  return listed([
    {
      en: `configuration ${config.getSequence()} ${member ? 'has' : 'does not have'} ${mspId} as a member`,
      zh: `第 ${config.getSequence()} 号配置中 ${mspId} ${member ? '是' : '不是'}成员`,
    },
    ...(member ? [await peerStanding(session, channel, organization)] : []),
    ...(orders ? [orderingStanding(session, channel, organization, group)] : []),
  ]);
}

async function peerStanding(session: AdminSession, channel: ChannelHandle, organization: Organization): Promise<Sentence> {
  if (!organization.roles.includes('peer')) return { en: 'it has no peer', zh: '它没有 peer 节点' };
  try {
    const isJoined = (await joinedChannels(session.peerOf(organization))).includes(channel.name);
    return isJoined
      ? { en: 'its peer has joined', zh: '其 peer 节点已加入' }
      : { en: 'its peer has not joined yet', zh: '其 peer 节点尚未加入' };
  } catch {
    return { en: 'its peer does not answer', zh: '其 peer 节点没有应答' };
  }
}

function orderingStanding(
  session: AdminSession,
  channel: ChannelHandle,
  organization: Organization,
  group: Parameters<typeof isConsenter>[0],
): Sentence {
  try {
    return isConsenter(group, consenterOf(channel.dataDir, session.ordererOf(organization)))
      ? { en: 'its orderer is a consenter', zh: '其排序节点是共识节点' }
      : { en: 'its orderer is no consenter', zh: '其排序节点不是共识节点' };
  } catch {
    // its certificates are gone, or it has left the record
    return { en: 'its orderer is not known here', zh: '其排序节点在此未知' };
  }
}

/** Where a join stands that ended half-way. */
export async function standingOfJoin(session: AdminSession, newcomer: Organization): Promise<Standing> {
  const { mspId } = newcomer;
  const found = await onEveryChannel(session, (channel) => standingOn(session, channel, newcomer));
  return {
    found,
    next: {
      en: `the same addOrg completes it, 'removeOrg --organization ${mspId}' takes it back`,
      zh: `再次运行同一 addOrg 可完成，removeOrg --organization ${mspId} 则撤回`,
    },
  };
}

/** Where a departure stands that ended half-way. */
export async function standingOfLeave(session: AdminSession, leaver: Organization): Promise<Standing> {
  const found = await onEveryChannel(session, (channel) => standingOn(session, channel, leaver));
  return {
    found,
    next: {
      en: `the same removeOrg completes it, addOrg with the same names takes ${leaver.mspId} in again`,
      zh: `再次运行同一 removeOrg 可完成，用相同名称运行 addOrg 则让 ${leaver.mspId} 重新加入`,
    },
  };
}
