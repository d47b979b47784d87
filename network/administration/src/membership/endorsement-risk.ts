import {
  type ChannelPolicy,
  type CommittedDefinition,
  committedDefinitions,
  type common,
  compileSignaturePolicy,
  peer,
  PolicyTree,
} from '@lianyi/fabric-protocol';
import { askStatus, OperatorError, type Sentence } from '@lianyi/network-model';
import { type ConfigChange } from '../channel-update/config-change';
import { endorsersLacking } from '../policy-strength';
import { type Progress } from '../progress';
import { type ChannelHandle } from '../session/channel-handle';

/** Whose peers could endorse on a channel at this moment. */
export interface EndorsementState {
  /** MSP ids of members with a peer and chaincode that answer. */
  readonly able: readonly string[];
  /** Names of nodes that keep the other members from it. */
  readonly down: readonly string[];
}

/** A channel before and after a change of its members. */
export interface MembershipChange {
  readonly channel: string;
  readonly before: common.ConfigGroup;
  readonly after: common.ConfigGroup;
  /** What the channel has committed: each has a policy of its own, or the channel's. */
  readonly definitions: readonly CommittedDefinition[];
  /** MSP id of who comes or goes: not counted among those who can endorse after it. */
  readonly subject: string;
}

interface NamedPolicy {
  readonly what: Sentence;
  readonly policy: ChannelPolicy | undefined;
}

/** Everything that endorsements are counted by on a channel: its own policies, and those of definitions and collections. */
function policiesOf(group: common.ConfigGroup, definitions: readonly CommittedDefinition[]): readonly NamedPolicy[] {
  const tree = new PolicyTree(group);
  const own = ['Endorsement', 'LifecycleEndorsement'].map((name) => {
    return {
      what: { en: `policy /Channel/Application/${name}`, zh: `策略 /Channel/Application/${name}` },
      policy: tree.find(['Application', name]),
    };
  });
  return [...own, ...definitions.flatMap((definition) => definedPolicies(definition))];
}

/** Those that name organisations themselves; the others refer to the channel's. */
function definedPolicies({ name, validationParameter, collections }: CommittedDefinition): readonly NamedPolicy[] {
  const list = peer.CollectionConfigPackage.deserializeBinary(collections).getConfigList();
  const ofCollections = list.map((entry) => {
    const collection = entry.getStaticCollectionConfig();
    const full = `${name}/${collection?.getName() ?? ''}`;
    return named({ en: `policy of collection ${full}`, zh: `集合 ${full} 的策略` }, collection?.getEndorsementPolicy());
  });
  const ofChaincode = { en: `policy of chaincode ${name}`, zh: `链码 ${name} 的策略` };
  return [named(ofChaincode, peer.ApplicationPolicy.deserializeBinary(validationParameter)), ...ofCollections].flat();
}

function named(what: Sentence, policy: peer.ApplicationPolicy | undefined): readonly NamedPolicy[] {
  const signature = policy?.getSignaturePolicy();
  const rule = signature && compileSignaturePolicy(signature);
  return rule ? [{ what, policy: { kind: 'signature', rule } }] : [];
}

function membersOf(group: common.ConfigGroup): readonly string[] {
  const members = group.getGroupsMap().get('Application')?.getGroupsMap().toArray() ?? [];
  return members.map(([mspId]) => mspId);
}

function lackingIn(policy: ChannelPolicy | undefined, able: readonly string[], members: readonly string[]): number {
  const further = members.filter((mspId) => !able.includes(mspId));
  return (policy && endorsersLacking(policy, able, further)) ?? Number.POSITIVE_INFINITY;
}

/**
 * What a change of the members would do to the channel's writes while some of the others' nodes are down; `undefined`: nothing.
 * Where all of them work nothing is said: who comes counts at once, and that cannot be helped. Nor where as many lack as before.
 */
export function endorsementRisk(change: MembershipChange, { able, down }: EndorsementState): Sentence | undefined {
  const { channel, before, after, definitions, subject } = change;
  if (down.length === 0) return undefined;
  const ableAfter = able.filter((mspId) => mspId !== subject);
  const former = policiesOf(before, definitions);
  const worse = policiesOf(after, definitions).flatMap(({ what, policy }, index) => {
    const lacking = lackingIn(policy, ableAfter, membersOf(after));
    return lacking > lackingIn(former[index]?.policy, able, membersOf(before)) ? [{ what, lacking }] : [];
  });
  const [first] = worse;
  if (!first) return undefined;
  return riskOf(channel, first, { able: ableAfter, down });
}

