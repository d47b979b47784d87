import { type SignedData } from '../msp/channel-identity';
import { type ConfiguredPolicies } from './configured-policies';
import { decodeOr, tryDecode } from '../wire/decode';
import { bytesOf, common } from '../wire/proto';
import { type ChannelConfig } from './channel-config';

const ROOT = 'Channel';

/** Why a configuration update is refused, in Fabric's words. */
export class ConfigUpdateRefused extends Error {
  override readonly name = 'ConfigUpdateRefused';
}

interface ConfigItem {
  readonly kind: 'Group' | 'Value' | 'Policy';
  /** Groups from the root to the one that holds the item; for a group, the one it is in. */
  readonly path: readonly string[];
  readonly key: string;
  readonly element: common.ConfigGroup | common.ConfigValue | common.ConfigPolicy;
}

type ConfigMap = Map<string, ConfigItem>;

interface UpdateContext {
  readonly channel: string;
  readonly config: ChannelConfig;
  readonly policies: ConfiguredPolicies;
}

function nameOf({ kind, path, key }: Pick<ConfigItem, 'kind' | 'path' | 'key'>): string {
  return `[${kind}]`.padEnd(9) + `/${[...path, key].join('/')}`;
}

/** common/configtx/configmap.go recurseConfig. */
function mapGroup(group: common.ConfigGroup, path: readonly string[], key: string, result: ConfigMap): ConfigMap {
  const add = (item: ConfigItem): void => {
    result.set(nameOf(item), item);
  };
  add({ kind: 'Group', path, key, element: group });
  const inside = [...path, key];
  group.getGroupsMap().forEach((child, name) => mapGroup(child, inside, name, result));
  group.getValuesMap().forEach((element, name) => {
    add({ kind: 'Value', path: inside, key: name, element });
  });
  group.getPoliciesMap().forEach((element, name) => {
    add({ kind: 'Policy', path: inside, key: name, element });
  });
  return result;
}

function mapConfig(group: common.ConfigGroup | undefined): ConfigMap {
  return group ? mapGroup(group, [], ROOT, new Map()) : new Map<string, ConfigItem>();
}

/**
 * Applies a CONFIG_UPDATE envelope to the channel's configuration.
 * @throws {@link ConfigUpdateRefused} stale versions, nothing changed, or too few signatures for a modification policy.
 * @remarks Source: common/configtx/{validator,update,configmap}.go.
 */
export function applyConfigUpdate(data: Buffer, { channel, config, policies }: UpdateContext): common.Config {
  const envelope = tryDecode(common.ConfigUpdateEnvelope, data);
  const reading = envelope && decodeOr(common.ConfigUpdate, envelope.getConfigUpdate_asU8());
  if (!reading || 'fault' in reading) {
    const fault = reading?.fault ?? 'proto: cannot parse invalid wire-format data';
    throw new ConfigUpdateRefused(`error converting envelope to config update: ${fault}`);
  }
  const update = reading.message;
  const current = common.Config.deserializeBinary(config.bytes);
  const authorised = authorise(update, signaturesOf(envelope), { channel, current: mapConfig(current.getChannelGroup()), policies });
  const next = new common.Config();
  next.setSequence(config.sequence + 1);
  next.setChannelGroup(rebuild(authorised, [], ROOT));
  return next;
}

function signaturesOf(envelope: common.ConfigUpdateEnvelope): readonly SignedData[] {
  const update = envelope.getConfigUpdate_asU8();
  return envelope.getSignaturesList().map((signature) => {
    const header = signature.getSignatureHeader_asU8();
    return {
      data: Buffer.concat([header, update]),
      identity: bytesOf(tryDecode(common.SignatureHeader, header)?.getCreator_asU8() ?? new Uint8Array()),
      signature: bytesOf(signature.getSignature_asU8()),
    };
  });
}

interface AuthoriseContext {
  readonly channel: string;
  readonly current: ConfigMap;
  readonly policies: ConfiguredPolicies;
}

function refuse(reason: string): never {
  throw new ConfigUpdateRefused(`error authorizing update: ${reason}`);
}

