import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { common } from '@lianyi/fabric-protocol';
import {
  channelsOf,
  describeTolerance,
  OperatorError,
  type OrdererEndpoint,
  type Organization,
  organizationPaths,
} from '@lianyi/network-model';
import { type AdministeredOrderer, channelAtOrderer, type ChannelInfo } from '../channel-participation';
import { isMember } from '../channel-update/membership-change';
import { type Consenter, consentersOf, isOrdererOrganization, needsEndpoints, orderingOfChannel } from '../channel-update/orderer-change';
import { administratorOf, currentConfig } from '../channel-update/update-channel';
import { fetchConfigBlock } from '../orderer-blocks';
import { type PeerClient } from '../peer-client';
import { type Progress } from '../progress';
import { type OpenNetwork } from './open-network';
import { type OrderingState } from './ordering-risk';

/** Orderers of this network are reached at this name, as their TLS certificates have it. */
const HOST = 'localhost';
const LOOK_MILLIS = 100;

/** Names of all channels, the consortium's own first. */
export function channelNames(network: OpenNetwork): readonly string[] {
  return channelsOf(network.definition.consortium).map(({ name }) => name);
}

/** The administrators' peers on a channel. */
export function peersOn(network: OpenNetwork, channel: string): readonly PeerClient[] {
  const members = channelsOf(network.definition.consortium).find(({ name }) => name === channel)?.organizations ?? [];
  return network.peers.filter(({ node }) => members.includes(node.organization.mspId));
}

/** Those whose commit of a change is waited for: not the peers of one who comes or goes, which may be gone, if there are others. */
export function witnessesOn(network: OpenNetwork, channel: string, but: string): readonly PeerClient[] {
  const all = peersOn(network, channel);
  const others = all.filter(({ node }) => node.organization.mspId !== but);
  return others.length > 0 ? others : all;
}

/** Those of the organisations that the channel knows: nobody else's signature counts for it. */
export function knownTo(group: common.ConfigGroup, organizations: readonly Organization[]): readonly Organization[] {
  return organizations.filter(({ mspId }) => isMember(group, mspId) || isOrdererOrganization(group, mspId));
}

/** The channel's configuration as one of its peers has committed it; the next is asked if one does not answer. */
export async function groupOf(network: OpenNetwork, channel: string): Promise<common.ConfigGroup> {
  let failure: unknown = new OperatorError('UNKNOWN_NAME', `no peer of the network is on ${channel}`);
  for (const client of peersOn(network, channel)) {
    try {
      return (await currentConfig(client, channel)).getChannelGroup() ?? new common.ConfigGroup();
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** @throws {@link OperatorError} `UNKNOWN_NAME` — the organisation runs none. */
export function ordererOf(network: OpenNetwork, { mspId }: Organization): OrdererEndpoint {
  const node = network.orderers.find(({ organization }) => organization.mspId === mspId);
  if (!node) throw new OperatorError('UNKNOWN_NAME', `${mspId} runs no orderer`);
  return node;
}

/** @throws {@link OperatorError} `NOT_BUILT` — the network has no such API. */
export function administered({ name, organization, adminPort }: OrdererEndpoint): AdministeredOrderer {
  if (adminPort === undefined) throw new OperatorError('NOT_BUILT', `${name} has no channel participation API`);
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
export function quietEndpoints(network: OpenNetwork, group: common.ConfigGroup, organization: Organization): readonly string[] | undefined {
  if (orderingOfChannel(group) === undefined || !needsEndpoints(group)) return [];
  const peer = network.definition.layout.peers.find((node) => node.organization === organization.mspId);
  return peer && [`${HOST}:${peer.port}`];
}

/** The newest configuration block of a channel from any orderer but one. */
export async function newestConfigBlock(network: OpenNetwork, channel: string, but: OrdererEndpoint): Promise<common.Block> {
  const others = network.orderers.filter(({ name }) => name !== but.name);
  return fetchConfigBlock(network.dataDir, others, channel, ({ organization }) => administratorOf(network, organization));
}

/** Looks again and again whether an orderer's part in the channel is as wished; whether it became so in time. */
export async function becomes(
  network: OpenNetwork,
  node: OrdererEndpoint,
  channel: string,
  millis: number,
  isSo: (info: ChannelInfo) => boolean,
): Promise<boolean> {
  const end = Date.now() + millis;
  for (;;) {
    const info = await channelAtOrderer(network.dataDir, administered(node), channel);
    if (info && isSo(info)) return true;
    if (Date.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
  }
}

const takesPart = (info: ChannelInfo | undefined): boolean => info?.consensusRelation === 'consenter' && info.status === 'active';

/** `undefined`: one process orders the channel, so there are no consenters. */
export async function lookAtOrdering(network: OpenNetwork, channel: string): Promise<OrderingState | undefined> {
  const group = await groupOf(network, channel);
  const ordering = orderingOfChannel(group);
  if (ordering === undefined) return undefined;
  const consenters = consentersOf(group);
  const own = network.orderers.filter(({ port }) => consenters.some((consenter) => consenter.host === HOST && consenter.port === port));
  const looked = await Promise.all(
    own.map(async (node) => ({
      name: node.name,
      isActive: takesPart(await channelAtOrderer(network.dataDir, administered(node), channel)),
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
  network: OpenNetwork,
  { channel, isChanged, before }: { readonly channel: string; readonly isChanged: boolean; readonly before: OrderingState },
  progress: Progress,
): Promise<OrderingMember> {
  const after = (await lookAtOrdering(network, channel)) ?? before;
  const tolerance = describeTolerance(after.ordering, after.consenters);
  progress(`${channel} has ${tolerance}; before: ${describeTolerance(before.ordering, before.consenters)}`);
  return { channel, isChanged, consenters: after.consenters, tolerance };
}