function riskOf(
  channel: string,
  { what, lacking }: { readonly what: Sentence; readonly lacking: number },
  after: EndorsementState,
): Sentence {
  const { able, down } = after;
  const lack = Number.isFinite(lacking)
    ? { en: `${lacking} more would have to`, zh: `还缺 ${lacking} 个` }
    : { en: 'nobody could make up for the rest', zh: '其余的无人能补足' };
  return {
    en: `of the members of ${channel} only ${able.join(', ') || 'nobody'} could endorse afterwards, and by its ${what.en} ${lack.en}; ${down.join(', ')} does not answer`,
    zh: `此后 ${channel} 的成员中只有 ${able.join('、') || '零个'} 能背书，按其${what.zh}${lack.zh}；${down.join('、')} 没有应答`,
  };
}

/** Whose node it is: of nested domains the longest. */
function domainOf(node: string, domains: readonly string[]): string | undefined {
  return domains.filter((domain) => node.endsWith(`.${domain}`)).sort((a, b) => b.length - a.length)[0];
}

/** Asks every peer of the channel, and the network which chaincode services run. */
async function lookAtEndorsement(channel: ChannelHandle): Promise<EndorsementState> {
  const { nodes } = await askStatus(channel.dataDir);
  const idle = nodes.filter(({ kind, pid, stopped }) => kind === 'chaincode' && (stopped || pid === undefined)).map(({ name }) => name);
  const answering = await channel.answering();
  const members = channel.organizations.filter(({ roles }) => roles.includes('peer'));
  const domains = channel.session.network.consortium.organizations.map(({ domain }) => domain);
  const looks = members.map((organization) => {
    const peers = channel.allPeersOf(organization);
    const services = idle.filter((name) => domainOf(name, domains) === organization.domain);
    const silent = peers.filter((client) => !answering.includes(client)).map(({ node }) => node.name);
    const isAble = silent.length < peers.length && services.length === 0;
    return { mspId: organization.mspId, isAble, down: isAble ? [] : [...silent, ...services] };
  });
  return { able: looks.filter(({ isAble }) => isAble).map(({ mspId }) => mspId), down: looks.flatMap(({ down }) => down) };
}

/** What is about to be done to the members of the channels. */
export interface RiskyChange {
  /** MSP id of who comes or goes. */
  readonly subject: string;
  readonly changeOf: (channel: ChannelHandle) => ConfigChange;
  /** Goes on where writes would fail, and only says so. */
  readonly despiteLostEndorsement: boolean;
}

/**
 * Refuses a change of members after which too few of those whose nodes work could endorse: every write would fail.
 * @throws {@link OperatorError} `ENDORSEMENT_AT_RISK` — of any of the channels, before anything is changed.
 */
export async function refuseEndorsementAtRisk(
  channels: readonly ChannelHandle[],
  { subject, changeOf, despiteLostEndorsement }: RiskyChange,
  progress: Progress,
): Promise<void> {
  for (const channel of channels) {
    const before = await channel.config();
    const [client] = await channel.answering();
    const definitions = client ? await committedDefinitions(client, channel.name) : [];
    const change = { channel: channel.name, before, after: changeOf(channel)(before), definitions, subject };
    const risk = endorsementRisk(change, await lookAtEndorsement(channel));
    if (risk === undefined) continue;
    if (!despiteLostEndorsement)
      throw new OperatorError('ENDORSEMENT_AT_RISK', {
        en: `every write could fail: ${risk.en}; bring it back first, or say --despite-lost-endorsement; nothing was sent`,
        zh: `所有写入都可能失败：${risk.zh}；请先恢复它，或加上 --despite-lost-endorsement；没有发送任何内容`,
      });
    progress({
      en: `writes may fail from now on: ${risk.en}`,
      zh: `从现在起写入可能失败：${risk.zh}`,
    });
  }
}
