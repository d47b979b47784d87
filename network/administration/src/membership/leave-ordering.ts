import { type common } from '@lianyi/fabric-protocol';
import { askAction, type OrdererEndpoint, type Organization } from '@lianyi/network-model';
import {
  endpointsOf,
  isConsenter,
  isOrdererOrganization,
  removeConsenter,
  removeOrdererOrganization,
  setEndpoints,
} from '../channel-update/orderer-change';
import { type ChannelUpdate, prepareUpdate, updateChannel } from '../channel-update/update-channel';
import { type Progress } from '../progress';
import { type Signature } from './membership-updates';
import { type OpenNetwork } from './open-network';
import { refuseRiskyLeave } from './ordering-risk';
import {
  becomes,
  consenterOf,
  endpointOf,
  groupOf,
  knownTo,
  lookAtOrdering,
  newestConfigBlock,
  type OrderingMember,
  quietEndpoints,
  reportOrdering,
  witnessesOn,
} from './ordering-service';

/**
 * How long the leaver is given to see its own removal; one that is down never does. A BFT orderer that missed the last votes
 * hears of nobody any more: it complains of its leader, changes the view alone, and only then looks what the others have
 * (LeaderHeartbeatTimeout 2 s, ViewChangeTimeout 5 s, each counted in whole seconds).
 */
const SEEN_MILLIS = 20_000;
const UNREAD_MILLIS = 2_000;

export interface Leaving {
  readonly organization: Organization;
  readonly node: OrdererEndpoint;
  readonly signature: Signature;
  /** Names of the channels it leaves, the consortium's own first. */
  readonly channels: readonly string[];
  /** The organisation's own administrator is asked, too, to take its address out first. */
  readonly isWilling: boolean;
}

/** @throws {@link OperatorError} `QUORUM_AT_RISK` — of any of the channels, before anything is changed. */
export async function refuseLeaveAtRisk(
  network: OpenNetwork,
  node: OrdererEndpoint,
  channels: readonly string[],
  despiteLostTolerance: boolean,
): Promise<void> {
  for (const channel of channels) {
    const state = await lookAtOrdering(network, channel);
    if (state && isConsenter(await groupOf(network, channel), consenterOf(network.dataDir, node)))
      refuseRiskyLeave(channel, node.name, state, despiteLostTolerance);
  }
}

/**
 * Takes an orderer out of ordering on the channels and stops it: its organisation withdraws its address, so that no client
 * is sent to it any more; the others let it order no more; when it has seen that itself, it is stopped. What is done already is
 * passed over.
 */
export async function leaveOrdering(network: OpenNetwork, leaving: Leaving, progress: Progress): Promise<readonly OrderingMember[]> {
  const { node } = leaving;
  const remaining: OrderingMember[] = [];
  for (const channel of leaving.channels) {
    const before = await lookAtOrdering(network, channel);
    const group = await groupOf(network, channel);
    if (!before || !isOrdererOrganization(group, leaving.organization.mspId)) continue;
    const isChanged = isConsenter(group, consenterOf(network.dataDir, node));
    if (isChanged) await stopOrdering(network, leaving, channel, progress);
    remaining.push(await reportOrdering(network, { channel, isChanged, before }, progress));
  }
  // where it is a process of its own, and may be left over from an interrupted run
  if (node.adminPort !== undefined) {
    await askAction(network.dataDir, node.name, 'stop');
    progress(`${node.name} is stopped`);
  }
  return remaining;
}

async function stopOrdering(network: OpenNetwork, leaving: Leaving, channel: string, progress: Progress): Promise<void> {
  const { organization, node, signature } = leaving;
  const { mspId } = organization;
  const consenter = consenterOf(network.dataDir, node);
  const current = await groupOf(network, channel);
  const quiet = leaving.isWilling ? quietEndpoints(network, current, organization) : undefined;
  const removal: ChannelUpdate = {
    channel,
    witnesses: witnessesOn(network, channel, mspId),
    ...signature,
    signers: knownTo(current, signature.signers),
    change: (group) => {
      removeConsenter(group, consenter);
      // whose address cannot be taken out first goes with it, lest peers draw blocks from one that gets none
      if (!quiet) removeOrdererOrganization(group, mspId);
    },
  };
  // nobody's address is taken out before it is certain that the others agree
  await prepareUpdate(network, removal);
  if (quiet) await withdraw(network, leaving, channel, quiet, progress);
  await updateChannel(network, removal, progress);
  // it draws that block, the last that concerns it; how far the others are by then says nothing
  const removed = (await newestConfigBlock(network, channel, node)).getHeader()?.getNumber() ?? 0;
  // where its organisation went with it nobody gives it a block any more
  const patienceMillis = quiet ? SEEN_MILLIS : UNREAD_MILLIS;
  if (await becomes(network, node, channel, patienceMillis, ({ height }) => height > removed))
    progress(`${node.name} has seen that it orders ${channel} no more`);
  else progress(`${node.name} has not seen its removal from ${channel} within ${patienceMillis} ms`);
}

/** Its address goes before it does; only its own administrator may take it out. */
async function withdraw(
  network: OpenNetwork,
  { organization, node, signature }: Leaving,
  channel: string,
  quiet: readonly string[],
  progress: Progress,
): Promise<void> {
  const { mspId } = organization;
  const change = (group: common.ConfigGroup): void => {
    const others = endpointsOf(group, mspId).filter((endpoint) => endpoint !== endpointOf(node));
    setEndpoints(group, mspId, others.length > 0 ? others : quiet);
  };
  const witnesses = witnessesOn(network, channel, mspId);
  await updateChannel(network, { channel, witnesses, signers: [organization], but: signature.but, change }, progress);
}
