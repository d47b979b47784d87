import { parsePolicyText } from '../wire/policy-text';
import { marshal, peer } from '../wire/proto';

/** An explicit private data collection, as a definition's text forms say it. */
interface DefinedCollection {
  readonly name: string;
  /** MSP ids of the organisations whose peers hold the data. */
  readonly members: readonly string[];
  readonly requiredPeerCount: number;
  readonly maxPeerCount: number;
  /** Blocks; 0 = never removed. */
  readonly blockToLive: number;
  readonly memberOnlyRead: boolean;
  readonly memberOnlyWrite: boolean;
  /** A signature policy as text; absent: the chaincode's policy counts. */
  readonly endorsementPolicy?: string | undefined;
}

/** A chaincode definition, as its text forms say it. */
export interface DefinitionSettings {
  readonly name: string;
  readonly version: string;
  /** From 1. */
  readonly sequence: number;
  /** A signature policy as text; absent: the channel's endorsement policy. */
  readonly endorsementPolicy?: string | undefined;
  readonly initRequired: boolean;
  readonly collections: readonly DefinedCollection[];
}

/** What a definition without a policy of its own refers to (core/chaincode/lifecycle/lifecycle.go DefaultEndorsementPolicyRef). */
export const CHANNEL_ENDORSEMENT_POLICY = '/Channel/Application/Endorsement';

/** The policy of a chaincode or collection, as the definition carries it. */
function applicationPolicy(text: string | undefined): peer.ApplicationPolicy {
  const policy = new peer.ApplicationPolicy();
  if (text === undefined) policy.setChannelConfigPolicyReference(CHANNEL_ENDORSEMENT_POLICY);
  else policy.setSignaturePolicy(parsePolicyText(text));
  return policy;
}

export function validationParameter(chaincode: DefinitionSettings): Buffer {
  return marshal(applicationPolicy(chaincode.endorsementPolicy));
}

function staticCollection(settings: DefinedCollection): peer.StaticCollectionConfig {
  const members = new peer.CollectionPolicyConfig();
  // not an endorsement: it says whose peers hold the data and, with memberOnlyRead, whose clients may ask for it
  members.setSignaturePolicy(parsePolicyText(`OR(${settings.members.map((mspId) => `'${mspId}.member'`).join(', ')})`));
  const config = new peer.StaticCollectionConfig();
  config.setName(settings.name);
  config.setMemberOrgsPolicy(members);
  config.setRequiredPeerCount(settings.requiredPeerCount);
  config.setMaximumPeerCount(settings.maxPeerCount);
  config.setBlockToLive(settings.blockToLive);
  config.setMemberOnlyRead(settings.memberOnlyRead);
  config.setMemberOnlyWrite(settings.memberOnlyWrite);
  if (settings.endorsementPolicy !== undefined) config.setEndorsementPolicy(applicationPolicy(settings.endorsementPolicy));
  return config;
}

/** Collections of a definition; `undefined` where there are none, as Fabric's own command line leaves them out. */
export function collectionPackage(chaincode: DefinitionSettings): peer.CollectionConfigPackage | undefined {
  if (chaincode.collections.length === 0) return undefined;
  const collections = new peer.CollectionConfigPackage();
  collections.setConfigList(
    chaincode.collections.map((settings) => {
      const config = new peer.CollectionConfig();
      config.setStaticCollectionConfig(staticCollection(settings));
      return config;
    }),
  );
  return collections;
}
