import { approveDefinition, approvedPackageId, committedDefinitions, installPackage } from '@lianyi/fabric-protocol';
import {
  type Amendments,
  nodesOf,
  OperatorError,
  ordersChannel,
  type Organization,
  organizationPaths,
  versionKey,
} from '@lianyi/network-model';
import { packageOf } from '../chaincode-verbs/deploy-chaincode';
import { addMember, isMember, presentedOrganization } from '../channel-update/membership-change';
import { addOrdererOrganization, isOrdererOrganization } from '../channel-update/orderer-change';
import { currentConfig, type UpdateResult } from '../channel-update/update-channel';
import { endorsersKnownTo } from '../discovery';
import { joinChannel, joinedChannels } from '../lifecycle';
import { type PeerClient } from '../peer-client';
import { type Progress } from '../progress';
import { joinOrdering, refuseOrdererAtRisk } from './join-ordering';
import { type MembershipChange, prepareMembership, sendMembership, type Signature } from './membership-updates';
import { noteFolders, refuseFoldersOfOthers } from './newcomer-folders';
import { type OpenNetwork } from './open-network';
import { channelNames, endpointOf, groupOf, ordererOf, type OrderingMember, quietEndpoints } from './ordering-service';

export interface Joined {
  readonly organization: string;
  /** `unchanged`: it was a member and everything was in place. */
  readonly result: 'joined' | 'unchanged';
  readonly update?: UpdateResult;
  /** Every channel that its orderer orders, if it has one. */
  readonly ordering?: readonly OrderingMember[];
  readonly peer: string;
  readonly profile: string;
}

const KNOWN_MILLIS = 60_000;

/** @throws {@link OperatorError} — its names belong to somebody else, or it is a member with other roles. */
function refuseUnusable(network: OpenNetwork, wanted: Organization): void {
  const { mspId, name, domain } = wanted;
  const isOther = (other: Organization): boolean => other.mspId !== mspId && (other.name === name || other.domain === domain);
  const holder = network.organizations.find(isOther);
  if (holder) throw new OperatorError('UNKNOWN_NAME', `the name ${name} or the domain ${domain} is ${holder.mspId}'s`);
  const same = network.organizations.find((other) => other.mspId === mspId);
  if (same && (same.name !== name || same.domain !== domain))
    throw new OperatorError('UNKNOWN_NAME', `${mspId} is a member already, as ${same.name} (${same.domain})`);
  if (!same) refuseFoldersOfOthers(network.dataDir, wanted);
  const more = wanted.roles.find((role) => same && !same.roles.includes(role));
  if (more !== undefined)
    throw new OperatorError('NOT_BUILT', `${mspId} is a member already; giving a member the role ${more} later is not built`);
}

function withJoined(amendments: Amendments, organization: Organization): Amendments {
  return {
    ...amendments,
    joined: [...amendments.joined.filter(({ mspId }) => mspId !== organization.mspId), organization],
    left: amendments.left.filter((mspId) => mspId !== organization.mspId),
  };
}

