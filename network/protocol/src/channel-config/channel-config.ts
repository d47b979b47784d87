import { Msp } from '../msp/msp';
import { serializeIdentity } from '../wire/signer';
import { ChannelMsps } from '../msp/msp-manager';
import { PolicyTree } from '../policies/policy-tree';
import { bytesOf, common, marshal, msp, orderer } from '../wire/proto';

/** FabricMSPConfig in an MSPConfig (msp/msp.go ProviderType FABRIC). */
const PROVIDER_FABRIC = 0;

/** One state of a channel's configuration, immutable. */
export interface ChannelConfig {
  readonly sequence: number;
  /** Marshalled common.Config. */
  readonly bytes: Buffer;
  readonly msps: ChannelMsps;
  readonly policies: PolicyTree;
  /** MSP id by name of the group under Application. */
  readonly applicationOrganizations: ReadonlyMap<string, string>;
  /** From the Orderer group; absent when the configuration has none. */
  readonly absoluteMaxBytes?: number;
  /** Marshalled msp.SerializedIdentity of each consenter by its number, where blocks may name their signers so; else empty. */
  readonly consenters: ReadonlyMap<number, Buffer>;
}

function organizationsOf(
  channel: common.ConfigGroup,
  section: string,
): readonly { readonly name: string; readonly group: common.ConfigGroup }[] {
  const groups = channel.getGroupsMap().get(section)?.getGroupsMap();
  return (groups?.toArray() ?? []).flatMap(([name]) => {
    const group = groups?.get(name);
    return group ? [{ name, group }] : [];
  });
}

function mspConfigOf(group: common.ConfigGroup): msp.FabricMSPConfig | undefined {
  const value = group.getValuesMap().get('MSP')?.getValue_asU8();
  if (!value) return undefined;
  const config = msp.MSPConfig.deserializeBinary(value);
  if (config.getType() !== PROVIDER_FABRIC) throw new Error('only X.509 MSPs are supported; the channel configuration names another kind');
  return msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
}

function batchLimit(channel: common.ConfigGroup): { absoluteMaxBytes?: number } {
  const value = channel.getGroupsMap().get('Orderer')?.getValuesMap().get('BatchSize')?.getValue_asU8();
  return value ? { absoluteMaxBytes: orderer.BatchSize.deserializeBinary(value).getAbsoluteMaxBytes() } : {};
}

/** The channel capability under which signers of a block may be consenters' numbers (common/channelconfig/capabilities.go). */
const CONSENTER_NUMBERS = 'V3_0';

function consentersOf(channel: common.ConfigGroup): ReadonlyMap<number, Buffer> {
  const capabilities = channel.getValuesMap().get('Capabilities')?.getValue_asU8();
  const names = capabilities ? common.Capabilities.deserializeBinary(capabilities).getCapabilitiesMap() : undefined;
  const value = channel.getGroupsMap().get('Orderer')?.getValuesMap().get('Orderers')?.getValue_asU8();
  if (!names?.has(CONSENTER_NUMBERS) || !value) return new Map();
  const consenters = common.Orderers.deserializeBinary(value).getConsenterMappingList();
  return new Map(consenters.map((each) => [each.getId(), serializeIdentity(each.getMspId(), Buffer.from(each.getIdentity_asU8()))]));
}

interface DefinedMsp {
  readonly msp: Msp;
  readonly definition: Buffer;
}

/** An organisation may stand in both sections, but as the same (common/channelconfig/msp.go ProposeMSP). */
function define(msps: Map<string, DefinedMsp>, config: msp.FabricMSPConfig): void {
  const definition = marshal(config);
  const known = msps.get(config.getName());
  if (!known) msps.set(config.getName(), { msp: new Msp(config), definition });
  else if (!known.definition.equals(definition)) throw new Error(`Attempted to define two different versions of MSP: ${config.getName()}`);
}

/** Builds MSPs and policies of a configuration. Throws if it holds something no MSP can be made of. */
export function parseChannelConfig(config: common.Config): ChannelConfig {
  const channel = config.getChannelGroup() ?? new common.ConfigGroup();
  const msps = new Map<string, DefinedMsp>();
  const applicationOrganizations = new Map<string, string>();
  for (const section of ['Application', 'Orderer']) {
    for (const { name, group } of organizationsOf(channel, section)) {
      const mspConfig = mspConfigOf(group);
      if (!mspConfig) continue;
      const id = mspConfig.getName();
      define(msps, mspConfig);
      if (section === 'Application') applicationOrganizations.set(name, id);
    }
  }
  return {
    sequence: config.getSequence(),
    bytes: bytesOf(config.serializeBinary()),
    msps: new ChannelMsps([...msps.values()].map(({ msp: each }) => each)),
    policies: new PolicyTree(channel),
    applicationOrganizations,
    ...batchLimit(channel),
    consenters: consentersOf(channel),
  };
}
