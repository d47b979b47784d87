import { createHash } from 'node:crypto';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { UntrustedGateway } from '@lianyi/domain';

/** What the client built itself and therefore trusts. */
export interface ProposedCall {
  /** Marshalled `gateway.ProposedTransaction`. */
  readonly proposedTransaction: Uint8Array;
  readonly chaincodeName: string;
}

interface BuiltProposal {
  readonly transactionId: string;
  readonly header: common.Header;
  /** The chaincode proposal payload as it may enter a block: without the transient map. */
  readonly publicPayload: Uint8Array;
}

/**
 * Checks that the transaction a gateway peer hands back for signing is the one that was proposed.
 *
 * The gateway chooses the bytes the client signs, and a transaction envelope's payload also parses as a proposal, so
 * a look at single fields is not enough. Only two things may come from outside, the endorsed response
 * and the endorsements; everything else is rebuilt from our own proposal and must be equal byte for byte.
 * @throws {@link UntrustedGateway} if one byte differs or the endorsed response answers another proposal.
 */
export function verifyPreparedTransaction(call: ProposedCall, preparedTransaction: Uint8Array): void {
  const built = readProposal(call.proposedTransaction);
  const refuse = (what: string): UntrustedGateway => new UntrustedGateway(what, built.transactionId);
  const prepared = parsed(() => gateway.PreparedTransaction.deserializeBinary(preparedTransaction), refuse);
  const payload = prepared.getEnvelope()?.getPayload_asU8() ?? new Uint8Array(0);
  const action = parsed(() => endorsedAction(payload), refuse);

  if (!equalBytes(payload, rebuild(built, action))) throw refuse('the transaction to sign is not the one that was proposed');
  if (action.getEndorsementsList().length === 0) throw refuse('the transaction to sign carries no endorsement');
  const fault = parsed(() => faultOfResponse(built, call.chaincodeName, action.getProposalResponsePayload_asU8()), refuse);
  if (fault !== undefined) throw refuse(fault);
}

function readProposal(proposedTransaction: Uint8Array): BuiltProposal {
  const proposed = gateway.ProposedTransaction.deserializeBinary(proposedTransaction);
  const proposal = peer.Proposal.deserializeBinary(proposed.getProposal()?.getProposalBytes_asU8() ?? new Uint8Array(0));
  const publicPayload = new peer.ChaincodeProposalPayload();
  publicPayload.setInput(peer.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8()).getInput_asU8());
  return {
    transactionId: proposed.getTransactionId(),
    header: common.Header.deserializeBinary(proposal.getHeader_asU8()),
    publicPayload: publicPayload.serializeBinary(),
  };
}

function endorsedAction(payload: Uint8Array): peer.ChaincodeEndorsedAction {
  const transaction = peer.Transaction.deserializeBinary(common.Payload.deserializeBinary(payload).getData_asU8());
  const [first] = transaction.getActionsList();
  const action = peer.ChaincodeActionPayload.deserializeBinary(first?.getPayload_asU8() ?? new Uint8Array(0)).getAction();
  if (action === undefined) throw new Error('no endorsed action');
  return action;
}

/** The envelope payload as Fabric's protoutil.CreateSignedTx lays it out. */
function rebuild(built: BuiltProposal, outside: peer.ChaincodeEndorsedAction): Uint8Array {
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(outside.getProposalResponsePayload_asU8());
  endorsed.setEndorsementsList(outside.getEndorsementsList());
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(built.publicPayload);
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(built.header.getSignatureHeader_asU8());
  action.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([action]);
  const payload = new common.Payload();
  payload.setHeader(built.header);
  payload.setData(transaction.serializeBinary());
  return payload.serializeBinary();
}

function faultOfResponse(built: BuiltProposal, chaincodeName: string, responsePayload: Uint8Array): string | undefined {
  const response = peer.ProposalResponsePayload.deserializeBinary(responsePayload);
  // protoutil.GetProposalHash1: both headers and the payload without the transient map
  const proposalHash = createHash('sha256')
    .update(built.header.getChannelHeader_asU8())
    .update(built.header.getSignatureHeader_asU8())
    .update(built.publicPayload)
    .digest();
  if (!equalBytes(response.getProposalHash_asU8(), proposalHash)) return 'the endorsed response answers another proposal';
  const chaincodeAction = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
  if (chaincodeAction.getChaincodeId()?.getName() !== chaincodeName) return 'the endorsed response is of another chaincode';
  return undefined;
}

function parsed<T>(parse: () => T, refuse: (what: string) => UntrustedGateway): T {
  try {
    return parse();
  } catch {
    // the parser's message may quote bytes of the peer's choosing
    throw refuse('the transaction to sign cannot be parsed');
  }
}

function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
