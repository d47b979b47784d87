import { allDone, type Channel, channelSchema, channelsOf, OperatorError } from '@lianyi/network-model';
import { joinChannel, joinedChannels } from '../lifecycle';
import { OpenNetwork } from '../membership/open-network';
import { type Progress } from '../progress';

export interface ChannelRequest {
  readonly name: string;
  /** By MSP id, name or domain; all organisations that do more than order, if empty. */
  readonly organizations: readonly string[];
}
export interface CreatedChannel {
  readonly channel: string;
  /** MSP ids. */
  readonly organizations: readonly string[];
  readonly peers: readonly string[];
  /** `completed`: it was there and some peer was not in; `unchanged`: everybody was. */
  readonly result: 'created' | 'completed' | 'unchanged';
}

function refuseMembers(network: OpenNetwork, members: readonly string[]): void {
  const organizations = members.map((mspId) => network.organization(mspId));
  const onlyOrders = organizations.find(({ roles }) => roles.every((role) => role === 'orderer'));
  if (onlyOrders) throw new OperatorError('UNKNOWN_NAME', `${onlyOrders.mspId} only orders; it cannot be a member of a channel`);
  if (!organizations.some(({ roles }) => roles.includes('peer')))
    throw new OperatorError('UNKNOWN_NAME', 'a channel needs at least one organisation with a peer');
  const isOrdered = network.orderers.some(({ organization: { mspId, roles } }) => members.includes(mspId) || !roles.includes('peer'));
  if (!isOrdered)
    throw new OperatorError(
      'UNKNOWN_NAME',
      "nobody would order the channel: its members' orderers do, and those of organisations without a peer",
    );
}

/** The channel as asked for. @throws {@link OperatorError} `UNKNOWN_NAME`. */
function requested(network: OpenNetwork, { name, organizations }: ChannelRequest): Channel {
  const named = [...new Set(organizations.map((organization) => network.organization(organization).mspId))];
  const everybody = network.organizations.filter(({ roles }) => roles.some((role) => role !== 'orderer')).map(({ mspId }) => mspId);
  const members = named.length === 0 ? everybody : named;
  refuseMembers(network, members);
  const parsed = channelSchema.safeParse({ name, organizations: members, batch: network.consortium.channel.batch });
  if (parsed.success) return parsed.data;
  throw new OperatorError(
    'UNKNOWN_NAME',
    `'${name}' cannot be the name of a channel: lower-case letters, digits, dots and dashes, a letter first`,
  );
}

function refuseOtherMembers({ name }: Channel, members: readonly string[], wanted: readonly string[]): void {
  const isSame = members.length === wanted.length && members.every((mspId) => wanted.includes(mspId));
  if (!isSame)
    throw new OperatorError(
      'STATE_MISMATCH',
      `channel ${name} is there with the members ${members.join(', ')}; a channel keeps those it was made with`,
    );
}

/**
 * Makes a channel of some organisations on a running network: first block, orderers, then their peers. Nothing stays of one that
 * the orderers did not take; what a killed call left undone is done by the next, or by the next start.
 */
export async function createChannel(network: OpenNetwork, request: ChannelRequest, progress: Progress): Promise<CreatedChannel> {
  const channel = requested(network, request);
  const { consortium, amendments } = network.definition;
  const existing = channelsOf(consortium).find(({ name }) => name === channel.name);
  if (existing && request.organizations.length > 0) refuseOtherMembers(channel, existing.organizations, channel.organizations ?? []);
  if (!existing) {
    (await network.amend({ ...amendments, channels: [...amendments.channels, channel] })).close();
  }
  const made = await OpenNetwork.open(network.dataDir, channel.name);
  try {
    if (!existing) progress(`${channel.name} is ordered by ${made.channelOrderers.map(({ name }) => name).join(', ')}`);
    const joined = await joinAll(made, progress);
    return {
      channel: channel.name,
      organizations: made.organizations.map(({ mspId }) => mspId),
      peers: made.allPeers.map(({ node }) => node.name),
      result: !existing ? 'created' : joined === 0 ? 'unchanged' : 'completed',
    };
  } finally {
    made.close();
  }
}

/** Answers how many peers were not in yet. */
async function joinAll(network: OpenNetwork, progress: Progress): Promise<number> {
  const block = network.genesisBlock();
  let joined = 0;
  await allDone(
    network.allPeers.map(async (client) => {
      if ((await joinedChannels(client)).includes(network.channel)) return;
      await joinChannel(client, block);
      joined++;
      progress(`${client.node.name} joined ${network.channel}`);
    }),
  );
  return joined;
}
