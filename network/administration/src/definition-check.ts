import { type CommittedDefinition, type common, majorityOf, parsePolicyText, peer, PolicyTree } from '@lianyi/fabric-protocol';
import { type Consortium, OperatorError, reasonOf } from '@lianyi/network-model';
import { policyNeeds, refuse, signatureNeeds } from './policy-strength';

function endorsers(consortium: Consortium): readonly string[] {
  return consortium.organizations.filter((organization) => organization.roles.includes('peer')).map(({ mspId }) => mspId);
}

function textNeeds(what: string, text: string, organizations: readonly string[]): number {
  try {
    return signatureNeeds(what, parsePolicyText(text), organizations);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    return refuse(what, reasonOf(error));
  }
}

/** Refuses policies of the consortium file that protect nothing; called before anything is started. */
export function refuseUnsafePolicies(consortium: Consortium): void {
  const organizations = endorsers(consortium);
  for (const { name, endorsementPolicy, collections } of consortium.chaincodes) {
    if (endorsementPolicy !== undefined) textNeeds(`chaincode ${name}`, endorsementPolicy, organizations);
    for (const collection of collections) {
      if (collection.endorsementPolicy !== undefined)
        textNeeds(`collection ${name}/${collection.name}`, collection.endorsementPolicy, organizations);
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
    const what = `the channel's policy ${path}`;
    const policy = tree.find(['Application', name]);
    const needed = policy ? policyNeeds(what, policy, members) : refuse(what, 'it is not there');
    return needed < wanted ? refuseWeaker(what, needed, wanted) : [path, needed];
  });
  return new Map(needs);
}

function membersOf(channel: common.ConfigGroup): readonly string[] {
  const groups = channel.getGroupsMap().get('Application')?.getGroupsMap().toArray() ?? [];
  return groups.map(([mspId]) => mspId);
}

function refuseWeaker(what: string, needed: number, wanted: number): never {
  return refuse(what, `it needs ${needed} endorsing organisation${needed === 1 ? '' : 's'}, the consortium file asks for ${wanted}`);
}

/** How many organisations a policy of a committed definition needs. */
function committedNeeds(what: string, policy: peer.ApplicationPolicy, organizations: readonly string[], channel: ChannelNeeds): number {
  const signature = policy.getSignaturePolicy();
  if (signature) return signatureNeeds(what, signature, organizations);
  const reference = policy.getChannelConfigPolicyReference();
  return channel.get(reference) ?? refuse(what, `it refers to the channel's policy '${reference}', which is not about endorsements`);
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
    if (policy) committedNeeds(`the committed collection ${name}/${collection?.getName() ?? ''}`, policy, organizations, channel);
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
    const what = `the committed definition of ${definition.name} (sequence ${definition.sequence})`;
    const text = consortium.chaincodes.find(({ name }) => name === definition.name)?.endorsementPolicy;
    const policy = peer.ApplicationPolicy.deserializeBinary(definition.validationParameter);
    const needed = committedNeeds(what, policy, organizations, needs);
    const wanted = text === undefined ? least : textNeeds(`chaincode ${definition.name}`, text, organizations);
    if (needed < wanted) refuseWeaker(what, needed, wanted);
    refuseUnsafeCollections(definition, organizations, needs);
  }
}
