import { type EndorsementPolicy } from '@lianyi/fabric-protocol';
import { IMPLICIT_PREFIX } from '../ledger/definitions';
import { type CalledChaincode } from '../peer/interest';
import { lifecycleNamespace } from '../peer/lifecycle-names';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { type ChaincodeDefinition } from '../ledger/chaincode-definition';
import { type EndorserClient } from './registry';

/** Discovery found nobody, or too few; the text is Fabric's. */
export class NoEndorsers extends Error {}

type OrganizationSet = readonly string[];
const lifecyclePolicy: EndorsementPolicy = { kind: 'channel', path: '/Channel/Application/LifecycleEndorsement' };

/**
 * Sets of organisations whose endorsements together satisfy everything a transaction touched, as the discovery service
 * computes them: policies of the chaincode or its collections, and of written keys; organisations outside a collection
 * whose values were read cannot endorse.
 * @remarks Source: discovery/endorsement/endorsement.go and discovery/support/chaincode/support.go.
 */
export function computeLayouts(
  channel: EmbeddedChannel,
  interest: readonly CalledChaincode[],
  endorsers: readonly EndorserClient[],
): readonly OrganizationSet[] {
  const sets = interest.flatMap((call) => alternativesOf(channel, call));
  if (sets.length === 0) throw new NoEndorsers('no principal sets remained after filtering');
  if (sets.some((alternatives) => alternatives.length === 0)) throw new NoEndorsers('endorsement policy cannot be satisfied');
  const merged = sets.reduce(mergeSets);
  const eligible = eligibleOrganizations(channel, interest, endorsers);
  const possible = merged.filter((set) => set.every((mspId) => eligible.has(mspId)));
  if (possible.length === 0) throw new NoEndorsers('no peer combination can satisfy the endorsement policy');
  const running = possible.filter((set) => set.every((mspId) => runsAll(endorsers, mspId, interest)));
  if (running.length === 0) throw new NoEndorsers('required chaincodes are not installed on sufficient peers');
  return running;
}

/** For each policy a call is under, the sets of organisations that satisfy it. */
function alternativesOf(channel: EmbeddedChannel, call: CalledChaincode): (readonly OrganizationSet[])[] {
  // of the system chaincodes only this one is defined to discovery (core/chaincode/lifecycle/cache.go ChaincodeInfo)
  if (call.chaincode === lifecycleNamespace) return [channel.policies.minimalOrganizationSets(lifecyclePolicy)];
  const definition = channel.definitions.get(call.chaincode);
  if (definition === undefined) throw new NoEndorsers(`No metadata was found for chaincode ${call.chaincode} in channel ${channel.name}`);
  if (call.collection.startsWith(IMPLICIT_PREFIX)) return [[[call.collection.slice(IMPLICIT_PREFIX.length)]]];
  const keyPolicies = call.keyPolicies.map((bytes) => {
    const policy = channel.policies.parseKeyPolicy(bytes);
    if (policy === undefined) throw new NoEndorsers('failed unmarshalling a key-level policy');
    return policy;
  });
  const policies = call.disregardsNamespacePolicy ? keyPolicies : [namespacePolicy(channel, definition, call), ...keyPolicies];
  return policies.map((policy) => channel.policies.minimalOrganizationSets(policy));
}

function namespacePolicy(
  channel: EmbeddedChannel,
  definition: ChaincodeDefinition,
  { chaincode, collection }: CalledChaincode,
): EndorsementPolicy {
  if (collection === '') return definition.endorsementPolicy;
  return channel.definitions.collection(chaincode, collection)?.endorsementPolicy ?? definition.endorsementPolicy;
}

/** Every union of one alternative of each side, without those that contain another. */
function mergeSets(left: readonly OrganizationSet[], right: readonly OrganizationSet[]): readonly OrganizationSet[] {
  const unions = left.flatMap((a) => right.map((b) => [...new Set([...a, ...b])].sort()));
  const distinct = [...new Map(unions.map((set) => [set.join(), set])).values()];
  return distinct.filter((set) => !distinct.some((other) => other.length < set.length && other.every((mspId) => set.includes(mspId))));
}

function eligibleOrganizations(
  channel: EmbeddedChannel,
  interest: readonly CalledChaincode[],
  endorsers: readonly EndorserClient[],
): ReadonlySet<string> {
  const readCollections = interest.filter((call) => call.collection !== '' && !call.noPrivateReads);
  const members = readCollections.map((call) => channel.definitions.collection(call.chaincode, call.collection)?.memberMspIds ?? []);
  return new Set(endorsers.map((endorser) => endorser.mspId).filter((mspId) => members.every((allowed) => allowed.includes(mspId))));
}

function runsAll(endorsers: readonly EndorserClient[], mspId: string, interest: readonly CalledChaincode[]): boolean {
  return endorsers.some((endorser) => endorser.mspId === mspId && interest.every((call) => endorser.runs(call.chaincode)));
}
