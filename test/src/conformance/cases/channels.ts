import { type Proposal, type Transaction } from '@hyperledger/fabric-gateway';
import { common, gateway, parseRwSet, peer } from '@lianyi/fabric-protocol';
import { observedCase } from '../conformance-case';
import { A, B, C, commit, type ConformanceNetwork, SIDE_CHANNEL } from '../conformance-network';
import { type Party } from '../party';
import { commitStatusRaw } from '../raw-requests';

const SIDE = SIDE_CHANNEL;
/** Its definition requires Init. Nobody ever calls that on the channel emr; on the other one these cases do. */
const INIT = 'i';

async function onSide(party: Party, name: string, args: readonly string[], chaincode = 't'): Promise<string> {
  return Buffer.from(
    await party
      .otherChannel(SIDE)
      .getContract(chaincode)
      .submit(name, { arguments: [...args] }),
  ).toString();
}

async function readOnSide(party: Party, key: string): Promise<string> {
  return Buffer.from(await party.otherChannel(SIDE).getContract('t').evaluateTransaction('get', key)).toString();
}

/** A proposal with the mark that the gateway client cannot set. */
function asInit(party: Party, proposal: Proposal): Proposal {
  const proposed = gateway.ProposedTransaction.deserializeBinary(proposal.getBytes());
  const signed = proposed.getProposal() ?? new peer.SignedProposal();
  const unsigned = peer.Proposal.deserializeBinary(signed.getProposalBytes_asU8());
  const payload = peer.ChaincodeProposalPayload.deserializeBinary(unsigned.getPayload_asU8());
  const invocation = peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8());
  invocation.getChaincodeSpec()?.getInput()?.setIsInit(true);
  payload.setInput(invocation.serializeBinary());
  unsigned.setPayload(payload.serializeBinary());
  signed.setProposalBytes(unsigned.serializeBinary());
  return party.newSignedProposal(proposed.serializeBinary());
}

function newInit(party: Party, channel = 'emr', chaincode = INIT): Proposal {
  const contract = party.otherChannel(channel).getContract(chaincode);
  return asInit(party, contract.newProposal('put', { arguments: ['first', 'value'] }));
}

/** Keys a transaction read and wrote, by namespace. */
function keysOf(transaction: Transaction): unknown {
  const envelope = gateway.PreparedTransaction.deserializeBinary(transaction.getBytes()).getEnvelope();
  const payload = common.Payload.deserializeBinary(envelope?.getPayload_asU8() ?? new Uint8Array());
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const endorsed = peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? new Uint8Array()).getAction();
  const response = peer.ProposalResponsePayload.deserializeBinary(endorsed?.getProposalResponsePayload_asU8() ?? new Uint8Array());
  const results = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8()).getResults_asU8();
  const namespaces = parseRwSet(Buffer.from(results)) ?? [];
  return namespaces.map(({ namespace, reads, writes }) => ({
    namespace,
    reads: reads.map(({ key }) => key),
    writes: writes.map(({ key, value }) => [key, Buffer.from(value).toString()]),
  }));
}

async function initialised(network: ConformanceNetwork): Promise<Party> {
  const party = network.as(A);
  // the other release of the client may have been here before
  await newInit(party, SIDE)
    .endorse()
    .then(commit, () => undefined);
  return party;
}

const info = (party: Party, channel: string, through = 'emr'): Promise<string> =>
  party
    .otherChannel(through)
    .getContract('qscc')
    .evaluateTransaction('GetChainInfo', channel)
    .then(() => 'told');

