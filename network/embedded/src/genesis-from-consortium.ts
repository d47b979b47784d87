import { type BatchConfig, buildGenesisBlock } from '@lianyi/fabric-protocol';
import { channelsOf, type Consortium, OperatorError, ordersChannel, readVerifyingMsp } from '@lianyi/network-model';

/** A channel as it is made: who is in its application group, and how it cuts blocks. */
export interface ChannelSettings {
  readonly name: string;
  /** MSP ids. */
  readonly organizations: readonly string[];
  readonly batch: BatchConfig;
}

/** Block 0 of one of the consortium's channels, from the certificates below `<dir>/organizations`; its own channel if none is named. */
export function buildConsortiumGenesis(dir: string, consortium: Consortium, channel = consortium.channel.name): Buffer {
  const settings = channelsOf(consortium).find(({ name }) => name === channel);
  if (settings === undefined) throw new OperatorError('UNKNOWN_NAME', `the consortium definition has no channel named ${channel}`);
  return buildChannelGenesis(dir, consortium, settings);
}

/** Block 0 of a channel of the consortium. */
export function buildChannelGenesis(dir: string, consortium: Consortium, { name, organizations, batch }: ChannelSettings): Buffer {
  const members = consortium.organizations.map((organization) => ({
    mspId: organization.mspId,
    ...readVerifyingMsp(dir, organization),
    hasPeer: organization.roles.includes('peer'),
    hasOrderer: ordersChannel(consortium, name, organization),
    isApplication: organizations.includes(organization.mspId),
  }));
  return buildGenesisBlock({
    channel: name,
    batch,
    organizations: members.filter(({ hasOrderer, isApplication }) => hasOrderer || isApplication),
  });
}
