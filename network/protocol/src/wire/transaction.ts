import { createHash, randomBytes } from 'node:crypto';
import { computeTxId } from './envelope';
import {
  decode,
  MalformedMessage,
  outlineProposal,
  type ProposalOutline,
  type SignedBytes,
  unpackProposal,
  withoutTransient,
} from './proposal';
import { bytesOf, common, marshal, peer, Timestamp } from './proto';

/** Whoever signs: certificate and key stay with the caller. */
interface ProposalSigner {
  readonly serializedIdentity: Buffer;
  sign(bytes: Buffer): Buffer;
}

export interface NewProposal {
  readonly channelId: string;
  readonly chaincode: string;
  readonly args: readonly Buffer[];
  /** Asks for the chaincode's Init, where its definition requires one. */
  readonly isInit?: boolean;
  /** Seen by the endorsers only; never in the transaction. */
  readonly transient?: ReadonlyMap<string, Buffer>;
}

/** Builds and signs a proposal as a client does. */
export function newSignedProposal(
  request: NewProposal,
  signer: ProposalSigner,
  nowMillis: number,
): SignedBytes & { readonly txId: string } {
  const nonce = randomBytes(24);
  const txId = computeTxId(nonce, signer.serializedIdentity);
  const header = new common.Header();
  header.setChannelHeader(channelHeader(request, txId, nowMillis));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(signer.serializedIdentity);
  signatureHeader.setNonce(nonce);
  header.setSignatureHeader(marshal(signatureHeader));
  const proposal = new peer.Proposal();
  proposal.setHeader(marshal(header));
  proposal.setPayload(proposalPayload(request));
  const proposalBytes = marshal(proposal);
  return { txId, proposalBytes, signature: signer.sign(proposalBytes) };
}

function channelHeader({ channelId, chaincode }: NewProposal, txId: string, nowMillis: number): Buffer {
  const header = new common.ChannelHeader();
  header.setType(common.HeaderType.ENDORSER_TRANSACTION);
  header.setTxId(txId);
  header.setChannelId(channelId);
  const timestamp = new Timestamp();
  timestamp.setSeconds(Math.floor(nowMillis / 1000));
  timestamp.setNanos((nowMillis % 1000) * 1_000_000);
  header.setTimestamp(timestamp);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId(chaincode));
  header.setExtension$(marshal(extension));
  return marshal(header);
}

function proposalPayload({ chaincode, args, isInit = false, transient }: NewProposal): Buffer {
  const input = new peer.ChaincodeInput();
  input.setArgsList([...args]);
  input.setIsInit(isInit);
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(chaincodeId(chaincode));
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(marshal(invocation));
  for (const [key, value] of transient ?? []) payload.getTransientmapMap().set(key, value);
  return marshal(payload);
}

function chaincodeId(name: string, version = ''): peer.ChaincodeID {
  const id = new peer.ChaincodeID();
  id.setName(name);
  id.setVersion(version);
  return id;
}

interface ExecutionResult {
  readonly proposalHash: Buffer;
  /** Marshalled TxReadWriteSet; empty for chaincode that runs without a simulator. */
  readonly publicRwset: Buffer;
  /** Marshalled ChaincodeEvent; empty if none. */
  readonly event: Buffer;
  readonly response: peer.Response;
  readonly chaincode: string;
  readonly version: string;
}

/** The bytes every endorser of a transaction must agree on: a marshalled ProposalResponsePayload. */
export function proposalResponsePayload(result: ExecutionResult): Buffer {
  const action = new peer.ChaincodeAction();
  action.setResults(result.publicRwset);
  action.setEvents(result.event);
  action.setResponse(result.response);
  action.setChaincodeId(chaincodeId(result.chaincode, result.version));
  const payload = new peer.ProposalResponsePayload();
  payload.setProposalHash(result.proposalHash);
  payload.setExtension$(marshal(action));
  return marshal(payload);
}

