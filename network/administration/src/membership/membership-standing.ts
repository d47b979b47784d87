import { type Organization } from '@lianyi/network-model';
import { isMember } from '../channel-update/membership-change';
import { isConsenter, isOrdererOrganization } from '../channel-update/orderer-change';
import { joinedChannels } from '../lifecycle';
import { type AdminSession } from '../session/admin-session';
import { type ChannelHandle } from '../session/channel-handle';
import { consenterOf } from './ordering-service';
import { onEveryChannel, type Standing } from '../session/standing';

/** What a channel has of an organisation; `undefined`: nothing, and it is not to have anything. */
async function standingOn(session: AdminSession, channel: ChannelHandle, organization: Organization): Promise<string | undefined> {
  const { mspId } = organization;
  const config = await channel.newestConfig();
  const group = config.getChannelGroup();
  if (!group) return undefined;
  const [member, orders] = [isMember(group, mspId), isOrdererOrganization(group, mspId)];
  if (!member && !orders && !channel.isOwn) return undefined;
  const parts = [
    `configuration ${config.getSequence()} ${member ? 'has' : 'does not have'} ${mspId} as a member`,
    ...(member ? [await peerStanding(session, channel, organization)] : []),
    ...(orders ? [`its orderer is ${orderingStanding(session, channel, organization, group)}`] : []),
  ];
  return parts.join(', ');
}

async function peerStanding(session: AdminSession, channel: ChannelHandle, organization: Organization): Promise<string> {
  if (!organization.roles.includes('peer')) return 'it has no peer';
  try {
    const isJoined = (await joinedChannels(session.peerOf(organization))).includes(channel.name);
    return isJoined ? 'its peer has joined' : 'its peer has not joined yet';
  } catch {
    return 'its peer does not answer';
  }
}

function orderingStanding(
  session: AdminSession,
  channel: ChannelHandle,
  organization: Organization,
  group: Parameters<typeof isConsenter>[0],
): string {
  try {
    return isConsenter(group, consenterOf(channel.dataDir, session.ordererOf(organization))) ? 'a consenter' : 'no consenter';
  } catch {
    return 'not known here'; // its certificates are gone, or it has left the record
  }
}

/** Where a join stands that ended half-way. */
export async function standingOfJoin(session: AdminSession, newcomer: Organization): Promise<Standing> {
  const { mspId } = newcomer;
  const found = await onEveryChannel(session, (channel) => standingOn(session, channel, newcomer));
  return { found, next: `the same addOrg completes it, 'removeOrg --organization ${mspId}' takes it back` };
}

/** Where a departure stands that ended half-way. */
export async function standingOfLeave(session: AdminSession, leaver: Organization): Promise<Standing> {
  const found = await onEveryChannel(session, (channel) => standingOn(session, channel, leaver));
  return { found, next: `the same removeOrg completes it, addOrg with the same names takes ${leaver.mspId} in again` };
}
