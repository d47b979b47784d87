import { type Transaction } from '@hyperledger/fabric-gateway';
import { observedCase } from '../conformance-case';
import { A, B, C, commit, type ConformanceNetwork, oncePerNetwork } from '../conformance-network';
import { approve, approvedPackage, commitDefinition, type Definition, NO_PACKAGE } from '../definitions';

const members = [A, B, C] as const;

/** Every organisation runs its copy of u under another name, too. */
async function approveLikeU(network: ConformanceNetwork, definition: Definition, organizations: readonly string[]): Promise<void> {
  for (const mspId of organizations) {
    await approve(network, mspId, { ...definition, packageId: await approvedPackage(network, mspId, 'u') });
  }
}

/** `w`: approved by A alone, with a package nobody has. */
const approvedByOne = oncePerNetwork(async (network) => {
  const name = network.chaincodeName('w');
  return { name, answer: await approve(network, A, { name, packageId: NO_PACKAGE }) };
});

/** `y`: committed with the approvals of A and B, installed nowhere. */
const installedNowhere = oncePerNetwork(async (network) => {
  const name = network.chaincodeName('y');
  for (const mspId of [A, B]) await approve(network, mspId, { name, packageId: NO_PACKAGE });
  const answer = await commitDefinition(network, { name }, [A, B]);
  await network.gossip();
  return { name, answer };
});

/** `v`: runs at A and B; C has not approved it. */
const withoutC = oncePerNetwork(async (network) => {
  const name = network.chaincodeName('v');
  await approveLikeU(network, { name }, [A, B]);
  const answer = await commitDefinition(network, { name }, [A, B]);
  await network.gossip();
  return { name, answer };
});

const inner = (key: string): string => JSON.stringify(['put', key, 'inner']);

/** `x`: upgraded while transactions of and around it were on their way. */
const upgraded = oncePerNetwork(async (network) => {
  const name = network.chaincodeName('x');
  await approveLikeU(network, { name }, members);
  await commitDefinition(network, { name }, members);
  await network.gossip();
  const endorse = async (chaincode: string, call: string, ...args: readonly string[]): Promise<Transaction> =>
    network.as(A).endorse(call, args, { chaincode });
  const before = {
    put: await endorse(name, 'put', network.key(), 'x'),
    rmw: await endorse(name, 'rmw', network.key()),
    caller: await endorse(name, 'callput', network.key(), 't', inner(network.key())),
    callee: await endorse('t', 'callput', network.key(), name, inner(network.key())),
    other: await endorse('t', 'put', network.key(), 'x'),
  };
  await approveLikeU(network, { name, sequence: 2 }, members);
  const between = await endorse(name, 'put', network.key(), 'x');
  const answer = await commitDefinition(network, { name, sequence: 2 }, members);
  return { name, answer, ...before, between };
});

/** `x` again: version 2.0 as sequence 3. */
const renewed = oncePerNetwork(async (network) => {
  const { name } = await upgraded(network);
  await network.gossip();
  const before = await network.as(A).endorse('put', [network.key(), 'x'], { chaincode: name });
  await approveLikeU(network, { name, version: '2.0', sequence: 3 }, members);
  const answer = await commitDefinition(network, { name, version: '2.0', sequence: 3 }, members);
  return { name, answer, before };
});

/** `x` once more: sequence 4, of which C approves nothing. */
const leftBehind = oncePerNetwork(async (network) => {
  const { name } = await renewed(network);
  await approveLikeU(network, { name, version: '2.0', sequence: 4 }, [A, B]);
  const answer = await commitDefinition(network, { name, version: '2.0', sequence: 4 }, [A, B]);
  await network.gossip();
  return { name, answer };
});

/** C approves it after all. */
const caughtUp = oncePerNetwork(async (network) => {
  const { name } = await leftBehind(network);
  await approveLikeU(network, { name, version: '2.0', sequence: 4 }, [C]);
  await network.gossip();
  return name;
});

type Late = Exclude<keyof Awaited<ReturnType<typeof upgraded>>, 'name' | 'answer'>;
const late = (which: Late) => async (network: ConformanceNetwork) => commit((await upgraded(network))[which]);

