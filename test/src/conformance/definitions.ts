import { marshal, parsePolicyText, peer } from '@lianyi/fabric-protocol';
import { A, type ConformanceNetwork } from './conformance-network';

const { lifecycle } = peer;

/** A package nobody has. */
export const NO_PACKAGE = `nowhere:${'0'.repeat(64)}`;

/** What an organisation approves or commits; what is absent is empty, and Fabric takes its defaults. */
export interface Definition {
  readonly name: string;
  readonly sequence?: number;
  readonly version?: string;
  readonly packageId?: string;
  /** In Fabric's words. */
  readonly endorsementPolicy?: string;
  readonly endorsementPlugin?: string;
  readonly initRequired?: boolean;
}

function validationParameter(policyText: string): Buffer {
  const policy = new peer.ApplicationPolicy();
  policy.setSignaturePolicy(parsePolicyText(policyText));
  return marshal(policy);
}

type Arguments =
  | InstanceType<typeof lifecycle.ApproveChaincodeDefinitionForMyOrgArgs>
  | InstanceType<typeof lifecycle.CommitChaincodeDefinitionArgs>
  | InstanceType<typeof lifecycle.CheckCommitReadinessArgs>;

function fill<T extends Arguments>(args: T, { name, sequence = 1, version = '1.0', ...rest }: Definition): T {
  args.setName(name);
  args.setSequence(sequence);
  args.setVersion(version);
  if (rest.endorsementPolicy !== undefined) args.setValidationParameter(validationParameter(rest.endorsementPolicy));
  if (rest.endorsementPlugin !== undefined) args.setEndorsementPlugin(rest.endorsementPlugin);
  args.setInitRequired(rest.initRequired ?? false);
  return args;
}

/** An organisation's approval, by its administrator at its own peer unless told otherwise. */
export async function approve(
  network: ConformanceNetwork,
  mspId: string,
  definition: Definition,
  { user = 'Admin', at = mspId }: { readonly user?: string; readonly at?: string } = {},
): Promise<string> {
  const args = fill(new lifecycle.ApproveChaincodeDefinitionForMyOrgArgs(), definition);
  if (definition.packageId !== undefined) {
    const local = new lifecycle.ChaincodeSource.Local();
    local.setPackageId(definition.packageId);
    const source = new lifecycle.ChaincodeSource();
    source.setLocalPackage(local);
    args.setSource(source);
  }
  const contract = network.as(mspId, user).contract('_lifecycle');
  const result = await contract.submit('ApproveChaincodeDefinitionForMyOrg', { arguments: [marshal(args)], endorsingOrganizations: [at] });
  return Buffer.from(result).toString('hex');
}

/** Commits what has been approved, endorsed by the named organisations. */
export async function commitDefinition(
  network: ConformanceNetwork,
  definition: Definition,
  organizations: readonly string[],
  user = 'Admin',
): Promise<string> {
  // an approval that one peer has not heard of yet makes their answers differ
  await network.level(organizations);
  const args = fill(new lifecycle.CommitChaincodeDefinitionArgs(), definition);
  const contract = network.as(A, user).contract('_lifecycle');
  const result = await contract.submit('CommitChaincodeDefinition', {
    arguments: [marshal(args)],
    endorsingOrganizations: [...organizations],
  });
  return Buffer.from(result).toString('hex');
}

/** Which organisations have approved a definition. */
export async function readiness(network: ConformanceNetwork, definition: Definition): Promise<unknown> {
  const args = fill(new lifecycle.CheckCommitReadinessArgs(), definition);
  const bytes = await query(network, 'CheckCommitReadiness', marshal(args));
  const result = lifecycle.CheckCommitReadinessResult.deserializeBinary(bytes);
  const mismatches = result.getMismatchesMap();
  return result
    .getApprovalsMap()
    .toObject()
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([mspId, isApproved]) => [mspId, isApproved, mismatches.get(mspId)?.getItemsList() ?? []]);
}

/** Asks `_lifecycle` something at the peer of an organisation. */
export async function query(
  network: ConformanceNetwork,
  operation: string,
  argument: Uint8Array,
  mspId: string = A,
  user = 'Admin',
): Promise<Uint8Array> {
  return network
    .as(mspId, user)
    .contract('_lifecycle')
    .evaluate(operation, { arguments: [argument], endorsingOrganizations: [mspId] });
}

/** The package an organisation approved for a committed chaincode. */
export async function approvedPackage(network: ConformanceNetwork, mspId: string, chaincode: string): Promise<string> {
  const args = new lifecycle.QueryApprovedChaincodeDefinitionArgs();
  args.setName(chaincode);
  args.setSequence(1);
  const bytes = await query(network, 'QueryApprovedChaincodeDefinition', marshal(args), mspId);
  const result = lifecycle.QueryApprovedChaincodeDefinitionResult.deserializeBinary(bytes);
  return result.getSource()?.getLocalPackage()?.getPackageId() ?? '';
}
