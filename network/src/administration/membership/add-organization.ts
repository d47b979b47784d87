import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Organization } from '../../consortium/consortium';
import { nodeName, nodesFolder, organizationPaths } from '../../organizations/layout';
import { addMember, isMember, removeMember } from '../channel-update/membership-change';
import { currentConfig, type UpdateResult, updateChannel } from '../channel-update/update-channel';
import { packageOf } from '../chaincode-verbs/deploy-chaincode';
import { endorsersKnownTo } from '../discovery';
import { approvedPackageId, approveDefinition, committedDefinitions, installPackage, joinChannel, joinedChannels } from '../lifecycle';
import { OperatorError } from '../../machine/operator-error';
import { type PeerClient } from '../peer-client';
import { type Amendments } from './amendments';
import { type OpenNetwork } from './open-network';

export interface Joined {
  readonly organization: string;
  /** `unchanged`: it was a member and everything was in place. */
  readonly result: 'joined' | 'unchanged';
  readonly update?: UpdateResult;
  readonly peer: string;
  readonly profile: string;
}
export type Progress = (line: string) => void;

const KNOWN_MILLIS = 60_000;

/** @throws {@link OperatorError} — its names belong to somebody else, or it wants what is not built. */
function refuseUnusable(network: OpenNetwork, wanted: Organization): void {
  const { mspId, name, domain } = wanted;
  if (wanted.roles.some((role) => role !== 'peer')) {
    throw new OperatorError('NOT_BUILT', `${mspId} can join with a peer only; taking a new orderer into a running channel is not built`);
  }
  const isOther = (other: Organization): boolean => other.mspId !== mspId && (other.name === name || other.domain === domain);
  const holder = network.organizations.find(isOther);
  if (holder) throw new OperatorError('UNKNOWN_NAME', `the name ${name} or the domain ${domain} is ${holder.mspId}'s`);
  const same = network.organizations.find((other) => other.mspId === mspId);
  if (same && (same.name !== name || same.domain !== domain))
    throw new OperatorError('UNKNOWN_NAME', `${mspId} is a member already, as ${same.name} (${same.domain})`);
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
  while ((await endorsersKnownTo(client, network.dataDir, network.channel, chaincode)) < network.peers.length) {
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
  for (const settings of network.definition.consortium.chaincodes) {
    const source = network.definition.chaincodes.find(({ name }) => name === settings.name);
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

async function becomeMember(
  network: OpenNetwork,
  organization: Organization,
  port: number,
  signedBy: readonly string[],
  progress: Progress,
): Promise<UpdateResult | undefined> {
  const others = network.organizations.filter(({ mspId }) => mspId !== organization.mspId);
  const before = { ...network.definition.consortium, organizations: others };
  const signers = signedBy.length === 0 ? others : signedBy.map((name) => network.organization(name));
  return updateChannel(
    network,
    {
      signers,
      askAll: signedBy.length > 0,
      witnesses: network.peers.filter(({ node }) => node.organization.mspId !== organization.mspId),
      change: (channel) => {
        if (!isMember(channel, organization.mspId)) addMember(channel, network.dataDir, organization, port, before);
      },
    },
    progress,
  );
}

/**
 * Takes a new organisation into the running consortium: certificates, a peer, membership of the channel signed by the
 * administrators whose agreement its policy needs, chaincode. The others work on. Whatever is in place already stays; if the
 * members do not agree, nothing of the newcomer stays.
 */
export async function addOrganization(
  network: OpenNetwork,
  organization: Organization,
  signedBy: readonly string[],
  progress: Progress,
): Promise<Joined> {
  refuseUnusable(network, organization);
  const { mspId } = organization;
  const paths = organizationPaths(network.dataDir, organization);
  const hadCertificates = existsSync(paths.root);
  const former = network.definition.amendments;
  const undo = async (): Promise<void> => {
    (await network.amend(former)).close();
    if (hadCertificates) return;
    rmSync(paths.root, { recursive: true, force: true });
    rmSync(join(nodesFolder(network.dataDir), nodeName(organization, 'peer')), { recursive: true, force: true });
  };
  const extended = await network.amend(withJoined(former, organization));
  try {
    const client = extended.peerOf(organization);
    progress(`${mspId} has its certificates; ${client.node.name} runs`);
    const update = await becomeMember(network, organization, client.node.port, signedBy, progress).catch(async (error: unknown) => {
      await undo();
      throw error;
    });
    await joinPeer(extended, client, progress);
    await adoptChaincodes(extended, client, progress);
    return {
      organization: mspId,
      result: update ? 'joined' : 'unchanged',
      ...(update && { update }),
      peer: `localhost:${client.node.port}`,
      profile: paths.connectionProfileJson,
    };
  } finally {
    extended.close();
  }
}

export interface Left {
  readonly organization: string;
  readonly result: 'left' | 'unchanged';
  readonly update?: UpdateResult;
}

function refuseToPart(network: OpenNetwork, organization: Organization): void {
  const { mspId, roles } = organization;
  if (roles.includes('orderer')) {
    throw new OperatorError(
      'NOT_BUILT',
      `${mspId} runs ${nodeName(organization, 'orderer')}; taking an orderer out of a running channel is not built, so only an organisation without one can leave`,
    );
  }
  const named = network.definition.consortium.chaincodes.find(
    ({ endorsementPolicy = '', collections }) =>
      endorsementPolicy.includes(`${mspId}.`) || collections.some(({ members }) => members.includes(mspId)),
  );
  if (named)
    throw new OperatorError('STATE_MISMATCH', `the definition of chaincode ${named.name} names ${mspId}; deploy one that does not, first`);
}

/**
 * Takes an organisation out of the channel, signed by the others, and stops its nodes. What it holds stays in its own folders;
 * what it wrote stays on the ledger.
 */
export async function removeOrganization(
  network: OpenNetwork,
  name: string,
  signedBy: readonly string[],
  progress: Progress,
): Promise<Left> {
  const { amendments, consortium } = network.definition;
  if (amendments.left.includes(name)) return { organization: name, result: 'unchanged' };
  const organization = network.organization(name);
  const { mspId } = organization;
  refuseToPart(network, organization);
  const others = network.organizations.filter((other) => other.mspId !== mspId);
  const update = await updateChannel(
    network,
    {
      signers: signedBy.length === 0 ? others : signedBy.map((signer) => network.organization(signer)),
      askAll: signedBy.length > 0,
      witnesses: network.peers.filter(({ node }) => node.organization.mspId !== mspId),
      change: (channel) => {
        if (isMember(channel, mspId)) removeMember(channel, mspId, consortium);
      },
    },
    progress,
  );
  const left = [...amendments.left.filter((id) => id !== mspId), mspId];
  (await network.amend({ ...amendments, joined: amendments.joined.filter((other) => other.mspId !== mspId), left })).close();
  progress(`the nodes of ${mspId} are stopped; its folders stay`);
  return { organization: mspId, result: 'left', ...(update && { update }) };
}
