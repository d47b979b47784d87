import { type CommittedDefinition, type common, majorityOf, parsePolicyText, peer, PolicyTree } from '@lianyi/fabric-protocol';
import { type Consortium, OperatorError, reasonOf, type Sentence, verbatim } from '@lianyi/network-model';
import { policyNeeds, refuse, signatureNeeds } from './policy-strength';

function endorsers(consortium: Consortium): readonly string[] {
  return consortium.organizations.filter((organization) => organization.roles.includes('peer')).map(({ mspId }) => mspId);
}

function textNeeds(what: Sentence, text: string, organizations: readonly string[]): number {
  try {
    return signatureNeeds(what, parsePolicyText(text), organizations);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    return refuse(what, verbatim(reasonOf(error)));
  }
}

const ofChaincode = (name: string): Sentence => ({ en: `chaincode ${name}`, zh: `链码 ${name}` });
const ofCollection = (name: string): Sentence => ({ en: `collection ${name}`, zh: `集合 ${name}` });

/** Refuses policies of the consortium file that protect nothing; called before anything is started. */
export function refuseUnsafePolicies(consortium: Consortium): void {
  const organizations = endorsers(consortium);
  for (const { name, endorsementPolicy, collections } of consortium.chaincodes) {
    if (endorsementPolicy !== undefined) textNeeds(ofChaincode(name), endorsementPolicy, organizations);
    for (const collection of collections) {
      if (collection.endorsementPolicy !== undefined)
        textNeeds(ofCollection(`${name}/${collection.name}`), collection.endorsementPolicy, organizations);
    }
  }
}

/** The channel's own policies that endorsements are counted by: of transactions, and of definitions. */
const ENDORSEMENT_POLICIES = ['Endorsement', 'LifecycleEndorsement'] as const;

/** What those policies need, by the path a definition refers to them with. */
type ChannelNeeds = ReadonlyMap<string, number>;

/**
 * A majority may have weakened the policies that definitions refer to, or that new definitions need. Whoever is a member of
 * the channel counts, whether it has a peer now or makes itself one.
 * @throws {@link OperatorError} `POLICY_REFUSED`.
 */
function channelNeeds(channel: common.ConfigGroup, wanted: number): ChannelNeeds {
  const tree = new PolicyTree(channel);
  const members = membersOf(channel);
  const needs = ENDORSEMENT_POLICIES.map((name): readonly [string, number] => {
    const path = `/Channel/Application/${name}`;
    const what = { en: `the channel's policy ${path}`, zh: `通道的策略 ${path}` };
    const policy = tree.find(['Application', name]);
    const needed = policy ? policyNeeds(what, policy, members) : refuse(what, { en: 'it is not there', zh: '不存在' });
    return needed < wanted ? refuseWeaker(what, needed, wanted) : [path, needed];
  });
  return new Map(needs);
}

function membersOf(channel: common.ConfigGroup): readonly string[] {
  const groups = channel.getGroupsMap().get('Application')?.getGroupsMap().toArray() ?? [];
  return groups.map(([mspId]) => mspId);
}

function refuseWeaker(what: Sentence, needed: number, wanted: number): never {
  return refuse(what, {
    en: `it needs ${needed} endorsing organisation${needed === 1 ? '' : 's'}, the consortium file asks for ${wanted}`,
    zh: `它需要 ${needed} 个组织背书，而联盟定义文件要求 ${wanted} 个`,
  });
}

/** How many organisations a policy of a committed definition needs. */
function committedNeeds(what: Sentence, policy: peer.ApplicationPolicy, organizations: readonly string[], channel: ChannelNeeds): number {
  const signature = policy.getSignaturePolicy();
  if (signature) return signatureNeeds(what, signature, organizations);
  const reference = policy.getChannelConfigPolicyReference();
  return (
    channel.get(reference) ??
    refuse(what, {
      en: `it refers to the channel's policy '${reference}', which is not about endorsements`,
      zh: `它引用通道的策略 “${reference}”，而该策略与背书无关`,
    })
  );
}

/** A collection's own policy replaces the chaincode's for the keys in it. */
function refuseUnsafeCollections(
  { name, collections }: CommittedDefinition,
  organizations: readonly string[],
  channel: ChannelNeeds,
): void {
  for (const entry of peer.CollectionConfigPackage.deserializeBinary(collections).getConfigList()) {
    const collection = entry.getStaticCollectionConfig();
    const policy = collection?.getEndorsementPolicy();
    const full = `${name}/${collection?.getName() ?? ''}`;
    if (policy) committedNeeds({ en: `the committed collection ${full}`, zh: `已提交的集合 ${full}` }, policy, organizations, channel);
  }
}

/**
 * Refuses to serve a channel whose own policies or committed definitions, also those the consortium file does not name,
 * protect less than the file asks for: somebody with enough approvals may have replaced them since.
 * @param channel - the channel's configuration as it is now
 */
export function refuseWeakerDefinitions(
  consortium: Consortium,
  committed: readonly CommittedDefinition[],
  channel: common.ConfigGroup,
): void {
  const organizations = endorsers(consortium);
  const members = membersOf(channel);
  // who joins or leaves does so on the channel first, and only then in the record of the consortium
  const least = majorityOf(organizations.filter((mspId) => members.includes(mspId)).length);
  const needs = channelNeeds(channel, least);
  for (const definition of committed) {
    const what = {
      en: `the committed definition of ${definition.name} (sequence ${definition.sequence})`,
      zh: `已提交的 ${definition.name} 定义（序号 ${definition.sequence}）`,
    };
    const text = consortium.chaincodes.find(({ name }) => name === definition.name)?.endorsementPolicy;
    const policy = peer.ApplicationPolicy.deserializeBinary(definition.validationParameter);
    const needed = committedNeeds(what, policy, organizations, needs);
    const wanted = text === undefined ? least : textNeeds(ofChaincode(definition.name), text, organizations);
    if (needed < wanted) refuseWeaker(what, needed, wanted);
    refuseUnsafeCollections(definition, organizations, needs);
  }
}
