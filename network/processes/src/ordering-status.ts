import { channelAtOrderer, type ChannelInfo } from '@lianyi/network-administration';
import { crashTolerance, orderingOf, type OrderingStatus, quorumOf, toleratedFaults } from '@lianyi/network-model';
import { type FabricPlan } from './plan';

/** What each orderer that answers says of its part in a channel, by channel and name. */
type Participation = ReadonlyMap<string, ReadonlyMap<string, ChannelInfo>>;

export async function lookAtOrderers({ folders, channels }: FabricPlan): Promise<Participation> {
  const found = await Promise.all(
    channels.map(async ({ name: channel, orderers }) => {
      const infos = await Promise.all(
        orderers.map(async (node) => [node.name, await channelAtOrderer(folders.dataDir, node, channel)] as const),
      );
      return [channel, new Map(infos.flatMap(([name, info]) => (info === undefined ? [] : [[name, info] as const])))] as const;
    }),
  );
  return new Map(found);
}

/** Who orders each channel, and how many of those that work may stop before it stands still. */
export function orderingStatus({ consortium, channels }: FabricPlan, found: Participation): readonly OrderingStatus[] {
  const ordering = orderingOf(consortium);
  return channels.map(({ name: channel, orderers }) => {
    const infos = found.get(channel);
    // one that does not answer is one of them; one that follows, or left, says so
    const consenters = orderers.filter(({ name }) => (infos?.get(name)?.consensusRelation ?? 'consenter') === 'consenter');
    const working = consenters.filter(({ name }) => infos?.get(name)?.status === 'active').length;
    return {
      channel,
      ordering,
      orderers: consenters.length,
      working,
      mayStop: crashTolerance(ordering, consenters.length),
      mayLie: ordering === 'bft' ? toleratedFaults(ordering, consenters.length) : 0,
      mayStopNow: Math.max(0, working - quorumOf(ordering, consenters.length)),
    };
  });
}
