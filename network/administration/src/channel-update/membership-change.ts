import { isDeepStrictEqual } from 'node:util';
import {
  common,
  compileSignaturePolicy,
  type GenesisOrganization,
  majorityOf,
  marshal,
  organizationGroup,
  outOf,
  peer,
  signaturePolicy,
  takeMspOf,
} from '@lianyi/fabric-protocol';
import { type Consortium, type Organization, readVerifyingMsp } from '@lianyi/network-model';

function applicationOf(channel: common.ConfigGroup): common.ConfigGroup {
  const application = channel.getGroupsMap().get('Application');
  if (!application) throw new Error('the channel has no Application section');
  return application;
}

export function isMember(channel: common.ConfigGroup, mspId: string): boolean {
  return applicationOf(channel).getGroupsMap().get(mspId) !== undefined;
}

/** `OutOf(n, 'A.peer', …)` over all organisations with a peer: more than half. */
function majority({ organizations }: Pick<Consortium, 'organizations'>): common.SignaturePolicyEnvelope {
  const endorsers = organizations.filter(({ roles }) => roles.includes('peer')).map(({ mspId }) => ({ mspId, role: 'peer' as const }));
  return outOf(majorityOf(endorsers.length), endorsers);
}

/**
 * Where the majority is spelt out, because some organisation has no peer, it has to be spelt out anew; ImplicitMeta counts by
 * itself. A policy that somebody has made otherwise stays as it is.
 */
function countMajorityAnew(application: common.ConfigGroup, before: Consortium, after: Consortium): void {
  const former = compileSignaturePolicy(majority(before));
  for (const name of ['Endorsement', 'LifecycleEndorsement']) {
    const entry = application.getPoliciesMap().get(name);
    const policy = entry?.getPolicy();
    if (!entry || policy?.getType() !== common.Policy.PolicyType.SIGNATURE) continue;
    const current = compileSignaturePolicy(common.SignaturePolicyEnvelope.deserializeBinary(policy.getValue_asU8()));
    if (isDeepStrictEqual(current, former)) entry.setPolicy(signaturePolicy(majority(after)));
  }
}

function anchorPeers(port: number): common.ConfigValue {
  const anchor = new peer.AnchorPeer();
  anchor.setHost('localhost');
  anchor.setPort(port);
  const anchors = new peer.AnchorPeers();
  anchors.setAnchorPeersList([anchor]);
  const value = new common.ConfigValue();
  value.setModPolicy('Admins');
  value.setValue(marshal(anchors));
  return value;
}

/** An organisation as a channel's configuration presents it, from its own folders. */
export function presentedOrganization(dataDir: string, organization: Organization): GenesisOrganization {
  const { mspId, roles } = organization;
  return {
    mspId,
    ...readVerifyingMsp(dataDir, organization),
    hasPeer: roles.includes('peer'),
    hasOrderer: roles.includes('orderer'),
    isApplication: roles.some((role) => role !== 'orderer'),
  };
}

/** Makes the organisation a member of the channel, with its anchor peer, and counts the majority of endorsers anew. */
export function addMember(
  channel: common.ConfigGroup,
  dataDir: string,
  organization: Organization,
  peerPort: number,
  before: Consortium,
): void {
  const application = applicationOf(channel);
  const after = { ...before, organizations: [...before.organizations, organization] };
  const group = organizationGroup(presentedOrganization(dataDir, organization), 'Application');
  takeMspOf(channel, organization.mspId, group);
  group.getValuesMap().set('AnchorPeers', anchorPeers(peerPort));
  application.getGroupsMap().set(organization.mspId, group);
  countMajorityAnew(application, before, after);
}

export function removeMember(channel: common.ConfigGroup, mspId: string, before: Consortium): void {
  const application = applicationOf(channel);
  application.getGroupsMap().del(mspId);
  countMajorityAnew(application, before, {
    ...before,
    organizations: before.organizations.filter((organization) => organization.mspId !== mspId),
  });
}