/** Waits until the newcomer's peer would plan endorsements with every peer of the consortium, itself included. */
async function knowsAll(network: OpenNetwork, client: PeerClient, chaincode: string): Promise<void> {
  const until = Date.now() + KNOWN_MILLIS;
  while ((await endorsersKnownTo(client, network.dataDir, network.channel, chaincode)) < network.allPeers.length) {
    if (Date.now() >= until)
      throw new OperatorError('TIMEOUT', `${client.node.name} did not learn of all endorsing peers within ${KNOWN_MILLIS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** -1 while its own peer has not come to the block that makes its organisation a member, and so denies its administrator. */
async function sequenceAt(client: PeerClient, channel: string): Promise<number> {
  try {
    return (await currentConfig(client, channel)).getSequence();
  } catch (error) {
    if (error instanceof OperatorError && error.message.includes('access denied')) return -1;
    throw error;
  }
}

/** Its peer takes the channel's first block and draws the others from the orderers. */
async function joinPeer(network: OpenNetwork, client: PeerClient, progress: Progress): Promise<void> {
  if (!(await joinedChannels(client)).includes(network.channel)) await joinChannel(client, network.genesisBlock());
  const [first] = network.peers;
  const sequence = first ? (await currentConfig(first, network.channel)).getSequence() : 0;
  const until = Date.now() + KNOWN_MILLIS;
  while ((await sequenceAt(client, network.channel)) < sequence) {
    if (Date.now() >= until) throw new OperatorError('TIMEOUT', `${client.node.name} did not catch up within ${KNOWN_MILLIS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  progress(`${client.node.name} joined ${network.channel} and caught up`);
}

/** Everything the channel has committed and the network runs: installed at the peer and approved by its organisation. */
export async function adoptChaincodes(network: OpenNetwork, client: PeerClient, progress: Progress): Promise<void> {
  const committed = await committedDefinitions(client, network.channel);
  for (const settings of network.consortium.chaincodes) {
    const source = network.definition.chaincodes.find((running) => versionKey(running) === versionKey(settings));
    if (!source || !committed.some(({ name, sequence }) => name === settings.name && sequence === settings.sequence)) continue;
    const chaincodePackage = packageOf(settings, source.folder);
    await installPackage(client, chaincodePackage);
    if ((await approvedPackageId(client, network.channel, settings)) !== chaincodePackage.packageId)
      await approveDefinition(client, network.channel, settings, chaincodePackage.packageId);
    progress(
      `${client.node.organization.mspId} installed and approved ${settings.name} ${settings.version} (sequence ${settings.sequence})`,
    );
    await knowsAll(network, client, settings.name);
  }
}

/** Whether any channel knows the organisation, as a member or as one that runs an orderer. */
async function isKnown(network: OpenNetwork, { mspId }: Organization): Promise<boolean> {
  for (const channel of channelNames(network)) {
    const group = await groupOf(network, channel);
    if (isMember(group, mspId) || isOrdererOrganization(group, mspId)) return true;
  }
  return false;
}

/** A member of the consortium's own channel; with an orderer, also of the ordering service of the channels it orders. */
function welcome(network: OpenNetwork, extended: OpenNetwork, organization: Organization): MembershipChange {
  const { mspId } = organization;
  const { port } = extended.peerOf(organization).node;
  const others = network.organizations.filter((other) => other.mspId !== mspId);
  const before = { ...network.definition.consortium, organizations: others };
  return (channel, group) => {
    if (channel === network.channel && !isMember(group, mspId)) addMember(group, network.dataDir, organization, port, before);
    if (!ordersChannel(extended.definition.consortium, channel, organization) || isOrdererOrganization(group, mspId)) return;
    const endpoints = quietEndpoints(extended, group, organization) ?? [endpointOf(ordererOf(extended, organization))];
    addOrdererOrganization(group, presentedOrganization(network.dataDir, organization), endpoints);
  };
}

/**
 * Takes a new organisation into the running consortium: certificates, its nodes, membership of the channel signed by the
 * administrators whose agreement its policy needs, chaincode; then its orderer, if it has one, takes part in ordering. The
 * others work on. Whatever is in place already stays, so that an interrupted run is completed by the next; if the members do
 * not agree, nothing of the newcomer stays.
 */
export async function addOrganization(
  network: OpenNetwork,
  organization: Organization,
  signedBy: readonly string[],
  progress: Progress,
): Promise<Joined> {
  refuseUnusable(network, organization);
  const { mspId, roles } = organization;
  const former = network.definition.amendments;
  const wasKnown = await isKnown(network, organization);
  if (roles.includes('orderer') && !wasKnown) await refuseOrdererAtRisk(network, organization);
  const others = network.organizations.filter((other) => other.mspId !== mspId);
  const signers = signedBy.length === 0 ? others : signedBy.map((name) => network.organization(name));
  const removeMade = noteFolders(network.dataDir, organization);
  const extended = await network.amend(withJoined(former, organization));
  try {
    progress(
      `${mspId} has its certificates; ${nodesOf(organization)
        .map(({ name }) => name)
        .join(', ')} run`,
    );
    const signature = { signers, askAll: signedBy.length > 0, but: mspId };
    const updates = await prepareMembership(network, welcome(network, extended, organization), signature).catch(async (error: unknown) => {
      if (!wasKnown) {
        await forget(network, organization);
        removeMade();
      }
      throw error;
    });
    const update = await sendMembership(network, updates, progress);
    const settled = await settle(extended, organization, signature, progress);
    const isChanged = update !== undefined || settled.ordering?.some((member) => member.isChanged) === true;
    return { ...settled, ...(update && { update }), result: isChanged ? 'joined' : 'unchanged' };
  } finally {
    extended.close();
  }
}

/** What a member does for itself: its peer joins, its chaincode is approved, its orderer takes part. */
async function settle(
  network: OpenNetwork,
  organization: Organization,
  signature: Signature,
  progress: Progress,
): Promise<Omit<Joined, 'result' | 'update'>> {
  const client = network.peerOf(organization);
  await joinPeer(network, client, progress);
  await adoptChaincodes(network, client, progress);
  const ordering = organization.roles.includes('orderer') ? await joinOrdering(network, organization, signature, progress) : undefined;
  return {
    organization: organization.mspId,
    ...(ordering && ordering.length > 0 && { ordering }),
    peer: `localhost:${client.node.port}`,
    profile: organizationPaths(network.dataDir, organization).connectionProfileJson,
  };
}

/** Has the network run without an organisation that no channel knows, as before; one that left earlier has left. */
async function forget(network: OpenNetwork, { mspId }: Organization): Promise<void> {
  const wasMember = network.definition.amendments.left.includes(mspId);
  const forgotten = await network.amendLatest((recorded) => ({
    ...recorded,
    joined: recorded.joined.filter((joined) => joined.mspId !== mspId),
    left: [...recorded.left, ...(wasMember ? [mspId] : [])],
  }));
  forgotten.close();
}
