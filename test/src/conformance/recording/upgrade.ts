import { marshal, parsePolicyText, peer } from '@lianyi/fabric-protocol';
import { A, B, C, type ConformanceNetwork } from '../conformance-network';
import { settled } from './workload';

const { lifecycle } = peer;

type Definition = InstanceType<typeof lifecycle.QueryChaincodeDefinitionResult>;
type Arguments =
  InstanceType<typeof lifecycle.ApproveChaincodeDefinitionForMyOrgArgs> | InstanceType<typeof lifecycle.CommitChaincodeDefinitionArgs>;

const members = [A, B, C] as const;

export interface Upgrade {
  readonly chaincode: string;
  readonly version?: string;
  /** In Fabric's words; absent: as it was. */
  readonly endorsementPolicy?: string;
  /** Alters the collections in place; absent: as they were. */
  readonly change?: (collections: InstanceType<typeof peer.CollectionConfigPackage>) => void;
}

async function definitionOf(network: ConformanceNetwork, chaincode: string): Promise<Definition> {
  const args = new lifecycle.QueryChaincodeDefinitionArgs();
  args.setName(chaincode);
  const bytes = await network
    .as(A, 'Admin')
    .contract('_lifecycle')
    .evaluate('QueryChaincodeDefinition', { arguments: [marshal(args)], endorsingOrganizations: [A] });
  return lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(bytes);
}

async function packageIdAt(network: ConformanceNetwork, mspId: string, chaincode: string, sequence: number): Promise<string> {
  const args = new lifecycle.QueryApprovedChaincodeDefinitionArgs();
  args.setName(chaincode);
  args.setSequence(sequence);
  const bytes = await network
    .as(mspId, 'Admin')
    .contract('_lifecycle')
    .evaluate('QueryApprovedChaincodeDefinition', { arguments: [marshal(args)], endorsingOrganizations: [mspId] });
  const result = lifecycle.QueryApprovedChaincodeDefinitionResult.deserializeBinary(bytes);
  return result.getSource()?.getLocalPackage()?.getPackageId() ?? '';
}

function fill<T extends Arguments>(args: T, { chaincode, version, endorsementPolicy }: Upgrade, current: Definition): T {
  args.setName(chaincode);
  args.setVersion(version ?? current.getVersion());
  args.setSequence(current.getSequence() + 1);
  args.setEndorsementPlugin(current.getEndorsementPlugin());
  args.setValidationPlugin(current.getValidationPlugin());
  args.setValidationParameter(validationParameter(endorsementPolicy) ?? current.getValidationParameter_asU8());
  args.setCollections(current.getCollections());
  return args;
}

function validationParameter(policyText: string | undefined): Buffer | undefined {
  if (policyText === undefined) return undefined;
  const policy = new peer.ApplicationPolicy();
  policy.setSignaturePolicy(parsePolicyText(policyText));
  return marshal(policy);
}

/** Approves and commits the next sequence of a chaincode; the packages stay. `between` runs when all have approved. */
export async function upgradeChaincode(network: ConformanceNetwork, upgrade: Upgrade, between: () => Promise<void>): Promise<void> {
  const { chaincode } = upgrade;
  const current = await definitionOf(network, chaincode);
  const collections = current.getCollections();
  if (collections) upgrade.change?.(collections);
  for (const mspId of members) {
    const local = new lifecycle.ChaincodeSource.Local();
    local.setPackageId(await packageIdAt(network, mspId, chaincode, current.getSequence()));
    const source = new lifecycle.ChaincodeSource();
    source.setLocalPackage(local);
    const args = fill(new lifecycle.ApproveChaincodeDefinitionForMyOrgArgs(), upgrade, current);
    args.setSource(source);
    await send(network, mspId, 'ApproveChaincodeDefinitionForMyOrg', args, [mspId]);
  }
  await between();
  await send(network, A, 'CommitChaincodeDefinition', fill(new lifecycle.CommitChaincodeDefinitionArgs(), upgrade, current), members);
}

async function send(
  network: ConformanceNetwork,
  mspId: string,
  name: string,
  args: Arguments,
  organizations: readonly string[],
): Promise<void> {
  const contract = network.as(mspId, 'Admin').contract('_lifecycle');
  await settled(() => contract.submit(name, { arguments: [marshal(args)], endorsingOrganizations: [...organizations] }));
}