const channelCases = [
  observedCase('ch1', 'each channel has a state of its own', async (network) => {
    const key = network.key();
    await onSide(network.as(A), 'put', [key, 'there']);
    return [await readOnSide(network.as(A), key), await network.as(A).evaluate('get', [key])];
  }),
  observedCase('ch2', 'evaluate on a channel the peer has not joined', (network) => readOnSide(network.as(C), 'k')),
  observedCase('ch3', 'submit on a channel the peer has not joined', (network) => onSide(network.as(C), 'put', ['k', 'v'])),
  observedCase('ch4', 'pinned submit on a channel the peer has not joined', (network) =>
    network
      .as(C)
      .otherChannel(SIDE)
      .getContract('t')
      .submit('put', { arguments: ['k', 'v'], endorsingOrganizations: [A, B] }),
  ),
  observedCase('ch5', 'submit with transient data on a channel the peer has not joined', (network) =>
    network
      .as(C)
      .otherChannel(SIDE)
      .getContract('t')
      .submit('put', { arguments: ['k', 'v'], transientData: { value: 'v' } }),
  ),
  observedCase('ch6', 'commit status on a channel the peer has not joined', (network) => {
    const { client, craftsman } = network.as(C);
    return commitStatusRaw(client, craftsman, SIDE);
  }),
  observedCase('ch7', 'somebody of an organisation that the channel does not know, at a peer of the channel', (network) =>
    readOnSide(network.at(A, C), 'k'),
  ),
  observedCase('ch8', 'qscc tells of any channel of the peer, whichever the proposal names', (network) => info(network.as(A), SIDE)),
  observedCase('ch9', 'qscc, asked for a channel the peer has not joined', (network) => info(network.as(C), SIDE)),
  observedCase('ch10', 'qscc, asked for a channel by somebody outside it', (network) => info(network.at(A, C), SIDE)),
  observedCase('ch11', 'chaincode of another channel is read', async (network) => {
    const key = network.key();
    await onSide(network.as(A), 'put', [key, 'there']);
    return network.as(A).submit('callch', ['t', JSON.stringify(['get', key]), SIDE]);
  }),
  observedCase('ch12', 'what chaincode of another channel writes is in no transaction', async (network) => {
    const key = network.key();
    await onSide(network.as(A), 'put', [key, 'there']);
    const answer = await network.as(A).submit('callch', ['t', JSON.stringify(['put', key, 'changed']), SIDE]);
    return [answer, await readOnSide(network.as(A), key), await network.as(A).evaluate('get', [key])];
  }),
  observedCase('ch13', 'a call into another channel reads nothing of it in the transaction', async (network) =>
    keysOf(await network.as(A).endorse('callch', ['t', JSON.stringify(['get', 'k']), SIDE], { organizations: [A, B] })),
  ),
  observedCase('ch14', 'unknown chaincode of another channel', (network) => network.as(A).submit('callch', ['nope', '["get","k"]', SIDE])),
  observedCase('ch15', 'chaincode of a channel that the peer has not joined', (network) =>
    network.as(C).evaluate('callch', ['t', '["get","k"]', SIDE], { organizations: [C] }),
  ),
  observedCase('ch16', 'chaincode of a channel that the creator may not use', (network) =>
    network.at(A, C).evaluate('callch', ['t', '["get","k"]', SIDE], { organizations: [A] }),
  ),
  observedCase('ch17', 'back into the first channel: recursion is refused there', (network) =>
    network.as(A).evaluate('callch', ['t', JSON.stringify(['callch', 't', '["get","k"]', 'emr']), SIDE]),
  ),
];

const initCases = [
  observedCase('init1', 'chaincode that requires Init does nothing before it', (network) =>
    network.as(A).evaluate('get', ['k'], { chaincode: INIT }),
  ),
  observedCase('init2', 'chaincode that requires Init, called by chaincode', (network) =>
    network.as(A).evaluate('call', [INIT, '["get","k"]']),
  ),
  observedCase('init3', 'the transaction that initialises', async (network) => keysOf(await newInit(network.as(A)).endorse())),
  observedCase('init4', 'Init where it is not required', (network) => newInit(network.as(A), 'emr', 't').endorse()),
  observedCase('init5', 'Init a second time', async (network) => newInit(await initialised(network), SIDE).endorse()),
  observedCase('init6', 'after Init', async (network) => onSide(await initialised(network), 'put', ['k', 'v'], INIT)),
  observedCase('init7', 'every transaction reads that Init happened', async (network) => {
    const contract = (await initialised(network)).otherChannel(SIDE).getContract(INIT);
    return keysOf(await contract.newProposal('put', { arguments: ['k', 'v'] }).endorse());
  }),
  observedCase('init8', 'evaluation as Init', async (network) => Buffer.from(await newInit(network.as(A)).evaluate()).toString()),
];

/** Several channels, and chaincode that requires Init. */
export const channelAndInitCases = [...channelCases, ...initCases];
