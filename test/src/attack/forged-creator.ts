import { createHash, randomBytes } from 'node:crypto';
import { bytesOf, common, gateway as gatewayMessages, marshal, msp, peer, type Signer } from '@lianyi/fabric-protocol';
import { type Hospital } from '@lianyi/workbench';
import { type Scenario } from '../scenario/scenario';
import { channelHeaderBytes, statedMillis } from '../support/channel-header';
import { buildRwSet } from '../support/rwset-fixture';
import { transactionPayload } from '../support/transaction-payload';
import { type Asked, endorsementBy, peerOf } from './forged-transaction';

/** Who signs a transaction, under which name, and when that was, as the transaction says. */
export interface Creator {
  readonly signer: Signer;
  readonly mspId: string;
  /** What stands in the place of a certificate. */
  readonly identity: string;
  readonly atMillis: number;
}

/** How the chaincode is called that runs: endorsers name it with its version. */
async function runningChaincode(scenario: Scenario, by: Hospital): Promise<peer.ChaincodeAction> {
  const { channel, chaincode } = scenario.network;
  const { gateway } = await scenario.session(by);
  const asked = JSON.stringify({ input: { mspId: by.member.mspId } });
  const contract = gateway.getNetwork(channel).getContract(chaincode);
  const honest = await contract.newProposal('DirectoryContract:GetOrganisation', { arguments: [asked] }).endorse();
  const prepared = gatewayMessages.PreparedTransaction.deserializeBinary(honest.getBytes());
  const payload = common.Payload.deserializeBinary(prepared.getEnvelope()?.getPayload_asU8() ?? new Uint8Array());
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const content = peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? new Uint8Array());
  const response = content.getAction()?.getProposalResponsePayload_asU8() ?? new Uint8Array();
  return peer.ChaincodeAction.deserializeBinary(peer.ProposalResponsePayload.deserializeBinary(response).getExtension_asU8());
}

export function proposalOf(chaincode: string, { name, argument }: Asked): Buffer {
  const input = new peer.ChaincodeInput();
  input.setArgsList([Buffer.from(name), Buffer.from(argument)]);
  const id = new peer.ChaincodeID();
  id.setName(chaincode);
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(id);
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const proposal = new peer.ChaincodeProposalPayload();
  proposal.setInput(marshal(invocation));
  return marshal(proposal);
}

/**
 * Commits writes that no chaincode has made, in a transaction of a client's own making: some hospitals endorse it with their peers' keys,
 * and the first of them hands it in.
 * @returns Fabric's validation code
 */
export async function commitAs(
  { signer, mspId, identity, atMillis }: Creator,
  scenario: Scenario,
  endorsers: readonly [Hospital, ...Hospital[]],
  asked: Asked,
  writes: Readonly<Record<string, string>>,
): Promise<number> {
  const { chaincode } = scenario.network;
  const serialized = new msp.SerializedIdentity();
  serialized.setMspid(mspId);
  serialized.setIdBytes(Buffer.from(identity));
  const signature = new common.SignatureHeader();
  signature.setCreator(marshal(serialized));
  signature.setNonce(randomBytes(24));
  const transactionId = hashOf(bytesOf(signature.getNonce_asU8()), marshal(serialized)).toString('hex');
  const said = { ...scenario.network, transactionId };
  const headers = [channelHeaderBytes(said, statedMillis(atMillis)), marshal(signature)] as const;
  const proposal = proposalOf(chaincode, asked);
  const executed = await runningChaincode(scenario, endorsers[0]);
  executed.setResults(buildRwSet({ [chaincode]: { writes } }));
  executed.setEvents(new Uint8Array());
  const response = new peer.ProposalResponsePayload();
  response.setProposalHash(hashOf(...headers, proposal));
  response.setExtension$(marshal(executed));
  const responseBytes = marshal(response);
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(responseBytes);
  endorsed.setEndorsementsList(endorsers.map((each) => endorsementBy(peerOf(scenario, each), responseBytes)));
  const content = new peer.ChaincodeActionPayload();
  content.setChaincodeProposalPayload(proposal);
  content.setAction(endorsed);
  const { gateway } = await scenario.session(endorsers[0]);
  const prepared = preparedOf(transactionId, headers, content, signer);
  const committed = await gateway.newTransaction(bytesOf(prepared.serializeBinary())).submit();
  return (await committed.getStatus()).code;
}

function preparedOf(
  transactionId: string,
  [channelHeader, signatureHeader]: readonly [Buffer, Buffer],
  content: peer.ChaincodeActionPayload,
  signer: Signer,
): gatewayMessages.PreparedTransaction {
  const bytes = transactionPayload({ channelHeader, signatureHeader }, content);
  const envelope = new common.Envelope();
  envelope.setPayload(bytes);
  envelope.setSignature(signer.sign(bytes));
  const prepared = new gatewayMessages.PreparedTransaction();
  prepared.setTransactionId(transactionId);
  prepared.setEnvelope(envelope);
  return prepared;
}

function hashOf(...parts: readonly Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}
