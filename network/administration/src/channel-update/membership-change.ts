import { isDeepStrictEqual } from 'node:util';
import {
  common,
  compileSignaturePolicy,
  type GenesisOrganization,
  majorityOfPeers,
  marshal,
  organizationGroup,
  parsePolicyText,
  peer,
  signaturePolicy,
  takeMspOf,
} from '@lianyi/fabric-protocol';
import { type Consortium, type Organization, readVerifyingMsp } from '@lianyi/network-model';
import { type ConfigChange, edited } from './config-change';
import { isOrdererOrganization } from './orderer-change';

function applicationOf(channel: common.ConfigGroup): common.ConfigGroup {
  const application = channel.getGroupsMap().get('Application');
  if (!application) throw new Error('the channel has no Application section');
  return application;
}

export function isMember(channel: common.ConfigGroup, mspId: string): boolean {
  return applicationOf(channel).getGroupsMap().get(mspId) !== undefined;
}

function majority({ organizations }: Pick<Consortium, 'organizations'>): common.SignaturePolicyEnvelope {
  return parsePolicyText(majorityOfPeers(organizations.filter(({ roles }) => roles.includes('peer')).map(({ mspId }) => mspId)));
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
  return { ...outlineOf(organization), ...readVerifyingMsp(dataDir, organization) };
}

/** The same without certificates: enough to count who would have to agree, before the organisation has any. */
export function outlineOf({ mspId, roles }: Organization): GenesisOrganization {
  return {
    mspId,
    caPem: '',
    tlsCaPem: '',
    hasPeer: roles.includes('peer'),
    hasOrderer: roles.includes('orderer'),
    isApplication: roles.some((role) => role !== 'orderer'),
  };
}

/** Those of the organisations that the channel knows, as members or as orderers: nobody else's signature counts for it. */
export function knownTo(channel: common.ConfigGroup, organizations: readonly Organization[]): readonly Organization[] {
  return organizations.filter(({ mspId }) => isMember(channel, mspId) || isOrdererOrganization(channel, mspId));
}

/** An organisation that becomes a member, and how the channel shall present it. */
interface Newcomer {
  readonly organization: Organization;
  readonly presented: GenesisOrganization;
  /** Port of its anchor peer. */
  readonly peerPort: number;
}

/** Adds a member with its anchor peer, and counts the majority of endorsers anew; `before` is the consortium without it. */
export const withMember =
  ({ organization, presented, peerPort }: Newcomer, before: Consortium): ConfigChange =>
  (channel) =>
    edited(channel, (copy) => {
      const application = applicationOf(copy);
      const group = organizationGroup(presented, 'Application');
      takeMspOf(copy, organization.mspId, group);
      group.getValuesMap().set('AnchorPeers', anchorPeers(peerPort));
      application.getGroupsMap().set(organization.mspId, group);
      countMajorityAnew(application, before, { ...before, organizations: [...before.organizations, organization] });
    });

/** Removes a member, and counts the majority of endorsers anew; `before` is the consortium with it. */
export const withoutMember =
  (mspId: string, before: Consortium): ConfigChange =>
  (channel) =>
    edited(channel, (copy) => {
      const application = applicationOf(copy);
      application.getGroupsMap().del(mspId);
      const organizations = before.organizations.filter((organization) => organization.mspId !== mspId);
      countMajorityAnew(application, before, { ...before, organizations });
    });
