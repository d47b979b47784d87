import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type common } from '@lianyi/fabric-protocol';
import {
  describeTolerance,
  type Sentence,
  isReadyWithin,
  OperatorError,
  type OrdererEndpoint,
  type Organization,
  organizationPaths,
} from '@lianyi/network-model';
import { type AdministeredOrderer, channelAtOrderer, type ChannelInfo } from '../channel-participation';
import { type Consenter, consentersOf, needsEndpoints, orderingOfChannel } from '../channel-update/orderer-change';
import { fetchConfigBlock } from '../orderer-blocks';
import { type Progress } from '../progress';
import { type AdminSession } from '../session/admin-session';
import { type ChannelHandle } from '../session/channel-handle';
import { administratorOf } from '../session/config-signatures';
import { type OrderingState } from './ordering-risk';

/** Orderers of this network are reached at this name, as their TLS certificates have it. */
const HOST = 'localhost';
const POLL_MILLIS = 100;

/** @throws {@link OperatorError} `NOT_BUILT` — the network has no such API. */
export function administered({ name, organization, adminPort }: OrdererEndpoint): AdministeredOrderer {
  if (adminPort === undefined)
    throw new OperatorError('NOT_BUILT', { en: `${name} has no channel participation API`, zh: `${name} 没有通道参与 API` });
  return { name, organization, ports: { admin: adminPort } };
}

/** An orderer as a channel's configuration presents it, with the certificates that lie in its folders. */
export function consenterOf(dataDir: string, { name, organization, port }: OrdererEndpoint): Consenter {
  const { msp, tls } = organizationPaths(dataDir, organization).node('orderer');
  return {
    host: HOST,
    port,
    mspId: organization.mspId,
    identity: readFileSync(join(msp, 'signcerts', `${name}-cert.pem`)),
    tlsCertificate: readFileSync(join(tls, 'server.crt')),
  };
}

/** Where clients and peers find an orderer that serves. */
export const endpointOf = ({ port }: OrdererEndpoint): string => `${HOST}:${port}`;

/**
 * What stands in a channel for an organisation whose orderer does not order it yet, or not for long. Peers that draw blocks
 * from such an orderer stand still with it, and one that is no consenter says that there is no such channel (broadcast.go
 * BAD_REQUEST), at which Raft's gateways give up. So it has no address, or, where the channel wants one (V3_0), its peer's: that
 * has the right TLS certificate and orders nothing, so that everybody passes on to the next at once. An address where nobody
 * answers would hold up every orderer that draws blocks, for 5 s each time (General.Cluster.DialTimeout). `undefined`: no such
 * address is to be had.
 */
export function quietEndpoints(
  { network }: AdminSession,
  group: common.ConfigGroup,
  organization: Organization,
): readonly string[] | undefined {
  if (orderingOfChannel(group) === undefined || !needsEndpoints(group)) return [];
  const peer = network.layout.peers.find((node) => node.organization === organization.mspId);
  return peer && [`${HOST}:${peer.port}`];
}

/** The newest configuration block of a channel from any orderer but one. */
export async function newestConfigBlock({ name, session }: ChannelHandle, but: OrdererEndpoint): Promise<common.Block> {
  const others = session.orderers.filter((node) => node.name !== but.name);
  return fetchConfigBlock(session.dataDir, others, name, ({ organization }) => administratorOf(session.dataDir, organization));
}

/** An orderer on one of the channels it orders, or shall order. */
export interface ChannelOrderer {
  readonly channel: ChannelHandle;
  readonly node: OrdererEndpoint;
}

/** Polls the orderer's part in the channel until it is as wanted; answers whether it became so in time. */
export async function waitForParticipation(
  { channel, node }: ChannelOrderer,
  timeoutMillis: number,
  isReady: (info: ChannelInfo) => boolean,
): Promise<boolean> {
  const isAsWanted = async (): Promise<boolean> => {
    const info = await channelAtOrderer(channel.dataDir, administered(node), channel.name);
    return info !== undefined && isReady(info);
  };
  return isReadyWithin(isAsWanted, { timeoutMillis, everyMillis: POLL_MILLIS });
}

const takesPart = (info: ChannelInfo | undefined): boolean => info?.consensusRelation === 'consenter' && info.status === 'active';

/** How the channel is ordered at this moment; `undefined`: by one process, so that there are no consenters. */
export async function lookAtOrdering(channel: ChannelHandle): Promise<OrderingState | undefined> {
  const { session } = channel;
  const group = await channel.config();
  const ordering = orderingOfChannel(group);
  if (ordering === undefined) return undefined;
  const consenters = consentersOf(group);
  const own = session.orderers.filter(({ port }) => consenters.some((consenter) => consenter.host === HOST && consenter.port === port));
  const looked = await Promise.all(
    own.map(async (node) => ({
      name: node.name,
      isActive: takesPart(await channelAtOrderer(session.dataDir, administered(node), channel.name)),
    })),
  );
  const named = (isActive: boolean): readonly string[] => looked.filter((node) => node.isActive === isActive).map(({ name }) => name);
  return { ordering, consenters: consenters.length, active: named(true), down: named(false) };
}

/** What became of an orderer's part in one channel. */
export interface OrderingMember {
  readonly channel: string;
  readonly isChanged: boolean;
  readonly consenters: number;
  /** How many of them may stop, or lie; in words. */
  readonly tolerance: string;
}

/** Says what the channel tolerates now, and what it did before. */
export async function reportOrdering(
  channel: ChannelHandle,
  { isChanged, before }: { readonly isChanged: boolean; readonly before: OrderingState },
  progress: Progress,
): Promise<OrderingMember> {
  const after = (await lookAtOrdering(channel)) ?? before;
  const inWords = ({ ordering, consenters }: OrderingState): Sentence => describeTolerance(ordering, consenters);
  const [now, then] = [inWords(after), inWords(before)];
  progress({
    en: `${channel.name} has ${now.en}; before: ${then.en}`,
    zh: `${channel.name} 现有${now.zh}；此前：${then.zh}`,
  });
  return { channel: channel.name, isChanged, consenters: after.consenters, tolerance: now.en };
}