/** update.go authorizeUpdate; answers the whole new configuration. */
function authorise(
  update: common.ConfigUpdate,
  signatures: readonly SignedData[],
  { channel, current, policies }: AuthoriseContext,
): ConfigMap {
  if (update.getChannelId() !== channel)
    refuse(`ConfigUpdate for channel '${update.getChannelId()}' but envelope for channel '${channel}'`);
  const readSet = mapConfig(update.getReadSet());
  verifyReadSet(readSet, current);
  const writeSet = mapConfig(update.getWriteSet());
  const changed = [...writeSet].filter(([name, item]) => readSet.get(name)?.element.getVersion() !== item.element.getVersion());
  if (changed.length === 0) refuse('error validating DeltaSet: delta set was empty -- update would have no effect');
  for (const [name, item] of changed) verifyChange(name, item, current.get(name), (path) => policies.evaluate(path, signatures));
  return new Map([...current, ...changed]);
}

function verifyReadSet(readSet: ConfigMap, current: ConfigMap): void {
  for (const [name, { element }] of readSet) {
    const existing = current.get(name)?.element;
    if (!existing) refuse(`error validating ReadSet: existing config does not contain element for ${name} but was in the read set`);
    if (existing.getVersion() === element.getVersion()) continue;
    const versions = `be at version ${String(element.getVersion())}, but it is currently at version ${String(existing.getVersion())}`;
    refuse(`error validating ReadSet: proposed update requires that key ${name} ${versions}`);
  }
}

/** update.go verifyDeltaSet: what exists may change by one version, under the policy it has now. */
function verifyChange(
  name: string,
  item: ConfigItem,
  existing: ConfigItem | undefined,
  evaluate: (path: string) => string | undefined,
): void {
  const version = item.element.getVersion();
  const fault = (reason: string): never => refuse(`error validating DeltaSet: ${reason}`);
  if (item.element.getModPolicy() === '') fault(`invalid mod_policy for element ${name}: mod_policy not set`);
  if (!existing) {
    if (version !== 0) fault(`attempted to set key ${name} to version ${String(version)}, but key does not exist`);
    return;
  }
  const currentVersion = existing.element.getVersion();
  if (version !== currentVersion + 1)
    fault(`attempt to set key ${name} to version ${String(version)}, but key is at version ${String(currentVersion)}`);
  const reason = evaluate(policyPath(existing));
  if (reason !== undefined) fault(`policy for ${name} not satisfied: ${reason}`);
}

/** update.go policyForItem: a relative policy is that of the item's group, for a group its own. */
function policyPath({ kind, path, key, element }: ConfigItem): string {
  const policy = element.getModPolicy();
  if (policy.startsWith('/')) return policy;
  const group = kind === 'Group' ? [...path, key] : path;
  return `/${[...group, policy].join('/')}`;
}

/** configmap.go recurseConfigMap: a group holds what its newest version names, each in its newest version. */
function rebuild(items: ConfigMap, path: readonly string[], key: string): common.ConfigGroup {
  const named = items.get(nameOf({ kind: 'Group', path, key }))?.element;
  if (!(named instanceof common.ConfigGroup))
    throw new ConfigUpdateRefused(`could not turn configMap back to channelGroup: missing group ${key}`);
  const inside = [...path, key];
  const group = new common.ConfigGroup();
  group.setVersion(named.getVersion());
  group.setModPolicy(named.getModPolicy());
  named.getGroupsMap().forEach((_, name) => group.getGroupsMap().set(name, rebuild(items, inside, name)));
  named.getValuesMap().forEach((value, name) => {
    const newest = items.get(nameOf({ kind: 'Value', path: inside, key: name }))?.element;
    group.getValuesMap().set(name, newest instanceof common.ConfigValue ? newest : value);
  });
  named.getPoliciesMap().forEach((policy, name) => {
    const newest = items.get(nameOf({ kind: 'Policy', path: inside, key: name }))?.element;
    group.getPoliciesMap().set(name, newest instanceof common.ConfigPolicy ? newest : policy);
  });
  return group;
}
