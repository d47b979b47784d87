import { askAction, type OrdererEndpoint, type Organization } from '@lianyi/network-model';
import { type ConfigChange, inTurn } from '../channel-update/config-change';
import {
  ordererEndpointsOf,
  isConsenter,
  isOrdererOrganization,
  withEndpoints,
  withoutConsenter,
  withoutOrdererOrganization,
} from '../channel-update/orderer-change';
import { type Progress } from '../progress';
import { type AdminSession } from '../session/admin-session';
import { type ChannelHandle } from '../session/channel-handle';
import { type Agreement } from '../session/signed-edit';
import { refuseRiskyLeave } from './ordering-risk';
import {
  consenterOf,
  endpointOf,
  lookAtOrdering,
  newestConfigBlock,
  type OrderingMember,
  quietEndpoints,
  reportOrdering,
  waitForParticipation,
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
  readonly about: Agreement;
  /** The channels it leaves, the consortium's own first. */
  readonly channels: readonly ChannelHandle[];
  /** The organisation's own administrator is asked, too, to take its address out first. */
  readonly isWilling: boolean;
}

/** @throws {@link OperatorError} `QUORUM_AT_RISK` — of any of the channels, before anything is changed. */
export async function refuseLeaveAtRisk(
  node: OrdererEndpoint,
  channels: readonly ChannelHandle[],
  despiteLostTolerance: boolean,
): Promise<void> {
  for (const channel of channels) {
    const state = await lookAtOrdering(channel);
    if (state && isConsenter(await channel.config(), consenterOf(channel.dataDir, node)))
      refuseRiskyLeave(channel.name, node.name, state, despiteLostTolerance);
  }
}

/**
 * Removes an orderer from the ordering of the channels and stops it: its organisation withdraws its address, so that no client
 * is sent to it any more; the others remove it from the consenters; when it has seen that itself, it is stopped. What is done
 * already is passed over.
 */
export async function leaveOrdering(session: AdminSession, leaving: Leaving, progress: Progress): Promise<readonly OrderingMember[]> {
  const { node } = leaving;
  const remaining: OrderingMember[] = [];
  for (const channel of leaving.channels) {
    const before = await lookAtOrdering(channel);
    const config = await channel.config();
    if (!before || !isOrdererOrganization(config, leaving.organization.mspId)) continue;
    const isChanged = isConsenter(config, consenterOf(session.dataDir, node));
    if (isChanged) await stopOrdering(session, leaving, channel, progress);
    remaining.push(await reportOrdering(channel, { isChanged, before }, progress));
  }
  // where it is a process of its own, and may be left over from an interrupted run
  if (node.adminPort !== undefined) {
    await askAction(session.dataDir, node.name, 'stop');
    progress({
      en: `${node.name} is stopped`,
      zh: `${node.name} 已停止`,
    });
  }
  return remaining;
}

async function stopOrdering(session: AdminSession, leaving: Leaving, channel: ChannelHandle, progress: Progress): Promise<void> {
  const { organization, node, about, isWilling } = leaving;
  const { mspId } = organization;
  const quiet = isWilling ? quietEndpoints(session, await channel.config(), organization) : undefined;
  const removed = withoutConsenter(consenterOf(session.dataDir, node));
  // whose address cannot be taken out first goes with it, lest peers draw blocks from one that gets none
  const removal = quiet ? removed : inTurn(removed, withoutOrdererOrganization(mspId));
  // nobody's address is taken out before it is certain that the others agree
  await channel.edit(about, removal);
  if (quiet) await channel.change({ ...about, askAll: false, signers: [organization] }, withdrawn(leaving, quiet), progress);
  await channel.change(about, removal, progress);
  // it draws that block, the last that concerns it; how far the others are by then says nothing
  const last = (await newestConfigBlock(channel, node)).getHeader()?.getNumber() ?? 0;
  // where its organisation went with it nobody gives it a block any more
  const patienceMillis = quiet ? SEEN_MILLIS : UNREAD_MILLIS;
  if (await waitForParticipation({ channel, node }, patienceMillis, ({ height }) => height > last))
    progress({
      en: `${node.name} has seen that it orders ${channel.name} no more`,
      zh: `${node.name} 已得知它不再为 ${channel.name} 排序`,
    });
  else
    progress({
      en: `${node.name} has not seen its removal from ${channel.name} within ${patienceMillis} ms`,
      zh: `${node.name} 在 ${patienceMillis} 毫秒内没有得知它已从 ${channel.name} 移除`,
    });
}

/** Withdraws the orderer's address before it goes; only its own administrator may. */
const withdrawn =
  ({ organization: { mspId }, node }: Leaving, quiet: readonly string[]): ConfigChange =>
  (config) => {
    const others = ordererEndpointsOf(config, mspId).filter((endpoint) => endpoint !== endpointOf(node));
    return withEndpoints(mspId, others.length > 0 ? others : quiet)(config);
  };
