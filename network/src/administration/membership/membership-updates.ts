import { type Organization } from '../../consortium/consortium';
import { type common } from '../../wire/proto';
import { type PreparedUpdate, prepareUpdate, sendUpdate, type UpdateResult } from '../channel-update/update-channel';
import { type OpenNetwork } from './open-network';
import { channelNames, groupOf, knownTo, witnessesOn } from './ordering-service';

/** Changes one channel's configuration in place, or leaves it. */
export type MembershipChange = (channel: string, group: common.ConfigGroup) => void;

/** Who signs a change of members, and whom it is about. */
export interface Signature {
  readonly signers: readonly Organization[];
  readonly askAll: boolean;
  /** MSP id of the one who comes or goes: its peers need not have committed the change, and its orderer is asked last. */
  readonly but: string;
}

/**
 * Has the administrators sign a change of every channel that it concerns, before anything is sent to any of them.
 * @throws {@link OperatorError} `NOT_SIGNED`, `FABRIC_REFUSED`.
 */
export async function prepareMembership(
  network: OpenNetwork,
  change: MembershipChange,
  { signers, askAll, but }: Signature,
): Promise<readonly PreparedUpdate[]> {
  const prepared: PreparedUpdate[] = [];
  for (const channel of channelNames(network)) {
    const update = await prepareUpdate(network, {
      channel,
      signers: knownTo(await groupOf(network, channel), signers),
      askAll,
      witnesses: witnessesOn(network, channel, but),
      but,
      change: (group) => {
        change(channel, group);
      },
    });
    if (update) prepared.push(update);
  }
  return prepared;
}

/** Sends them one after another; answers that of the consortium's own channel, else the first. */
export async function sendMembership(
  network: OpenNetwork,
  updates: readonly PreparedUpdate[],
  progress: (line: string) => void,
): Promise<UpdateResult | undefined> {
  const results: UpdateResult[] = [];
  for (const update of updates) results.push(await sendUpdate(network, update, progress));
  return results[0];
}
