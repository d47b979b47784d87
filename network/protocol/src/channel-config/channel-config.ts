import { ChannelMsps } from '../msp/msp-manager';
import { Msp } from '../msp/msp';
import { PolicyTree } from '../policies/policy-tree';
import { decodeKnown } from '../wire/known-fields';
import { ofBatchSize, ofCapabilities, ofConfig, ofMspConfig, ofOrderers } from '../wire/known-messages';
import { serializeIdentity } from '../wire/signer';
import { bytesOf, common, marshal, msp, orderer } from '../wire/proto';
import { type ChannelSection } from './channel-roles';
import { fabricMspConfigIn } from './msp-config';

/** FabricMSPConfig in an MSPConfig (msp/msp.go ProviderType FABRIC). */
const PROVIDER_FABRIC = 0;
const SECTIONS: readonly ChannelSection[] = ['Application', 'Orderer'];

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
  /** What of it counts as if nobody were there, for this program cannot read it; empty where {@link parseChannelConfig} has read it. */
  readonly unread: readonly UnreadPart[];
}

/** A part of a channel's configuration that this program cannot read, though the channel's peers have taken it. */
export interface UnreadPart {
  /** An organisation's group by its path, whose members then satisfy nothing, or a policy by its own, which nobody satisfies. */
  readonly path: string;
  readonly cause: unknown;
  /** Whether the signatures under blocks may need it. */
  readonly isOfOrdering: boolean;
}

/** A configuration of bytes that members have made in part. @throws Error — a peer cannot read them either. */
export function decodeConfig(bytes: Uint8Array): common.Config {
  return decodeKnown(common.Config, ofConfig, bytes);
}

/**
 * Builds MSPs and policies of a configuration.
 * @throws Error — it holds something that no MSP or no policy can be made of.
 */
export function parseChannelConfig(config: common.Config): ChannelConfig {
  const parsed = readChannelConfig(config);
  const [first] = parsed.unread;
  if (first === undefined) return parsed;
  throw first.cause instanceof Error ? first.cause : new Error(`${first.path} cannot be read`);
}

/**
 * The same of a configuration that the channel goes by already, whatever this program makes of it: what it cannot read, it names, and nobody
 * is of that organisation or satisfies that policy. Each is judged by itself, for each organisation's administrator writes its own.
 */
export function readChannelConfig(config: common.Config): ChannelConfig {
  const channel = config.getChannelGroup() ?? new common.ConfigGroup();
  const unread: UnreadPart[] = [];
  const attempt = <Result>(path: string, read: () => Result): Result | undefined => readPart(path, read, unread);
  const organizations = SECTIONS.flatMap((section) => organizationsOf(channel, section));
  const defined = new Map<string, DefinedMsp>();
  for (const { path, group } of organizations)
    attempt(path, () => {
      define(defined, group);
    });
  const policies = new PolicyTree(channel, (path, cause) => {
    unread.push({ path, cause, isOfOrdering: isOfOrdering(path) });
  });
  const absoluteMaxBytes = attempt('/Channel/Orderer/BatchSize', () => batchLimit(channel));
  return {
    sequence: config.getSequence(),
    bytes: bytesOf(config.serializeBinary()),
    msps: new ChannelMsps([...defined.values()].flatMap(({ msp: each }) => each ?? [])),
    policies,
    applicationOrganizations: new Map(
      organizations.flatMap(({ section, name, group }) => {
        const id = section === 'Application' ? mspIdOf(group) : undefined;
        return id === undefined ? [] : [[name, id]];
      }),
    ),
    ...(absoluteMaxBytes === undefined ? {} : { absoluteMaxBytes }),
    consenters: attempt('/Channel/Orderer/Orderers', () => consentersOf(channel)) ?? new Map<number, Buffer>(),
    unread,
  };
}

/** A part of a configuration; named in `unread` if it cannot be read. */
function readPart<Result>(path: string, read: () => Result, unread: UnreadPart[]): Result | undefined {
  try {
    return read();
  } catch (cause) {
    unread.push({ path, cause, isOfOrdering: isOfOrdering(path) });
    return undefined;
  }
}

