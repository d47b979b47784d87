import { observedCase } from '../conformance-case';
import { A, B, C, type ConformanceNetwork, oncePerNetwork, txIdOf } from '../conformance-network';
import { craftProposal, type Twist } from '../craft';
import { approve, approvedPackage, commitDefinition } from '../definitions';
import { evaluateRaw, prepareRaw, submitEnvelope } from '../raw-requests';

const members = [A, B, C] as const;

/** `i`: has to be initialised first. */
const uninitialised = oncePerNetwork(async (network) => {
  const definition = { name: network.chaincodeName('i'), initRequired: true };
  for (const mspId of members) await approve(network, mspId, { ...definition, packageId: await approvedPackage(network, mspId, 'u') });
  await commitDefinition(network, definition, members);
  await network.gossip();
  return definition.name;
});

/** Endorses and submits by hand: the stock client does not know of initialising. */
async function send(network: ConformanceNetwork, twist: Twist): Promise<{ readonly validationCode: number }> {
  const { client, craftsman } = network.as(A);
  const envelope = await prepareRaw(client, craftProposal(craftsman, twist));
  envelope.setSignature(craftsman.sign(Buffer.from(envelope.getPayload_asU8())));
  const height = await network.height();
  await submitEnvelope(client, envelope);
  return network.codeInBlocksFrom(height, txIdOf(envelope));
}

const initialised = oncePerNetwork(async (network) => {
  const chaincode = await uninitialised(network);
  const result = await send(network, { chaincode, isInit: true, args: ['put', 'initial', 'x'] });
  return { chaincode, result };
});

export const initCases = [
  observedCase('L10a', 'a call before Init, evaluate', async (network) =>
    network.as(A).evaluate('get', ['k'], { chaincode: await uninitialised(network) }),
  ),
  observedCase('L10b', 'a call before Init, submit', async (network) =>
    network.as(A).submit('put', [network.key(), 'x'], { chaincode: await uninitialised(network) }),
  ),
  observedCase('L10c', 'a call by chaincode before Init', async (network) =>
    network.as(A).submit('call', [await uninitialised(network), '["get","k"]']),
  ),
  observedCase('L10d', 'Init', async (network) => (await initialised(network)).result),
  observedCase('L10e', 'a call after Init', async (network) =>
    network.as(A).submit('rmw', [network.key()], { chaincode: (await initialised(network)).chaincode }),
  ),
  observedCase('L10f', 'Init again', async (network) =>
    send(network, { chaincode: (await initialised(network)).chaincode, isInit: true, args: ['put', 'again', 'x'] }),
  ),
  observedCase('L10g', 'Init of chaincode that does not ask for it', (network) =>
    evaluateRaw(network.as(A).client, craftProposal(network.as(A).craftsman, { isInit: true })),
  ),
];
