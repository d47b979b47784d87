import { marshal, peer } from '@lianyi/fabric-protocol';
import { observedCase } from '../conformance-case';
import { A, B, C, commit, type ConformanceNetwork, oncePerNetwork } from '../conformance-network';
import { approve, approvedPackage, commitDefinition, type Definition, query, readiness } from '../definitions';

const { lifecycle } = peer;

const members = [A, B, C] as const;
const garbage = Buffer.from('ffff', 'hex');

/** `r`: approved by A for version 1.0, by B for version 2.0. */
const disputed = oncePerNetwork(async (network) => {
  const name = network.chaincodeName('r');
  await approve(network, A, { name });
  await approve(network, B, { name, version: '2.0' });
  return name;
});

/** `p`: any one organisation may endorse. */
const anyOne = oncePerNetwork(async (network) => {
  const definition = { name: network.chaincodeName('p'), endorsementPolicy: "OR('HospitalAMSP.peer', 'HospitalBMSP.peer')" };
  for (const mspId of members) await approve(network, mspId, { ...definition, packageId: await approvedPackage(network, mspId, 'u') });
  await commitDefinition(network, definition, members);
  await network.gossip();
  return definition.name;
});

async function definitionOf(network: ConformanceNetwork, name: string): Promise<Uint8Array> {
  const args = new lifecycle.QueryChaincodeDefinitionArgs();
  args.setName(name);
  return query(network, 'QueryChaincodeDefinition', marshal(args));
}

async function approvalOf(network: ConformanceNetwork, name: string, sequence: number): Promise<string> {
  const args = new lifecycle.QueryApprovedChaincodeDefinitionArgs();
  args.setName(name);
  args.setSequence(sequence);
  const bytes = await query(network, 'QueryApprovedChaincodeDefinition', marshal(args));
  return lifecycle.QueryApprovedChaincodeDefinitionResult.deserializeBinary(bytes).getVersion();
}

const refused = (id: string, title: string, definition: Omit<Definition, 'name'> & { readonly name?: string }) =>
  observedCase(id, `approve: ${title}`, (network) => approve(network, A, { name: network.chaincodeName('q'), ...definition }));

export const definitionRefusalCases = [
  refused('L6a', 'sequence 0', { sequence: 0 }),
  refused('L6b', 'sequence 2 of what is not defined', { sequence: 2 }),
  refused('L6c', 'no name', { name: '' }),
  refused('L6d', 'a name with a blank', { name: 'no name' }),
  refused('L6e', 'the name of a system chaincode', { name: 'qscc' }),
  refused('L6f', 'no version', { version: '' }),
  refused('L6g', 'a version with a blank', { version: '1 0' }),
  observedCase('L6h', 'approve: not an administrator', (network) =>
    approve(network, A, { name: network.chaincodeName('q') }, { user: 'User1' }),
  ),
  observedCase('L6i', "approve: at another organisation's peer", (network) =>
    approve(network, A, { name: network.chaincodeName('q') }, { at: B }),
  ),
  observedCase('L6j', 'approve: the same twice', async (network) => {
    const name = network.chaincodeName('q');
    await approve(network, A, { name });
    return approve(network, A, { name });
  }),
  observedCase('L6k', 'approve: another version of what is not committed', async (network) => {
    const name = network.chaincodeName('q');
    await approve(network, A, { name });
    return approve(network, A, { name, version: '2.0' });
  }),
  observedCase('L7a', 'readiness: two organisations have approved different versions', async (network) =>
    readiness(network, { name: await disputed(network) }),
  ),
  observedCase('L7b', 'readiness: nobody has approved', (network) => readiness(network, { name: network.chaincodeName('q') })),
  observedCase('L7c', 'readiness: not the next sequence', (network) => readiness(network, { name: 't', sequence: 9 })),
  observedCase('L7d', 'commit: two organisations have approved different versions', async (network) =>
    commitDefinition(network, { name: await disputed(network) }, [A, B]),
  ),
  observedCase('L7e', 'commit: not the next sequence', (network) => commitDefinition(network, { name: 't', sequence: 9 }, [A, B])),
  observedCase('L7f', 'commit: by a user who is no administrator', async (network) => {
    const name = network.chaincodeName('q');
    for (const mspId of [A, B]) await approve(network, mspId, { name });
    return commitDefinition(network, { name }, [A, B], 'User1');
  }),
  observedCase('L8a', 'definition of what is not defined', (network) => definitionOf(network, 'undefined')),
  observedCase('L8b', 'definition: no name', (network) => definitionOf(network, '')),
  observedCase('L8c', 'definition of a committed chaincode', async (network) => {
    const result = lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(await definitionOf(network, 'u'));
    return {
      sequence: result.getSequence(),
      version: result.getVersion(),
      plugins: [result.getEndorsementPlugin(), result.getValidationPlugin()],
      policy: Buffer.from(result.getValidationParameter_asU8()).toString('hex'),
      approvals: result
        .getApprovalsMap()
        .toObject()
        .sort(([a], [b]) => a.localeCompare(b)),
    };
  }),
  observedCase('L8d', 'approval of what is not approved', (network) => approvalOf(network, network.chaincodeName('q'), 1)),
  observedCase('L8e', 'approval of a committed chaincode', (network) => approvalOf(network, 't', 1)),
  observedCase('L8f', 'approval of a sequence that is not there', (network) => approvalOf(network, 't', 9)),
  observedCase('L8g', 'an operation nobody knows', async (network) => Buffer.from(await query(network, 'Nonsense', garbage)).toString()),
  observedCase('L8h', 'an argument that is no message', (network) => query(network, 'QueryChaincodeDefinition', garbage)),
  observedCase('L8i', 'installed packages, asked by a user who is no administrator', (network) =>
    query(network, 'QueryInstalledChaincodes', new Uint8Array(), A, 'User1'),
  ),
  observedCase('L8j', 'a package that is not installed', (network) => {
    const args = new lifecycle.GetInstalledChaincodePackageArgs();
    args.setPackageId('nowhere:1');
    return query(network, 'GetInstalledChaincodePackage', marshal(args));
  }),
  observedCase('L9a', 'a policy of any one organisation', async (network) =>
    commit(await network.as(A).endorse('put', [network.key(), 'x'], { chaincode: await anyOne(network), organizations: [B] })),
  ),
  observedCase('L9b', 'a policy of any one organisation, endorsed by none of them', async (network) =>
    commit(await network.as(A).endorse('put', [network.key(), 'x'], { chaincode: await anyOne(network), organizations: [C] })),
  ),
  observedCase('L9c', 'a call into chaincode with another policy needs both', async (network) =>
    commit(
      await network.as(A).endorse('callput', [network.key(), 't', JSON.stringify(['put', network.key(), 'x'])], {
        chaincode: await anyOne(network),
        organizations: [B],
      }),
    ),
  ),
];
