import { decodeKnown } from '../wire/known-fields';
import { ofFabricMspConfig, ofMspConfig } from '../wire/known-messages';
import { type common, marshal, msp } from '../wire/proto';

/** Groups of the sections in which an organisation stands; an organisation may stand in both, with the same MSP. */
export function groupsOf(channel: common.ConfigGroup, mspId: string): readonly common.ConfigGroup[] {
  return ['Application', 'Orderer'].flatMap((section) => channel.getGroupsMap().get(section)?.getGroupsMap().get(mspId) ?? []);
}

/** Gives a new group of an organisation the MSP it has in the other section, if it stands there: they may not differ. */
export function takeMspOf(channel: common.ConfigGroup, mspId: string, group: common.ConfigGroup): void {
  const [elsewhere] = groupsOf(channel, mspId);
  const value = elsewhere?.getValuesMap().get('MSP');
  if (value) group.getValuesMap().set('MSP', value);
}

/** @throws Error — it holds none. */
export function fabricMspConfigIn(wrapped: msp.MSPConfig): msp.FabricMSPConfig {
  return decodeKnown(msp.FabricMSPConfig, ofFabricMspConfig, wrapped.getConfig_asU8());
}

export function mspConfigOf(group: common.ConfigGroup): msp.FabricMSPConfig {
  const value = group.getValuesMap().get('MSP')?.getValue_asU8() ?? new Uint8Array();
  return fabricMspConfigIn(decodeKnown(msp.MSPConfig, ofMspConfig, value));
}

/** Replaces an organisation's MSP in every section: two different ones of one name are refused (channelconfig ProposeMSP). */
export function changeMsp(channel: common.ConfigGroup, mspId: string, change: (config: msp.FabricMSPConfig) => void): void {
  for (const group of groupsOf(channel, mspId)) {
    const value = group.getValuesMap().get('MSP');
    if (!value) continue;
    const wrapped = decodeKnown(msp.MSPConfig, ofMspConfig, value.getValue_asU8());
    const config = fabricMspConfigIn(wrapped);
    change(config);
    wrapped.setConfig(marshal(config));
    value.setValue(marshal(wrapped));
  }
}
