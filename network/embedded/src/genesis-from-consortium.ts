import { type BatchConfig, buildGenesisBlock } from '@lianyi/fabric-protocol';
import { type Consortium, ordersChannel, readVerifyingMsp } from '@lianyi/network-model';

/** A channel as it is made: who is in its application group, and how it cuts blocks. */
export interface ChannelSettings {
  readonly name: string;
  /** MSP ids. */
  readonly organizations: readonly string[];
  readonly batch: BatchConfig;
}

/** Block 0 of a channel of the consortium, from the certificates below `<dir>/organizations`. */
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
