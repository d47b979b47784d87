import { common } from '../wire/proto';

/** A group's part of a config update: the read set, which must still hold, and the write set. */
interface GroupDelta {
  readonly read: common.ConfigGroup;
  readonly write: common.ConfigGroup;
  readonly isChanged: boolean;
}

/** A generated map, as far as it is read here. */
interface ProtoMap<T> {
  get(name: string): T | undefined;
  forEach(visit: (value: T, name: string) => void): void;
}

interface PartsDelta<T> {
  readonly read: ReadonlyMap<string, T>;
  readonly write: ReadonlyMap<string, T>;
  /** Unchanged parts; named only when the group's membership changes. */
  readonly same: ReadonlyMap<string, T>;
  readonly membersChanged: boolean;
}

type Comparison<T> = { readonly kind: 'same'; readonly read: T } | { readonly kind: 'changed'; readonly write: T; readonly read?: T };

function compareParts<T>(
  original: ProtoMap<T>,
  updated: ProtoMap<T>,
  compare: (before: T, after: T) => Comparison<T>,
  added: (after: T) => T,
): PartsDelta<T> {
  const read = new Map<string, T>();
  const write = new Map<string, T>();
  const same = new Map<string, T>();
  let membersChanged = false;
  original.forEach((before, name) => {
    const after = updated.get(name);
    if (after === undefined) {
      membersChanged = true;
      return;
    }
    const compared = compare(before, after);
    if (compared.kind === 'same') {
      same.set(name, compared.read);
      return;
    }
    write.set(name, compared.write);
    if (compared.read !== undefined) read.set(name, compared.read);
  });
  updated.forEach((after, name) => {
    if (original.get(name) !== undefined) return;
    membersChanged = true;
    write.set(name, added(after));
  });
  return { read, write, same, membersChanged };
}

function newValue({ version, content }: { readonly version: number; readonly content?: common.ConfigValue }): common.ConfigValue {
  const value = new common.ConfigValue();
  value.setVersion(version);
  if (content) {
    value.setModPolicy(content.getModPolicy());
    value.setValue(content.getValue_asU8());
  }
  return value;
}

function newPolicy({ version, content }: { readonly version: number; readonly content?: common.ConfigPolicy }): common.ConfigPolicy {
  const policy = new common.ConfigPolicy();
  policy.setVersion(version);
  if (content) {
    policy.setModPolicy(content.getModPolicy());
    policy.setPolicy(content.getPolicy());
  }
  return policy;
}

const isSameBytes = (one: Uint8Array | undefined, other: Uint8Array | undefined): boolean =>
  Buffer.compare(one ?? Buffer.alloc(0), other ?? Buffer.alloc(0)) === 0;

function compareValues(before: common.ConfigValue, after: common.ConfigValue): Comparison<common.ConfigValue> {
  const isSame = before.getModPolicy() === after.getModPolicy() && isSameBytes(before.getValue_asU8(), after.getValue_asU8());
  return isSame
    ? { kind: 'same', read: newValue({ version: before.getVersion() }) }
    : { kind: 'changed', write: newValue({ version: before.getVersion() + 1, content: after }) };
}

function comparePolicies(before: common.ConfigPolicy, after: common.ConfigPolicy): Comparison<common.ConfigPolicy> {
  const isSame =
    before.getModPolicy() === after.getModPolicy() &&
    isSameBytes(before.getPolicy()?.serializeBinary(), after.getPolicy()?.serializeBinary());
  return isSame
    ? { kind: 'same', read: newPolicy({ version: before.getVersion() }) }
    : { kind: 'changed', write: newPolicy({ version: before.getVersion() + 1, content: after }) };
}

function compareGroups(before: common.ConfigGroup, after: common.ConfigGroup): Comparison<common.ConfigGroup> {
  const { read, write, isChanged } = groupDelta(before, after);
  return isChanged ? { kind: 'changed', read, write } : { kind: 'same', read };
}

interface Parts {
  readonly groups: PartsDelta<common.ConfigGroup>;
  readonly values: PartsDelta<common.ConfigValue>;
  readonly policies: PartsDelta<common.ConfigPolicy>;
}

/** `read` of a part that is only changed stays unnamed; with another membership the unchanged ones are named too. */
function fill(
  group: common.ConfigGroup,
  { groups, values, policies }: Parts,
  side: 'read' | 'write',
  withSame: boolean,
): common.ConfigGroup {
  const named = <T>(delta: PartsDelta<T>): readonly (readonly [string, T])[] => [...delta[side], ...(withSame ? delta.same : [])];
  for (const [name, part] of named(groups)) group.getGroupsMap().set(name, part);
  for (const [name, part] of named(values)) group.getValuesMap().set(name, part);
  for (const [name, part] of named(policies)) group.getPoliciesMap().set(name, part);
  return group;
}

function newGroup(version: number): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.setVersion(version);
  return group;
}

function addedGroup(after: common.ConfigGroup): common.ConfigGroup {
  const { write } = groupDelta(new common.ConfigGroup(), after);
  write.setVersion(0);
  write.setModPolicy(after.getModPolicy());
  return write;
}

function groupDelta(before: common.ConfigGroup, after: common.ConfigGroup): GroupDelta {
  const version = before.getVersion();
  const parts: Parts = {
    groups: compareParts(before.getGroupsMap(), after.getGroupsMap(), compareGroups, addedGroup),
    values: compareParts(before.getValuesMap(), after.getValuesMap(), compareValues, (content) => newValue({ version: 0, content })),
    policies: compareParts(before.getPoliciesMap(), after.getPoliciesMap(), comparePolicies, (content) =>
      newPolicy({ version: 0, content }),
    ),
  };
  const deltas = [parts.groups, parts.values, parts.policies];
  const isReplaced = before.getModPolicy() !== after.getModPolicy() || deltas.some(({ membersChanged }) => membersChanged);
  const isChanged = isReplaced || deltas.some(({ write }) => write.size > 0);
  const read = fill(newGroup(version), parts, 'read', isReplaced);
  const write = fill(newGroup(isReplaced ? version + 1 : version), parts, 'write', isReplaced);
  if (isReplaced) write.setModPolicy(after.getModPolicy());
  return { read, write, isChanged };
}

/**
 * The smallest update that leads from one configuration to the other; `undefined` if they are the same.
 * @remarks Source: fabric internal/configtxlator/update/update.go Compute.
 */
export function computeConfigUpdate(
  channel: string,
  before: common.ConfigGroup,
  after: common.ConfigGroup,
): common.ConfigUpdate | undefined {
  const { read, write, isChanged } = groupDelta(before, after);
  if (!isChanged) return undefined;
  const update = new common.ConfigUpdate();
  update.setChannelId(channel);
  update.setReadSet(read);
  update.setWriteSet(write);
  return update;
}
