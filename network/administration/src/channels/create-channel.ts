import { allDone, type Channel, channelSchema, channelsOf, OperatorError } from '@lianyi/network-model';
import { joinChannel, joinedChannels } from '../lifecycle';
import { type Progress } from '../progress';
import { type AdminSession } from '../session/admin-session';
import { type ChannelHandle } from '../session/channel-handle';
import { type Standing, withStanding } from '../session/standing';

interface ChannelRequest {
  readonly name: string;
  /** By MSP id, name or domain; all organisations that do more than order, if empty. */
  readonly organizations: readonly string[];
}
interface CreatedChannel {
  readonly channel: string;
  /** MSP ids. */
  readonly organizations: readonly string[];
  readonly peers: readonly string[];
  /** `completed`: it was there and some peer was not in; `unchanged`: everybody was. */
  readonly result: 'created' | 'completed' | 'unchanged';
}

function refuseMembers(session: AdminSession, members: readonly string[]): void {
  const organizations = members.map((mspId) => session.organization(mspId));
  const onlyOrders = organizations.find(({ roles }) => roles.every((role) => role === 'orderer'));
  if (onlyOrders)
    throw new OperatorError('UNKNOWN_NAME', {
      en: `${onlyOrders.mspId} only orders; it cannot be a member of a channel`,
      zh: `${onlyOrders.mspId} 只负责排序，不能成为通道成员`,
    });
  if (!organizations.some(({ roles }) => roles.includes('peer')))
    throw new OperatorError('UNKNOWN_NAME', {
      en: 'a channel needs at least one organisation with a peer',
      zh: '通道至少需要一个有 peer 节点的组织',
    });
  const isOrdered = session.orderers.some(({ organization: { mspId, roles } }) => members.includes(mspId) || !roles.includes('peer'));
  if (!isOrdered)
    throw new OperatorError('UNKNOWN_NAME', {
      en: "nobody would order the channel: its members' orderers do, and those of organisations without a peer",
      zh: '该通道将无人排序：由其成员的排序节点以及没有 peer 节点的组织的排序节点排序',
    });
}

/** The channel as asked for. @throws {@link OperatorError} `UNKNOWN_NAME`. */
function requested(session: AdminSession, { name, organizations }: ChannelRequest): Channel {
  const named = [...new Set(organizations.map((organization) => session.organization(organization).mspId))];
  const everybody = session.organizations.filter(({ roles }) => roles.some((role) => role !== 'orderer')).map(({ mspId }) => mspId);
  const members = named.length === 0 ? everybody : named;
  refuseMembers(session, members);
  const parsed = channelSchema.safeParse({ name, organizations: members, batch: session.network.consortium.channel.batch });
  if (parsed.success) return parsed.data;
  throw new OperatorError('UNKNOWN_NAME', {
    en: `'${name}' cannot be the name of a channel: lower-case letters, digits, dots and dashes, a letter first`,
    zh: `“${name}” 不能作为通道名称：只能用小写字母、数字、点和短横，且以字母开头`,
  });
}

function refuseOtherMembers({ name }: Channel, members: readonly string[], wanted: readonly string[]): void {
  const isSame = members.length === wanted.length && members.every((mspId) => wanted.includes(mspId));
  if (!isSame)
    throw new OperatorError('STATE_MISMATCH', {
      en: `channel ${name} is there with the members ${members.join(', ')}; a channel keeps those it was made with`,
      zh: `通道 ${name} 已存在，成员为 ${members.join('、')}；通道的初始成员不变`,
    });
}

/**
 * Makes a channel of some organisations on a running network: its first block, its orderers, then their peers. Nothing stays of
 * one that the orderers did not take; what a killed call left undone is done by the next, or by the next start.
 * @throws {@link OperatorError} `UNKNOWN_NAME`; `STATE_MISMATCH` — it is there with other members.
 */
export async function createChannel(session: AdminSession, request: ChannelRequest, progress: Progress): Promise<CreatedChannel> {
  const wanted = requested(session, request);
  const existing = channelsOf(session.network.consortium).find(({ name }) => name === wanted.name);
  if (existing && request.organizations.length > 0) refuseOtherMembers(wanted, existing.organizations, wanted.organizations ?? []);
  if (!existing) await session.amend((recorded) => ({ ...recorded, channels: [...recorded.channels, wanted] }));
  const channel = session.channel(wanted.name);
  const orderers = channel.orderers.map(({ name }) => name);
  if (!existing)
    progress({
      en: `${channel.name} is ordered by ${orderers.join(', ')}`,
      zh: `${channel.name} 由 ${orderers.join('、')} 排序`,
    });
  const joined = await withStanding(
    () => joinAll(channel, progress),
    () => standingOfCreation(channel),
  );
  return {
    channel: channel.name,
    organizations: channel.organizations.map(({ mspId }) => mspId),
    peers: channel.allPeers.map(({ node }) => node.name),
    result: !existing ? 'created' : joined === 0 ? 'unchanged' : 'completed',
  };
}

/** A channel is there as soon as its orderers have taken it. */
async function standingOfCreation(channel: ChannelHandle): Promise<Standing> {
  const joined = (await channel.answering()).map(({ node }) => node.name);
  return {
    found: {
      en: `channel ${channel.name} is there, and ${joined.join(', ') || 'no peer'} joined it`,
      zh: `通道 ${channel.name} 已建立，已加入的 peer 节点：${joined.join('、') || '无'}`,
    },
    next: {
      en: 'the same createChannel has the others join; a channel cannot be taken back',
      zh: '再次运行同一 createChannel 让其余节点加入；通道不能撤回',
    },
  };
}

/** Joins all peers of the members; answers how many were not in yet. */
async function joinAll(channel: ChannelHandle, progress: Progress): Promise<number> {
  const block = channel.genesisBlock();
  let joined = 0;
  await allDone(
    channel.allPeers.map(async (client) => {
      if ((await joinedChannels(client)).includes(channel.name)) return;
      await joinChannel(client, block);
      joined++;
      progress({
        en: `${client.node.name} joined ${channel.name}`,
        zh: `${client.node.name} 已加入 ${channel.name}`,
      });
    }),
  );
  return joined;
}