/** What the client's result is read from: the response inside the endorsed action. */
export function resultOfPayload(payload: Buffer): Buffer {
  const action = peer.ChaincodeAction.deserializeBinary(peer.ProposalResponsePayload.deserializeBinary(payload).getExtension_asU8());
  return Buffer.from(action.getResponse()?.getPayload_asU8() ?? []);
}

/**
 * The unsigned transaction: the proposal's header unchanged, its payload without transient data, the endorsed action.
 * @remarks Source: internal/pkg/gateway/submit.go prepareTransaction.
 */
export function prepareTransaction(
  outline: Pick<ProposalOutline, 'header' | 'payload'>,
  payload: Buffer,
  endorsements: readonly peer.Endorsement[],
): common.Envelope {
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(payload);
  endorsed.setEndorsementsList([...endorsements]);
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(withoutTransient(outline.payload));
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(outline.header.getSignatureHeader_asU8());
  action.setPayload(marshal(actionPayload));
  const transaction = new peer.Transaction();
  transaction.addActions(action);
  const body = new common.Payload();
  body.setHeader(outline.header);
  body.setData(marshal(transaction));
  const envelope = new common.Envelope();
  envelope.setPayload(marshal(body));
  return envelope;
}

/** Two peers that should have answered alike did not: one of them is a block behind, or runs other code. */
export class EndorsersDisagree extends Error {
  override readonly name = 'EndorsersDisagree';
}

/** What one endorser answered. */
export interface Endorsed {
  /** Marshalled ProposalResponsePayload. */
  readonly payload: Uint8Array;
  readonly endorsement: peer.Endorsement | undefined;
}

/**
 * Takes out of a transaction that somebody else put together what the endorsers said of a proposal. The rest of it counts for nothing:
 * whoever signs makes the transaction anew, with {@link assembleTransaction}.
 * @throws {@link MalformedMessage} - it cannot be read, has no endorsement, or is about another proposal.
 */
export function endorsedIn(envelope: common.Envelope, proposal: SignedBytes): readonly Endorsed[] {
  const body = decode('Payload', common.Payload, envelope.getPayload_asU8());
  const actions = decode('Transaction', peer.Transaction, body.getData_asU8()).getActionsList();
  const [action] = actions;
  if (action === undefined || actions.length > 1)
    throw new MalformedMessage(`the transaction has ${actions.length} actions instead of one`);
  const endorsed = decode('ChaincodeActionPayload', peer.ChaincodeActionPayload, action.getPayload_asU8()).getAction();
  const payload = endorsed?.getProposalResponsePayload_asU8() ?? new Uint8Array();
  const { proposalHash } = unpackProposal(proposal);
  if (!proposalHash.equals(decode('ProposalResponsePayload', peer.ProposalResponsePayload, payload).getProposalHash_asU8()))
    throw new MalformedMessage('the transaction is about another proposal');
  const endorsements = endorsed?.getEndorsementsList() ?? [];
  if (endorsements.length === 0) throw new MalformedMessage('nobody endorsed the transaction');
  return endorsements.map((endorsement) => ({ payload, endorsement }));
}

/**
 * Joins what the endorsers answered, which must be the same bytes, into a transaction and signs it.
 * @throws {@link EndorsersDisagree}
 */
export function assembleTransaction(
  proposal: SignedBytes,
  endorsed: readonly Endorsed[],
  signer: Pick<ProposalSigner, 'sign'>,
): common.Envelope {
  const payload = bytesOf(endorsed[0]?.payload ?? new Uint8Array());
  const endorsements = endorsed.map((each) => {
    if (!each.endorsement || !payload.equals(each.payload)) throw new EndorsersDisagree('the endorsers answered differently');
    return each.endorsement;
  });
  return signEnvelope(prepareTransaction(outlineProposal(proposal), payload, endorsements), signer);
}

/** Signs an envelope's payload in place. */
function signEnvelope(envelope: common.Envelope, signer: Pick<ProposalSigner, 'sign'>): common.Envelope {
  envelope.setSignature(signer.sign(bytesOf(envelope.getPayload_asU8())));
  return envelope;
}

export function sha256OfBytes(bytes: Buffer | string): Buffer {
  return createHash('sha256').update(bytes).digest();
}
