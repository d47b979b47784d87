import { type Consortium } from '../consortium/consortium';
import { readAuthorities } from '../organizations/write-organizations';
import { buildGenesisBlock } from './msp/genesis';

/** Block 0 of the consortium's channel, from the certificates below `<dir>/organizations`. */
export function buildConsortiumGenesis(dir: string, consortium: Consortium): Buffer {
  return buildGenesisBlock({
    channel: consortium.channel.name,
    batch: consortium.channel.batch,
    organizations: consortium.organizations.map((organization) => ({
      mspId: organization.mspId,
      ...readAuthorities(dir, organization),
      hasPeer: organization.roles.includes('peer'),
      hasOrderer: organization.roles.includes('orderer'),
      isApplication: organization.roles.some((role) => role !== 'orderer'),
    })),
  });
}
