import { amend, channelsOf, channelView, type Consortium, NO_AMENDMENTS, OperatorError, type Organization } from '@lianyi/network-model';
import { isMember, removeMember } from '../channel-update/membership-change';
import { removeOrdererOrganization } from '../channel-update/orderer-change';
import { type UpdateResult } from '../channel-update/update-channel';
import { type Progress } from '../progress';
import { leaveOrdering, refuseLeaveAtRisk } from './leave-ordering';
import { type MembershipChange, type OpenChannel, prepareFarewell, sendMembership } from './membership-updates';
import { type OpenNetwork } from './open-network';
import { ordererOf, type OrderingMember } from './ordering-service';

export interface Left {
  readonly organization: string;
  readonly result: 'left' | 'unchanged';
  readonly update?: UpdateResult;
  /** Who orders each channel without it, if it ran an orderer. */
  readonly ordering?: readonly OrderingMember[];
  /** Where it still stands, since those who remain there could not agree without it. */
  readonly open?: readonly OpenChannel[];
}
export interface RemoveOptions {
  /** MSP id, name or domain. */
  readonly organization: string;
  /** Whose administrators sign; as many of the others as are needed, if none is named. */
  readonly signedBy: readonly string[];
  /** Also where the orderers that remain tolerate no fault any more. */
  readonly despiteLostTolerance: boolean;
}

/** @throws {@link OperatorError} `STATE_MISMATCH` — nobody could take its place, or a definition needs it. */
export function refuseToPart(consortium: Consortium, { mspId, roles }: Organization): void {
  const others = consortium.organizations.filter((other) => other.mspId !== mspId);
  const last = roles.find((role) => role !== 'client' && !others.some((other) => other.roles.includes(role)));
  if (last !== undefined)
    throw new OperatorError('STATE_MISMATCH', `${mspId} is the last with the role ${last}; the network could not work without it`);
  const peerless = channelsOf(consortium).find(
    ({ organizations }) =>
      // a channel that is its alone nobody misses
      organizations.includes(mspId) &&
      organizations.length > 1 &&
      !others.some((other) => organizations.includes(other.mspId) && other.roles.includes('peer')),
  );
  if (peerless)
    throw new OperatorError('STATE_MISMATCH', `${mspId} is the last member of ${peerless.name} with a peer; nobody else could work on it`);
  const staying = amend(consortium, { ...NO_AMENDMENTS, left: [mspId] });
  const named = staying.chaincodes.find(
    ({ endorsementPolicy = '', collections }) =>
      endorsementPolicy.includes(`${mspId}.`) || collections.some(({ members }) => members.includes(mspId)),
  );
  if (named)
    throw new OperatorError('STATE_MISMATCH', `the definition of chaincode ${named.name} names ${mspId}; deploy one that does not, first`);
}

/**
 * Takes an organisation out of the consortium, signed by the others: first its orderer, if it runs one, then the organisation,
 * on every channel that can agree to it, the consortium's own first, which must; then its nodes are stopped. What it holds stays in its own folders, what it wrote stays on the ledger. What
 * is done already is passed over, so that an interrupted run is completed by the next.
 * @throws {@link OperatorError} `NOT_SIGNED`, `QUORUM_AT_RISK`; nothing has changed then.
 */
export async function removeOrganization(
  network: OpenNetwork,
  { organization: name, signedBy, despiteLostTolerance }: RemoveOptions,
  progress: Progress,
): Promise<Left> {
  const { amendments, consortium } = network.definition;
  if (amendments.left.includes(name)) return { organization: name, result: 'unchanged' };
  const organization = network.organization(name);
  const { mspId, roles } = organization;
  refuseToPart(consortium, organization);
  const others = network.organizations.filter((other) => other.mspId !== mspId);
  const signers = signedBy.length === 0 ? others : signedBy.map((signer) => network.organization(signer));
  const signature = { signers, askAll: signedBy.length > 0, but: mspId };
  const farewell: MembershipChange = (channel, group) => {
    // the majority is one of the channel's own members
    if (isMember(group, mspId)) removeMember(group, mspId, channelView(consortium, channel) ?? consortium);
    removeOrdererOrganization(group, mspId);
  };
  // whether the others agree is known before its orderer goes
  const { open } = await prepareFarewell(network, farewell, signature);
  for (const { channel, reason } of open) progress(`${channel} stays as it is: ${reason}`);
  const channels = network.channels.filter((name) => !open.some(({ channel }) => channel === name));
  let ordering: readonly OrderingMember[] | undefined;
  if (roles.includes('orderer')) {
    const node = ordererOf(network, organization);
    await refuseLeaveAtRisk(network, node, channels, despiteLostTolerance);
    const isWilling = signedBy.length === 0 || signers.some((signer) => signer.mspId === mspId);
    ordering = await leaveOrdering(network, { organization, node, channels, signature, isWilling }, progress);
  }
  const update = await sendMembership(network, (await prepareFarewell(network, farewell, signature)).updates, progress);
  await recordLeft(network, mspId);
  progress(`the nodes of ${mspId} are stopped; its folders stay`);
  return {
    organization: mspId,
    result: 'left',
    ...(update && { update }),
    ...(ordering && ordering.length > 0 && { ordering }),
    ...(open.length > 0 && { open }),
  };
}

async function recordLeft(network: OpenNetwork, mspId: string): Promise<void> {
  const departed = await network.amendLatest((recorded) => ({
    ...recorded,
    joined: recorded.joined.filter((other) => other.mspId !== mspId),
    left: [...recorded.left.filter((id) => id !== mspId), mspId],
  }));
  departed.close();
}