interface OrganizationGroup {
  readonly section: ChannelSection;
  readonly name: string;
  readonly path: string;
  readonly group: common.ConfigGroup;
}

function organizationsOf(channel: common.ConfigGroup, section: ChannelSection): readonly OrganizationGroup[] {
  const groups = channel.getGroupsMap().get(section)?.getGroupsMap();
  return (groups?.toArray() ?? []).flatMap(([name]) => {
    const group = groups?.get(name);
    return group ? [{ section, name, path: `/Channel/${section}/${name}`, group }] : [];
  });
}

/** A policy of the channel itself counts, too: others refer to it. */
function isOfOrdering(path: string): boolean {
  return !path.startsWith('/Channel/Application/');
}

function definitionIn(group: common.ConfigGroup): msp.FabricMSPConfig | undefined {
  const value = group.getValuesMap().get('MSP')?.getValue_asU8();
  if (!value) return undefined;
  const config = decodeKnown(msp.MSPConfig, ofMspConfig, value);
  if (config.getType() !== PROVIDER_FABRIC) throw new Error('only X.509 MSPs are supported; the channel configuration names another kind');
  return fabricMspConfigIn(config);
}

/** Marshalled FabricMSPConfig by MSP id, of each organisation in a channel's group, or in a part of one, whose definition can be read. */
export function definitionsOf(channel: common.ConfigGroup | undefined): ReadonlyMap<string, Buffer> {
  const definitions = new Map<string, Buffer>();
  for (const section of SECTIONS)
    for (const { group } of channel === undefined ? [] : organizationsOf(channel, section)) {
      const id = mspIdOf(group);
      const definition = id === undefined ? undefined : definitionIn(group);
      if (definition !== undefined && id !== undefined) definitions.set(id, marshal(definition));
    }
  return definitions;
}

function mspIdOf(group: common.ConfigGroup): string | undefined {
  try {
    return definitionIn(group)?.getName();
  } catch {
    return undefined; // it is named among what could not be read
  }
}

interface DefinedMsp {
  /** Absent where none could be made of the definition. */
  readonly msp?: Msp;
  readonly definition: Buffer;
}

/** An organisation may stand in both sections, but as the same (common/channelconfig/msp.go ProposeMSP). */
function define(defined: Map<string, DefinedMsp>, group: common.ConfigGroup): void {
  const config = definitionIn(group);
  if (config === undefined) return;
  const id = config.getName();
  const definition = marshal(config);
  const known = defined.get(id);
  if (known?.definition.equals(definition) === false) {
    defined.set(id, { definition: known.definition });
    throw new Error(`Attempted to define two different versions of MSP: ${id}`);
  }
  if (known?.msp !== undefined) return;
  defined.set(id, { definition });
  defined.set(id, { msp: new Msp(config), definition });
}

function batchLimit(channel: common.ConfigGroup): number | undefined {
  const value = channel.getGroupsMap().get('Orderer')?.getValuesMap().get('BatchSize')?.getValue_asU8();
  return value && decodeKnown(orderer.BatchSize, ofBatchSize, value).getAbsoluteMaxBytes();
}

/** The channel capability under which signers of a block may be consenters' numbers (common/channelconfig/capabilities.go). */
const CONSENTER_NUMBERS = 'V3_0';

function consentersOf(channel: common.ConfigGroup): ReadonlyMap<number, Buffer> {
  const capabilities = channel.getValuesMap().get('Capabilities')?.getValue_asU8();
  const names = capabilities ? decodeKnown(common.Capabilities, ofCapabilities, capabilities).getCapabilitiesMap() : undefined;
  const value = channel.getGroupsMap().get('Orderer')?.getValuesMap().get('Orderers')?.getValue_asU8();
  if (!names?.has(CONSENTER_NUMBERS) || !value) return new Map();
  const consenters = decodeKnown(common.Orderers, ofOrderers, value).getConsenterMappingList();
  return new Map(consenters.map((each) => [each.getId(), serializeIdentity(each.getMspId(), Buffer.from(each.getIdentity_asU8()))]));
}
