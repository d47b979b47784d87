import { type common } from '@lianyi/fabric-protocol';
import { OperatorError, type Organization } from '@lianyi/network-model';
import { type PreparedUpdate, prepareUpdate, sendUpdate, type UpdateResult } from '../channel-update/update-channel';
import { type Progress } from '../progress';
import { type OpenNetwork } from './open-network';
import { channelNames, groupOf, knownTo, peersOn, witnessesOn } from './ordering-service';

/** Changes one channel's configuration in place, or leaves it. */
export type MembershipChange = (channel: string, group: common.ConfigGroup) => void;

/** Who signs a change of members, and whom it is about. */
export interface Signature {
  readonly signers: readonly Organization[];
  readonly askAll: boolean;
  /** MSP id of the one who comes or goes: its peers need not have committed the change, and its orderer is asked last. */
  readonly but: string;
}

/** A channel beside the consortium's own that stays as it is: those who would have to agree do not. */
export interface OpenChannel {
  readonly channel: string;
  readonly reason: string;
}

/**
 * Has the administrators sign a change of every channel that it concerns, before anything is sent to any of them.
 * @throws {@link OperatorError} `NOT_SIGNED`, `FABRIC_REFUSED`.
 */
export async function prepareMembership(
  network: OpenNetwork,
  change: MembershipChange,
  signature: Signature,
): Promise<readonly PreparedUpdate[]> {
  const prepared: PreparedUpdate[] = [];
  for (const channel of channelNames(network)) {
    const update = await prepareOn(network, channel, change, signature);
    if (update) prepared.push(update);
  }
  return prepared;
}

/**
 * The same for one who goes: only the consortium's own channel must agree. On another, few may share it with the leaver, and the
 * leaver would have to sign itself.
 * @throws {@link OperatorError} `NOT_SIGNED` — by the consortium's own channel; `FABRIC_REFUSED`.
 */
export async function prepareFarewell(
  network: OpenNetwork,
  change: MembershipChange,
  signature: Signature,
): Promise<{ readonly updates: readonly PreparedUpdate[]; readonly open: readonly OpenChannel[] }> {
  const updates: PreparedUpdate[] = [];
  const open: OpenChannel[] = [];
  for (const channel of channelNames(network)) {
    if (!peersOn(network, channel).some(({ node }) => node.organization.mspId !== signature.but)) {
      open.push({ channel, reason: 'nobody else has a peer on it' });
      continue;
    }
    try {
      const update = await prepareOn(network, channel, change, signature);
      if (update) updates.push(update);
    } catch (error) {
      if (channel === network.channel || !(error instanceof OperatorError) || error.code !== 'NOT_SIGNED') throw error;
      open.push({ channel, reason: error.message });
    }
  }
  return { updates, open };
}

async function prepareOn(
  network: OpenNetwork,
  channel: string,
  change: MembershipChange,
  { signers, askAll, but }: Signature,
): Promise<PreparedUpdate | undefined> {
  return prepareUpdate(network, {
    channel,
    signers: knownTo(await groupOf(network, channel), signers),
    askAll,
    witnesses: witnessesOn(network, channel, but),
    but,
    change: (group) => {
      change(channel, group);
    },
  });
}

/** Sends them one after another; answers that of the consortium's own channel, else the first. */
export async function sendMembership(
  network: OpenNetwork,
  updates: readonly PreparedUpdate[],
  progress: Progress,
): Promise<UpdateResult | undefined> {
  const results: UpdateResult[] = [];
  for (const update of updates) results.push(await sendUpdate(network, update, progress));
  return results[0];
}
