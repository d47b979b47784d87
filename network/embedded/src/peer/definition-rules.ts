import { type common, compileSignaturePolicy, msp, type peer } from '@lianyi/fabric-protocol';
import { type ChaincodeDefinition } from '../ledger/chaincode-definition';

const CHAINCODE_NAME = /^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$/;
const VERSION = /^[A-Za-z0-9_.+-]+$/;
const COLLECTION_NAME = /^[A-Za-z0-9-]+([A-Za-z0-9_-]+)*$/;
const SYSTEM_NAMES: ReadonlySet<string> = new Set(['cscc', 'escc', 'lscc', 'qscc', 'vscc']);

interface ProposedDefinition {
  readonly name: string;
  readonly version: string;
  readonly collections: peer.CollectionConfigPackage | undefined;
}

/**
 * Refuses a definition that cannot be approved or committed, in Fabric's words.
 * @remarks Source: core/chaincode/lifecycle/scc.go validateInput and what it calls, in its order.
 */
export function refuseUnusableDefinition(
  { name, version, collections }: ProposedDefinition,
  mspIds: readonly string[],
  committed: ChaincodeDefinition | undefined,
): void {
  if (!CHAINCODE_NAME.test(name)) {
    refuse(`invalid chaincode name '${name}'. Names can only consist of alphanumerics, '_', and '-' and can only begin with alphanumerics`);
  }
  if (SYSTEM_NAMES.has(name)) refuse(`chaincode name '${name}' is the name of a system chaincode`);
  if (!VERSION.test(version)) {
    refuse(`invalid chaincode version '${version}'. Versions can only consist of alphanumerics, '_', '-', '+', and '.'`);
  }
  const proposed = (collections?.getConfigList() ?? []).map((config) => config.getStaticCollectionConfig() ?? emptyCollection());
  const names = new Set<string>();
  for (const collection of proposed) {
    refuseCollection(collection, names, mspIds);
    names.add(collection.getName());
  }
  if (committed !== undefined) refuseLostCollections(proposed, committed);
}

function refuse(reason: string): never {
  throw new Error(`error validating chaincode definition: ${reason}`);
}

function emptyCollection(): never {
  return refuse('collection configuration is empty');
}

function refuseCollection(collection: peer.StaticCollectionConfig, taken: ReadonlySet<string>, mspIds: readonly string[]): void {
  const name = collection.getName();
  const [required, maximum] = [collection.getRequiredPeerCount(), collection.getMaximumPeerCount()];
  if (!COLLECTION_NAME.test(name)) {
    refuse(`invalid collection name '${name}'. Names can only consist of alphanumerics, '_', and '-' and cannot begin with '_'`);
  }
  if (taken.has(name)) refuse(`collection-name: ${name} -- found duplicate in collection configuration`);
  if (maximum < required) {
    refuse(`collection-name: ${name} -- maximum peer count (${maximum}) cannot be less than the required peer count (${required})`);
  }
  if (required < 0) refuse(`collection-name: ${name} -- requiredPeerCount (${required}) cannot be less than zero`);
  refuseMembers(collection, mspIds);
}

function refuseMembers(collection: peer.StaticCollectionConfig, mspIds: readonly string[]): void {
  const name = collection.getName();
  const policy = collection.getMemberOrgsPolicy();
  if (policy === undefined) refuse(`collection member policy is not set for collection '${name}'`);
  const envelope = policy.getSignaturePolicy();
  if (envelope === undefined) return refuse(`collection member org policy is empty for collection '${name}'`);
  if (compileSignaturePolicy(envelope) === undefined) refuse(`invalid member org policy for collection '${name}'`);
  const conjunction = firstConjunction(envelope.getRule());
  if (conjunction !== undefined) {
    refuse(`collection-name: ${name} -- error in member org policy: signature policy is not an OR concatenation, NOutOf ${conjunction}`);
  }
  const stranger = envelope
    .getIdentitiesList()
    .flatMap(organizationOf)
    .find((mspId) => !mspIds.includes(mspId));
  if (stranger !== undefined) refuse(`collection-name: ${name} -- collection member '${stranger}' is not part of the channel`);
}

/** N of the first rule that needs more or less than one of its parts. */
function firstConjunction(rule: common.SignaturePolicy | undefined): number | undefined {
  const parts = rule?.getNOutOf();
  if (parts === undefined) return undefined;
  if (parts.getN() !== 1) return parts.getN();
  return parts
    .getRulesList()
    .map(firstConjunction)
    .find((found) => found !== undefined);
}

function organizationOf(principal: msp.MSPPrincipal): string[] {
  const bytes = principal.getPrincipal_asU8();
  const { Classification } = msp.MSPPrincipal;
  if (principal.getPrincipalClassification() === Classification.ROLE) return [msp.MSPRole.deserializeBinary(bytes).getMspIdentifier()];
  if (principal.getPrincipalClassification() === Classification.ORGANIZATION_UNIT)
    return [msp.OrganizationUnit.deserializeBinary(bytes).getMspIdentifier()];
  return [];
}

/** A collection that was committed once must stay, and live as long. */
function refuseLostCollections(proposed: readonly peer.StaticCollectionConfig[], { collections }: ChaincodeDefinition): void {
  if (collections.length > 0 && proposed.length === 0) {
    refuse('the proposed collection config does not contain previously defined collections');
  }
  for (const { name, blockToLive } of collections) {
    const kept = proposed.find((collection) => collection.getName() === name);
    if (kept === undefined) refuse(`existing collection [${name}] missing in the proposed collection configuration`);
    if (kept.getBlockToLive() !== blockToLive) {
      refuse(`the BlockToLive in an existing collection [${name}] modified. Existing value [${blockToLive}]`);
    }
  }
}