export const lifecycleCases = [
  observedCase('L1a', 'approve with a package nobody has', async (network) => (await approvedByOne(network)).answer),
  observedCase('L1b', 'commit with one approval', async (network) =>
    commitDefinition(network, { name: (await approvedByOne(network)).name }, [A, B]),
  ),
  observedCase('L1c', 'approved by one organisation only, evaluate', async (network) =>
    network.as(A).evaluate('get', ['k'], { chaincode: (await approvedByOne(network)).name }),
  ),
  observedCase('L1d', 'approved by one organisation only, submit', async (network) =>
    network.as(A).submit('get', ['k'], { chaincode: (await approvedByOne(network)).name }),
  ),
  observedCase('L1e', 'commit with two approvals', async (network) => (await installedNowhere(network)).answer),
  observedCase('L2a', 'committed and installed nowhere, evaluate', async (network) =>
    network.as(A).evaluate('get', ['k'], { chaincode: (await installedNowhere(network)).name }),
  ),
  observedCase('L2b', 'committed and installed nowhere, submit', async (network) =>
    network.as(A).submit('get', ['k'], { chaincode: (await installedNowhere(network)).name }),
  ),
  observedCase('L2c', 'committed and installed nowhere, pinned submit', async (network) =>
    network.as(A).submit('get', ['k'], { chaincode: (await installedNowhere(network)).name, organizations: [A, B] }),
  ),
  observedCase('L2d', 'committed and not approved by C, evaluate at C', async (network) =>
    network.as(A).evaluate('get', ['k'], { chaincode: (await installedNowhere(network)).name, organizations: [C] }),
  ),
  observedCase('L2e', 'chaincode that is installed nowhere, called by chaincode', async (network) =>
    network.as(A).submit('call', [(await installedNowhere(network)).name, '["get","k"]']),
  ),
  observedCase('L3a', 'one package under two names', async (network) => (await withoutC(network)).answer),
  observedCase('L3b', 'a member submits', async (network) =>
    network.as(A).submit('rmw', [network.key()], { chaincode: (await withoutC(network)).name }),
  ),
  observedCase('L3c', 'C, who did not approve, evaluates at its own peer', async (network) =>
    network.as(C).evaluate('get', ['k'], { chaincode: (await withoutC(network)).name }),
  ),
  observedCase('L3d', 'C, who did not approve, evaluates at C', async (network) =>
    network.as(C).evaluate('get', ['k'], { chaincode: (await withoutC(network)).name, organizations: [C] }),
  ),
  observedCase('L3e', 'C, who did not approve, submits', async (network) =>
    network.as(C).submit('rmw', [network.key()], { chaincode: (await withoutC(network)).name }),
  ),
  observedCase('L3f', 'C, who did not approve, submits at A and C', async (network) =>
    network.as(C).submit('rmw', [network.key()], { chaincode: (await withoutC(network)).name, organizations: [A, C] }),
  ),
  observedCase('L3g', 'chaincode C did not approve, called by chaincode at C', async (network) =>
    network.as(C).evaluate('call', [(await withoutC(network)).name, '["get","k"]'], { organizations: [C] }),
  ),
  observedCase('L3h', 'two names of one package cannot call each other: they share a process', async (network) =>
    network.as(A).submit('call', ['u', '["get","k"]'], { chaincode: (await withoutC(network)).name }),
  ),
  observedCase('L4a', 'the same version and package as the next sequence', async (network) => (await upgraded(network)).answer),
  observedCase('L4b', 'a write endorsed before the upgrade', late('put')),
  observedCase('L4c', 'a read-modify-write endorsed before the upgrade', late('rmw')),
  observedCase('L4d', 'a write endorsed between approvals and upgrade', late('between')),
  observedCase('L4e', 'the upgraded chaincode called another', late('caller')),
  observedCase('L4f', 'another chaincode called the upgraded one', late('callee')),
  observedCase('L4g', 'another chaincode alone', late('other')),
  observedCase('L4h', 'a write right after the upgrade', async (network) =>
    network.as(A).submit('rmw', [network.key()], { chaincode: (await upgraded(network)).name }),
  ),
  observedCase('L5a', 'another version as the next sequence', async (network) => (await renewed(network)).answer),
  observedCase('L5b', 'a write of the former version', async (network) => commit((await renewed(network)).before)),
  observedCase('L5c', 'a write of the new version', async (network) =>
    network.as(A).submit('rmw', [network.key()], { chaincode: (await renewed(network)).name }),
  ),
  observedCase('L5d', 'a sequence is skipped', async (network) =>
    approve(network, A, { name: (await renewed(network)).name, sequence: 9, version: '2.0' }),
  ),
  observedCase('L5e', 'the committed sequence with another version', async (network) =>
    approve(network, A, { name: (await renewed(network)).name, sequence: 3, version: '9' }),
  ),
  observedCase('L5e2', 'a sequence of the past', async (network) =>
    approve(network, A, { name: (await renewed(network)).name, sequence: 1, version: '1.0' }),
  ),
  observedCase('L5f', 'an upgrade without the approval of C', async (network) => (await leftBehind(network)).answer),
  observedCase('L5g', 'C evaluates at its own peer what it did not approve', async (network) =>
    network.as(C).evaluate('get', ['k'], { chaincode: (await leftBehind(network)).name, organizations: [C] }),
  ),
  observedCase('L5h', 'the others go on', async (network) =>
    network.as(A).submit('rmw', [network.key()], { chaincode: (await leftBehind(network)).name }),
  ),
  observedCase('L5i', 'C is not asked for an endorsement any more', async (network) =>
    network.as(A).submit('rmw', [network.key()], { chaincode: (await leftBehind(network)).name, organizations: [A, C] }),
  ),
  observedCase('L5j', 'C approves later and endorses again', async (network) =>
    network.as(A).submit('rmw', [network.key()], { chaincode: await caughtUp(network), organizations: [A, C] }),
  ),
];
