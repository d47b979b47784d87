import { createHash, randomBytes } from 'node:crypto';
import { type Signer } from '../embedded/ports';
import { bytesOf, common, marshal, peer, Timestamp } from '../wire/proto';

/** A call of a (system) chaincode, before anybody has signed it. */
export interface Call {
  /** '' for a call that concerns the peer and no channel. */
  readonly channelId: string;
  readonly chaincode: string;
  readonly args: readonly (Buffer | string)[];
  readonly headerType: 'ENDORSER_TRANSACTION' | 'CONFIG';
}
export interface SignedCall {
  readonly channelId: string;
  readonly transactionId: string;
  readonly proposal: peer.Proposal;
  readonly signed: peer.SignedProposal;
}

function invocation(call: Call): Buffer {
  const id = new peer.ChaincodeID();
  id.setName(call.chaincode);
  const input = new peer.ChaincodeInput();
  input.setArgsList(call.args.map((argument) => Buffer.from(argument)));
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(id);
  spec.setInput(input);
  const invocationSpec = new peer.ChaincodeInvocationSpec();
  invocationSpec.setChaincodeSpec(spec);
  return marshal(invocationSpec);
}

function channelHeader(call: Call, transactionId: string): Buffer {
  const id = new peer.ChaincodeID();
  id.setName(call.chaincode);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(id);
  const now = Date.now();
  const timestamp = new Timestamp();
  timestamp.setSeconds(Math.floor(now / 1000));
  timestamp.setNanos((now % 1000) * 1_000_000);
  const header = new common.ChannelHeader();
  header.setType(common.HeaderType[call.headerType]);
  header.setChannelId(call.channelId);
  header.setTxId(transactionId);
  header.setTimestamp(timestamp);
  header.setExtension$(marshal(extension));
  return marshal(header);
}

/** @remarks Source: fabric protoutil/proputils.go CreateChaincodeProposalWithTxIDNonceAndTransient. */
export function signCall(call: Call, signer: Signer): SignedCall {
  const nonce = randomBytes(24);
  const transactionId = createHash('sha256').update(nonce).update(signer.serializedIdentity).digest('hex');
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(signer.serializedIdentity);
  signatureHeader.setNonce(nonce);
  const header = new common.Header();
  header.setChannelHeader(channelHeader(call, transactionId));
  header.setSignatureHeader(marshal(signatureHeader));
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation(call));
  const proposal = new peer.Proposal();
  proposal.setHeader(marshal(header));
  proposal.setPayload(marshal(payload));
  const signed = new peer.SignedProposal();
  const bytes = marshal(proposal);
  signed.setProposalBytes(bytes);
  signed.setSignature(signer.sign(bytes));
  return { channelId: call.channelId, transactionId, proposal, signed };
}

function endorsedAction(call: SignedCall, payload: Uint8Array, endorsements: readonly peer.Endorsement[]): Buffer {
  const action = new peer.ChaincodeEndorsedAction();
  action.setProposalResponsePayload(payload);
  action.setEndorsementsList([...endorsements]);
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(call.proposal.getPayload_asU8());
  actionPayload.setAction(action);
  return marshal(actionPayload);
}

/**
 * Joins what the endorsers answered into a transaction and signs it. All answers must be the same bytes.
 * @remarks Source: fabric protoutil/txutils.go CreateSignedTx. Only for calls without transient data.
 */
export function signTransaction(call: SignedCall, responses: readonly peer.ProposalResponse[], signer: Signer): common.Envelope {
  const [first] = responses;
  if (!first) throw new Error('a transaction needs an endorsement');
  const payload = bytesOf(first.getPayload_asU8());
  const endorsements = responses.map((response) => {
    const endorsement = response.getEndorsement();
    if (!endorsement || !payload.equals(response.getPayload_asU8())) throw new Error('the endorsers answered differently');
    return endorsement;
  });
  const header = common.Header.deserializeBinary(call.proposal.getHeader_asU8());
  const transactionAction = new peer.TransactionAction();
  transactionAction.setHeader(header.getSignatureHeader_asU8());
  transactionAction.setPayload(endorsedAction(call, payload, endorsements));
  const transaction = new peer.Transaction();
  transaction.setActionsList([transactionAction]);
  const envelopePayload = new common.Payload();
  envelopePayload.setHeader(header);
  envelopePayload.setData(marshal(transaction));
  const bytes = marshal(envelopePayload);
  const envelope = new common.Envelope();
  envelope.setPayload(bytes);
  envelope.setSignature(signer.sign(bytes));
  return envelope;
}
